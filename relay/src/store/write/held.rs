//! Messages with a delay: checked and kept whole when they are accepted, and stored like any other when they are due. Both
//! are transactions, so a message is held or said, never both and never neither.

use super::{Write, append::Stored};
use crate::store::{
    Author, StoreError,
    ids::held_id,
    sql::{document, integer, json},
};
use rusqlite::{OptionalExtension, params};
use shared::{
    ClientKey, Error, MessageId, Millis, Seq,
    message::{Message, MessageStatus, Role},
};

/// Messages of one conversation that are held at a time: ten of the largest requests.
const MOST: u64 = 1_000;
/// A text of more characters, or a delay of more milliseconds, is typed for longer.
const LONG_TEXT: usize = 40;
const LONG_DELAY: Millis = Millis(2_000);
/// How long its author seems to type before a message is due.
const TYPED: Millis = Millis(1_000);
const TYPED_LONG: Millis = Millis(2_000);

impl Write<'_> {
    /// Stores what is due at `now`, oldest first, at most `most`. What cannot be stored any more has failed: it keeps its id
    /// and says so. Returns how many messages are held no longer.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn release(&mut self, now: Millis, most: u32) -> Result<usize, StoreError> {
        let mut statement = self.statement(
            "SELECT number, data FROM held_messages WHERE due_at <= ?1 ORDER BY due_at, number LIMIT ?2",
        )?;
        let due = statement.query_map(params![integer(now.0), most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let due: Vec<(i64, String)> = due.collect::<rusqlite::Result<_>>()?;
        for (number, data) in &due {
            let said = match document::<Message>("held message", data) {
                Ok(message) => self.atomically(|write| write.say_held(*number, message, now)).map(drop),
                // One that cannot be read holds up no others.
                Err(failure) => Err(Error::invalid("delay", failure.to_string()).into()),
            };
            match said {
                Ok(()) => {}
                Err(StoreError::Refused(error)) => {
                    tracing::warn!(number, code = %error.code, "a held message cannot be said");
                    self.fail_held(*number)?;
                }
                Err(error @ StoreError::Failed(_)) => return Err(error),
            }
        }
        self.memory.has_held |= !due.is_empty();
        Ok(due.len())
    }

    /// The message that is held in this conversation (its key) under this client key.
    pub(super) fn held_under(
        &self,
        (conversation, client_key): &(i64, ClientKey),
    ) -> Result<Option<Message>, StoreError> {
        let mut statement =
            self.statement("SELECT data FROM held_messages WHERE conversation = ?1 AND client_key = ?2")?;
        let data: Option<String> =
            statement.query_row(params![conversation, client_key.as_str()], |row| row.get(0)).optional()?;
        Ok(data.map(|data| document("held message", &data)).transpose()?)
    }

    /// Keeps a message that was checked until it is due.
    pub(super) fn hold(&mut self, mut message: Message, due: Millis) -> Result<Message, StoreError> {
        let head = self.memory.head(self.read.connection, message.organization, message.conversation)?;
        if head.held >= MOST {
            let what = format!("the conversation has {MOST} messages that wait; no more are allowed");
            return Err(Error::invalid("delay", what).into());
        }
        let key = head.key;
        message.id = held_id(self.memory.ids.next(message.created_at));
        message.seq = Seq::ZERO;
        message.status = MessageStatus::Held;
        let data = json(&message);
        let mut statement = self.statement(
            "INSERT INTO held_messages (id, conversation, client_key, data, typing_at, due_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING number",
        )?;
        let typing = due.since(typed(&message));
        let number: i64 = statement.query_row(
            params![
                message.id.as_bytes(),
                key,
                message.client_key.as_ref().map(ClientKey::as_str),
                data,
                integer(typing.0),
                integer(due.0),
            ],
            |row| row.get(0),
        )?;
        self.name_files(message.organization, -number, [Some(&data), None])?;
        self.memory.hold(message.conversation, |held| held + 1);
        Ok(message)
    }

    /// A held message says something else now.
    pub(super) fn change_held(&mut self, message: &Message) -> Result<(), StoreError> {
        let data = json(message);
        let mut statement = self.statement(
            "UPDATE held_messages SET data = ?2, typing_at = due_at - ?3 WHERE id = ?1 RETURNING number",
        )?;
        let number: i64 = statement
            .query_row(params![message.id.as_bytes(), data, integer(typed(message).0)], |row| row.get(0))?;
        self.statement("DELETE FROM file_messages WHERE message = ?1")?.execute([-number])?;
        self.name_files(message.organization, -number, [Some(&data), None])?;
        self.memory.has_held = true;
        Ok(())
    }

    /// A message that is held, or failed, will not be said.
    pub(super) fn drop_held(&mut self, message: &Message) -> Result<(), StoreError> {
        self.memory.head(self.read.connection, message.organization, message.conversation)?;
        self.memory.hold(message.conversation, |held| held.saturating_sub(1));
        self.statement("DELETE FROM held_messages WHERE id = ?1")?.execute([message.id.as_bytes()])?;
        Ok(())
    }

    /// The entry at this position was held under this id.
    pub(super) fn note_place(&self, id: MessageId, position: u64) -> Result<(), StoreError> {
        let mut statement = self.statement("INSERT INTO held_places (id, pos) VALUES (?1, ?2)")?;
        statement.execute(params![id.as_bytes(), integer(position)])?;
        Ok(())
    }

    fn say_held(&mut self, number: i64, mut message: Message, now: Millis) -> Result<Stored, StoreError> {
        self.memory.head(self.read.connection, message.organization, message.conversation)?;
        self.memory.hold(message.conversation, |held| held.saturating_sub(1));
        // First, or it would find itself under its client key.
        self.statement("DELETE FROM held_messages WHERE number = ?1")?.execute([number])?;
        message.status = MessageStatus::Sent;
        message.created_at = now;
        message.updated_at = now;
        // The relay speaks for its author, whose name was looked up when it was accepted.
        self.place(&Author::System, message, now)
    }

    fn fail_held(&mut self, number: i64) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "UPDATE held_messages SET typing_at = NULL, due_at = NULL, data = json_set(data, '$.status', 'failed')
             WHERE number = ?1",
        )?;
        statement.execute([number])?;
        Ok(())
    }
}

/// How long the contact sees its author typing.
fn typed(message: &Message) -> Millis {
    let is_said_to_contact =
        message.kind.is_speech() && message.role == Role::Agent && !message.is_backchannel;
    let delay = Millis(message.delay.unwrap_or_default());
    if !is_said_to_contact {
        return Millis(0);
    }
    let is_long = message.text.chars().count() > LONG_TEXT || delay > LONG_DELAY;
    let typed = if is_long { TYPED_LONG } else { TYPED };
    typed.min(delay)
}
