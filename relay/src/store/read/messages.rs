//! The log of a conversation and the stream of an organization, as messages, as a visitor's entries, and
//! as the frames of both.

use super::{
    Read,
    rows::{Logged, MESSAGE_COLUMNS, MESSAGES, logged},
};
use crate::store::{
    Scope, StoreError, frames,
    ids::message_id,
    sql::{count, integer},
};
use axum::extract::ws::Utf8Bytes;
use rusqlite::{Params, params};
use shared::{
    ConversationId, Error, MessageId, OrganizationId, Seq,
    message::{Message, MessageType, Revision},
    wire::Entry,
};

/// Which part of a log is read. The answer is oldest first in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    After(Seq),
    Before(Seq),
    Newest,
}

impl Read<'_> {
    /// A message by its id, held or said. One that was held is also found by the id that its place would have given it:
    /// that is what its event has.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn message(&self, scope: Scope, id: MessageId) -> Result<Message, StoreError> {
        if let Some(held) = self.held_message(scope, id)? {
            return Ok(held);
        }
        let position = self.position_of(id)?.ok_or_else(|| Error::not_found("message", id))?;
        let sql = format!(
            "SELECT {MESSAGE_COLUMNS} FROM {MESSAGES}
             WHERE m.pos = ?1 AND (?2 IS NULL OR c.organization = ?2)"
        );
        let found = self.logged(&sql, params![integer(position), scope.parameter()])?;
        let mut found = found.into_iter().map(|logged| logged.message);
        let message =
            found.find(|message| message.id == id || message_id(message.created_at, position) == id);
        message.ok_or_else(|| Error::not_found("message", id).into())
    }

    /// Up to `most` messages of a conversation.
    ///
    /// # Errors
    /// `not_found` for the conversation, or a failure of the database.
    pub fn messages(
        &self,
        scope: Scope,
        conversation: ConversationId,
        window: Window,
        most: usize,
    ) -> Result<Vec<Message>, StoreError> {
        self.owner(scope, conversation)?;
        let log = self.log(conversation, window, most)?;
        Ok(log.into_iter().map(|logged| logged.message).collect())
    }

    /// Up to `most` entries of a conversation, as its visitor gets them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entries(
        &self,
        conversation: ConversationId,
        window: Window,
        most: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let log = self.log(conversation, window, most)?;
        log.iter().map(|logged| self.entry(&logged.message)).collect()
    }

    /// What its visitor gets of a message. Where that says that another was changed, with the other as it is now.
    fn entry(&self, message: &Message) -> Result<Entry, StoreError> {
        let mut entry = Entry::of(message);
        if message.kind == MessageType::Status
            && let Some(Revision::Update { message, .. } | Revision::Delete { message, .. }) =
                Revision::of(message)
            && let Some(position) = self.position_of(message)?
            && let Some(revised) = self.at(position)?
        {
            let revised = Entry::of(&revised.message);
            let is_for_visitor = revised.message.is_some() || revised.gone.is_some();
            entry.revised = is_for_visitor.then(|| Box::new(revised));
        }
        Ok(entry)
    }

    /// The newest position that was ever given: where a stream starts that wants only what happens from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cursor(&self) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT max(ifnull((SELECT max(pos) FROM messages), 0), ifnull((SELECT max(pos) FROM retired_positions), 0))",
        )?;
        Ok(statement.query_row((), |row| count(row, 0))?)
    }

    pub(in crate::store) fn visitor_frames(
        &self,
        conversation: ConversationId,
        after: Seq,
        most: usize,
    ) -> Result<Vec<(Seq, Utf8Bytes)>, StoreError> {
        let mut buffer = Vec::new();
        let log = self.log(conversation, Window::After(after), most)?;
        let mut frame = |logged: &Logged| {
            let entry = self.entry(&logged.message)?;
            Ok((entry.seq, frames::entry_frame(entry, &mut buffer)))
        };
        log.iter().map(&mut frame).collect()
    }

    pub(in crate::store) fn event_frames(
        &self,
        organization: OrganizationId,
        after: u64,
        most: usize,
    ) -> Result<Vec<(u64, Utf8Bytes)>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE_COLUMNS} FROM {MESSAGES}
             WHERE m.organization = (SELECT key FROM organizations WHERE id = ?1) AND m.pos > ?2
             ORDER BY m.pos LIMIT ?3"
        );
        let events =
            self.logged(&sql, params![organization.as_bytes(), integer(after), integer(most as u64)])?;
        let mut buffer = Vec::new();
        Ok(events.iter().map(|logged| (logged.cursor, frames::event(logged, &mut buffer))).collect())
    }

    /// The entry at a position that was given; none when it is being erased.
    pub(in crate::store) fn at(&self, position: u64) -> Result<Option<Logged>, StoreError> {
        let sql = format!("SELECT {MESSAGE_COLUMNS} FROM {MESSAGES} WHERE m.pos = ?1");
        Ok(self.logged(&sql, [integer(position)])?.into_iter().next())
    }

    fn log(
        &self,
        conversation: ConversationId,
        window: Window,
        most: usize,
    ) -> Result<Vec<Logged>, StoreError> {
        let mut log = match window {
            Window::After(seq) => {
                let mut log = self.filed(conversation, (">", "ASC"), integer(seq.0), most)?;
                log.extend(self.unfiled(conversation, (">", "ASC"), integer(seq.0), most - log.len())?);
                return Ok(log);
            }
            Window::Before(seq) => self.newest(conversation, integer(seq.0), most)?,
            Window::Newest => self.newest(conversation, i64::MAX, most)?,
        };
        log.reverse();
        Ok(log)
    }

    /// The entries before `seq`, newest first.
    fn newest(&self, conversation: ConversationId, seq: i64, most: usize) -> Result<Vec<Logged>, StoreError> {
        let mut log = self.unfiled(conversation, ("<", "DESC"), seq, most)?;
        log.extend(self.filed(conversation, ("<", "DESC"), seq, most - log.len())?);
        Ok(log)
    }

    /// From the table by conversation.
    fn filed(
        &self,
        conversation: ConversationId,
        (bound, order): (&str, &str),
        seq: i64,
        most: usize,
    ) -> Result<Vec<Logged>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE_COLUMNS} FROM conversations c
             JOIN message_places p ON p.conversation = c.key JOIN messages m ON m.pos = p.pos
             WHERE c.id = ?1 AND c.status <> 'erased' AND p.seq {bound} ?2 ORDER BY p.seq {order} LIMIT ?3"
        );
        self.logged(&sql, params![conversation.as_bytes(), seq, integer(most as u64)])
    }

    /// From the end of the table, where what is not filed yet is: newer than all that is, and in the same order
    /// by position as by `seq`.
    fn unfiled(
        &self,
        conversation: ConversationId,
        (bound, order): (&str, &str),
        seq: i64,
        most: usize,
    ) -> Result<Vec<Logged>, StoreError> {
        let sql = format!(
            "SELECT {MESSAGE_COLUMNS} FROM {MESSAGES}
             WHERE m.pos > (SELECT up_to FROM filing)
               AND m.conversation = (SELECT key FROM conversations WHERE id = ?1) AND m.seq {bound} ?2
             ORDER BY m.pos {order} LIMIT ?3"
        );
        self.logged(&sql, params![conversation.as_bytes(), seq, integer(most as u64)])
    }

    fn logged(&self, sql: &str, parameters: impl Params) -> Result<Vec<Logged>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(logged(row)?);
        }
        Ok(found)
    }
}
