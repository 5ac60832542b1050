//! What happens besides entries of logs, for those who want to be told: a row in the transaction of the change,
//! with a place in the organizations' stream. Where nobody wants to be told, nothing is written.

use super::Write;
use crate::{
    app,
    model::User,
    store::{
        Record, StoreError,
        sql::{StoredId, integer},
    },
};
use rusqlite::params;
use shared::{ChannelId, ConversationId, Millis, OrganizationId, message::Message};

/// How long an event waits for those who are to be told: longer than a webhook can fail without being disabled.
const KEPT: Millis = Millis(48 * 3_600_000);

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    /// What it is ordered with.
    lane: [u8; 12],
    id: Option<[u8; 12]>,
}

impl Subject {
    pub(super) fn of<R: Record>(record: &R) -> Self {
        let id = *record.id().stored();
        Self { lane: id, id: Some(id) }
    }

    pub(super) fn conversation(id: ConversationId) -> Self {
        Self { lane: *id.as_bytes(), id: Some(*id.as_bytes()) }
    }

    pub(super) fn message(message: &Message) -> Self {
        Self { lane: *message.conversation.as_bytes(), id: Some(*message.id.as_bytes()) }
    }

    /// A conversation asks an inbox for attention, or all of them.
    pub(super) fn notification(conversation: ConversationId, channel: Option<ChannelId>) -> Self {
        Self { lane: *conversation.as_bytes(), id: channel.map(|id| *id.as_bytes()) }
    }
}

impl Write<'_> {
    /// A user has signed in. One of all organizations does so in none.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn announce_sign_in(&mut self, user: &User) -> Result<(), StoreError> {
        match user.organization {
            Some(organization) => self.announce(organization, "user.login", Subject::of(user)),
            None => Ok(()),
        }
    }

    /// Tells the organization's webhooks, once this is committed.
    pub(super) fn announce(
        &mut self,
        organization: OrganizationId,
        event: &str,
        subject: Subject,
    ) -> Result<(), StoreError> {
        if !self.memory.rules(self.read.connection, organization)?.has_webhooks {
            return Ok(());
        }
        let now = app::now();
        self.statement("DELETE FROM outbox WHERE created_at < ?1")?.execute([integer(now.since(KEPT).0)])?;
        let position = self.memory.announce(organization);
        let mut statement = self.statement(
            "INSERT INTO outbox (pos, organization, event, lane, subject, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        statement.execute(params![
            integer(position),
            organization.as_bytes(),
            event,
            subject.lane,
            subject.id,
            integer(now.0)
        ])?;
        Ok(())
    }
}
