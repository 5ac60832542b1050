//! Messages that are held back, and where those are that were.

use super::Read;
use crate::store::{
    Scope, StoreError,
    ids::{self, is_held},
    sql::{count, document, id, integer, millis},
};
use rusqlite::{OptionalExtension, Row, params};
use shared::{ConversationId, MessageId, Millis, message::Message};

/// What there is to do about held messages at some moment.
#[derive(Debug)]
pub struct Held {
    /// All that wait.
    pub waiting: u64,
    /// Some are due.
    pub is_due: bool,
    /// Whose authors seem to type now.
    pub typists: Vec<Typist>,
    /// When there is something to do next.
    pub next: Option<Millis>,
}

/// A held message that is nearly due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typist {
    pub message: MessageId,
    pub conversation: ConversationId,
    /// The author's name, as the contact reads it.
    pub name: Option<String>,
    pub due_at: Millis,
}

impl Read<'_> {
    /// # Errors
    /// A failure of the database.
    pub fn held(&self, now: Millis) -> Result<Held, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM held_messages WHERE due_at IS NOT NULL),
                    (SELECT min(due_at) FROM held_messages WHERE due_at IS NOT NULL),
                    (SELECT min(typing_at) FROM held_messages WHERE due_at IS NOT NULL AND typing_at > ?1)",
        )?;
        let moment = |row: &Row<'_>, column| -> rusqlite::Result<Option<Millis>> {
            row.get::<_, Option<i64>>(column)?.map(|_| millis(row, column)).transpose()
        };
        let (waiting, due, typing) = statement
            .query_row([integer(now.0)], |row| Ok((count(row, 0)?, moment(row, 1)?, moment(row, 2)?)))?;
        Ok(Held {
            waiting,
            is_due: due.is_some_and(|due| due <= now),
            typists: self.typists(now)?,
            next: due.into_iter().chain(typing).min(),
        })
    }

    fn typists(&self, now: Millis) -> Result<Vec<Typist>, StoreError> {
        // By the time of typing, which few have reached: `+` keeps the index of the other time out of it.
        let mut statement = self.connection.prepare_cached(
            "SELECT h.id, c.id, h.data ->> 'name', h.due_at FROM held_messages h
             JOIN conversations c ON c.key = h.conversation
             WHERE h.due_at IS NOT NULL AND h.typing_at <= ?1 AND +h.due_at > ?1",
        )?;
        let typists = statement.query_map([integer(now.0)], |row| {
            Ok(Typist {
                message: id(row, 0)?,
                conversation: id(row, 1)?,
                name: row.get(2)?,
                due_at: millis(row, 3)?,
            })
        })?;
        Ok(typists.collect::<rusqlite::Result<_>>()?)
    }

    /// A message that is held, or was refused when it was due.
    pub(super) fn held_message(&self, scope: Scope, id: MessageId) -> Result<Option<Message>, StoreError> {
        if !is_held(id) {
            return Ok(None);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT h.data FROM held_messages h JOIN conversations c ON c.key = h.conversation
             WHERE h.id = ?1 AND (?2 IS NULL OR c.organization = ?2)",
        )?;
        let data: Option<String> =
            statement.query_row(params![id.as_bytes(), scope.parameter()], |row| row.get(0)).optional()?;
        Ok(data.map(|data| document("held message", &data)).transpose()?)
    }

    /// Where a message is, if it has a place.
    pub(in crate::store) fn position_of(&self, id: MessageId) -> Result<Option<u64>, StoreError> {
        if !is_held(id) {
            return Ok(Some(ids::position_of(id)));
        }
        let mut statement = self.connection.prepare_cached("SELECT pos FROM held_places WHERE id = ?1")?;
        Ok(statement.query_row([id.as_bytes()], |row| count(row, 0)).optional()?)
    }
}
