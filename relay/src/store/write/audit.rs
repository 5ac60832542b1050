//! Administrative acts are noted in the transaction that carries them out.

use super::Write;
use crate::{
    app,
    model::{Act, Actor},
    store::{
        Record, StoreError,
        sql::{integer, json},
    },
};
use rusqlite::params;
use shared::{Millis, OrganizationId};
use std::fmt;

impl Write<'_> {
    /// Another piece of work begins, nobody's so far.
    pub(in crate::store) fn begin(&mut self) {
        self.actor = None;
    }

    /// Whatever is administered in the rest of this work is this one's doing.
    pub fn on_behalf_of(&mut self, actor: Actor) {
        self.actor = Some(actor);
    }

    /// Notes an act. What nobody does, the relay itself or a visitor, is no administration.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit(
        &mut self,
        organization: Option<OrganizationId>,
        action: &str,
        subject: impl fmt::Display,
    ) -> Result<(), StoreError> {
        let Some(actor) = self.actor.clone() else { return Ok(()) };
        let now = app::now();
        let (id, action, subject) = (self.new_id(now), action.to_owned(), subject.to_string());
        let act = Act { id, organization, action, subject, actor, created_at: now };
        self.statement(Act::SQL.insert)?.execute(params![
            act.id.as_bytes(),
            organization.map(|id| *id.as_bytes()),
            json(&act)
        ])?;
        Ok(())
    }

    /// The same for a record, where making and changing such is administration.
    pub(super) fn audit_record<R: Record>(&mut self, record: &R, change: &str) -> Result<(), StoreError> {
        if !R::IS_ADMINISTERED {
            return Ok(());
        }
        self.audit(record.organization(), &format!("{}.{change}", R::KIND), record.id())
    }

    /// Removes up to `most` acts that are older; returns how many those were.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_acts(&mut self, before: Millis, most: usize) -> Result<usize, StoreError> {
        let mut statement = self.statement(
            "DELETE FROM audit WHERE key IN
                 (SELECT key FROM audit WHERE json_extract(data, '$.createdAt') < ?1 LIMIT ?2)",
        )?;
        Ok(statement.execute(params![before.to_string(), integer(most as u64)])?)
    }
}
