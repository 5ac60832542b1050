//! Writing, inside the writer's transaction. A `Write` reads what the transaction has written so far.

mod append;
mod audit;
mod categories;
mod commands;
mod conversations;
mod erasure;
mod files;
mod held;
mod outbox;
mod passwords;
mod results;
mod revisions;
mod tokens;
mod visitors;
mod webhooks;

pub(super) use append::Stored;
pub use conversations::NewConversation;
pub use erasure::Swept;
pub use tokens::Answer;
pub use visitors::LINK_LIFE;
pub use webhooks::{Attempted, Outcome};

use self::outbox::Subject;
use super::{
    Failure, Read, Record, Scope, StoreError,
    memory::Memory,
    sql::{StoredId, json},
};
use crate::model::{Actor, Conversation};
use rusqlite::{CachedStatement, Connection, params};
use shared::{ConversationId, Error, Millis};
use std::ops::Deref;

/// The transaction of the group that is being written.
pub struct Write<'a> {
    read: Read<'a>,
    memory: &'a mut Memory,
    /// Whose doing this is, where it is somebody's who administers.
    actor: Option<Actor>,
}

impl std::fmt::Debug for Write<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Write").finish_non_exhaustive()
    }
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

impl<'a> Write<'a> {
    pub(super) fn new(connection: &'a Connection, memory: &'a mut Memory) -> Self {
        Self { read: Read::new(connection), memory, actor: None }
    }

    /// An id that nobody has.
    pub fn new_id<T: StoredId>(&mut self, now: Millis) -> T {
        T::from_stored(self.memory.ids.next(now))
    }

    /// The conversation as this transaction has left it so far.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn conversation(&mut self, scope: Scope, id: ConversationId) -> Result<Conversation, StoreError> {
        self.flush()?;
        self.read.conversation(scope, id)
    }

    /// Stores a new record.
    ///
    /// # Errors
    /// A failure of the database, also when it refers to an organization that does not exist.
    pub fn insert<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        self.execute_record(R::SQL.insert, record)?;
        self.audit_record(record, "create")?;
        if let Some(organization) = record.organization() {
            self.memory.forget_rules(organization);
            self.announce(organization, &format!("{}.create", R::KIND), Subject::of(record))?;
        }
        Ok(())
    }

    /// Replaces a record, whole.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn update<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        if let Some(organization) = record.organization() {
            self.memory.forget_rules(organization);
        }
        if self.execute_record(R::SQL.update, record)? == 0 {
            return Err(Error::not_found(R::KIND, record.id()).into());
        }
        self.audit_record(record, "update")?;
        match record.organization() {
            Some(organization) => {
                self.announce(organization, &format!("{}.update", R::KIND), Subject::of(record))
            }
            None => Ok(()),
        }
    }

    /// Deletes a record. What refers to it keeps its id.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database, also when the schema says that others need it.
    pub fn delete<R: Record>(&mut self, scope: Scope, id: R::Id) -> Result<(), StoreError> {
        let record: R = self.get(scope, id)?;
        self.statement(R::SQL.delete)?.execute(params![id.stored(), scope.parameter()])?;
        self.audit_record(&record, "delete")?;
        match record.organization() {
            Some(organization) => {
                self.memory.forget_rules(organization);
                self.announce(organization, &format!("{}.delete", R::KIND), Subject::of(&record))
            }
            None => Ok(()),
        }
    }

    fn execute_record<R: Record>(&mut self, sql: &str, record: &R) -> Result<usize, StoreError> {
        let mut statement = self.statement(sql)?;
        let organization = record.organization().map(|id| *id.as_bytes());
        let document = json(record);
        let changed = statement.execute(params![record.id().stored(), organization, document])?;
        self.keep_files(record.organization(), &document)?;
        Ok(changed)
    }

    /// Runs `work` so that it happens whole or not at all.
    pub(super) fn atomically<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.flush()?;
        self.control("SAVEPOINT work")?;
        let mark = self.memory.mark();
        let done = work(self);
        if done.is_err() {
            self.memory.undo(mark);
            self.control("ROLLBACK TO work")?;
        }
        self.control("RELEASE work")?;
        done
    }

    /// Writes the conversations' rows that memory is ahead of.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        check_transaction(self.read.connection)?;
        self.memory.flush(self.read.connection)
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'a>, StoreError> {
        statement(self.read.connection, sql)
    }

    fn control(&self, sql: &str) -> Result<(), StoreError> {
        self.statement(sql)?.execute(())?;
        Ok(())
    }
}

/// A statement that changes something.
fn statement<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
    check_transaction(connection)?;
    Ok(connection.prepare_cached(sql)?)
}

/// SQLite takes the whole transaction back when the disk is full. What is written then would be committed, one
/// statement at a time.
fn check_transaction(connection: &Connection) -> Result<(), Failure> {
    if connection.is_autocommit() { Err(Failure::TakenBack) } else { Ok(()) }
}
