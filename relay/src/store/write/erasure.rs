//! Persons, conversations and organizations are erased. What is erased is out of everybody's sight in one small transaction;
//! its rows go afterwards, so many at a time that nobody's message waits long. What is left to do is in the rows
//! themselves, so whoever starts next goes on with it.

use super::{Write, outbox::Subject};
use crate::{
    model::{Contact, Organization},
    store::{
        Scope, StoreError,
        read::REPEATABLE,
        sql::{id, integer},
    },
};
use rusqlite::{OptionalExtension, params};
use shared::{
    ContactId, ConversationId, FileId, Millis, OrganizationId, UserId, WebhookId, conversation::Status,
};

/// Whether all is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    Everything,
    /// There is, or may be, something left.
    Some,
}

impl Write<'_> {
    /// Erases a person: the contact, whatever made browsers theirs, and the conversation.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn erase_contact(&mut self, scope: Scope, contact: ContactId, now: Millis) -> Result<(), StoreError> {
        let contact: Contact = self.get(scope, contact)?;
        if let Some(conversation) = contact.conversation {
            self.erase_conversation(contact.organization, conversation)?;
        }
        self.forget_answers_about(&contact, now)?;
        self.audit(Some(contact.organization), "contact.delete", contact.id)?;
        self.delete::<Contact>(scope, contact.id)
    }

    /// Puts a conversation out of sight, and ends the sockets of its visitor.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn erase_conversation(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        self.hide_conversation(organization, conversation)?;
        self.announce(organization, "conversation.delete", Subject::conversation(conversation))
    }

    /// Erases a conversation that is still closed and has not changed since `before`, with its contact. Returns whether it did.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn erase_closed(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        before: Millis,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let found = match self.conversation(organization.into(), conversation) {
            Ok(found) => found,
            Err(StoreError::Refused(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        if found.state.status != Status::Closed || found.updated_at >= before {
            return Ok(false);
        }
        match found.contact {
            Some(contact) => self.erase_contact(organization.into(), contact, now)?,
            None => self.erase_conversation(organization, conversation)?,
        }
        Ok(true)
    }

    fn hide_conversation(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        // What memory knows better is written first: afterwards it would bring the conversation back.
        self.flush()?;
        self.memory.forget(conversation);
        let find = "SELECT key FROM conversations WHERE id = ?1 AND organization = ?2";
        let key: i64 = self
            .statement(find)?
            .query_row(params![conversation.as_bytes(), organization.as_bytes()], |row| row.get(0))?;
        let mut statement = self.statement(
            "SELECT f.file FROM held_messages h JOIN file_messages f ON f.message = -h.number WHERE h.conversation = ?1",
        )?;
        let held = statement.query_map([key], |row| id(row, 0))?;
        let held: Vec<FileId> = held.collect::<rusqlite::Result<_>>()?;
        for sql in [
            "DELETE FROM held_messages WHERE conversation = ?1",
            "DELETE FROM conversation_heads WHERE conversation = ?1",
            "DELETE FROM conversation_lists WHERE key = ?1",
            "DELETE FROM conversation_channels WHERE conversation = ?1",
            "UPDATE conversations
             SET status = 'erased', contact = NULL, assignee = NULL, category = NULL, created_by = NULL, state = '{}'
             WHERE key = ?1",
        ] {
            self.statement(sql)?.execute([key])?;
        }
        self.dismiss_unnamed(&held)?;
        self.memory.has_held = true;
        self.forget_answers(organization, &format!("conversations/{conversation}/messages"))
    }

    /// Puts an organization out of sight, and whoever works for it. Returns its webhooks: they call nobody any more.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn erase_organization(
        &mut self,
        organization: OrganizationId,
        now: Millis,
    ) -> Result<Vec<WebhookId>, StoreError> {
        let Organization { id, .. } = self.get(Scope::All, organization)?;
        let mut statement = self.statement("SELECT id FROM users WHERE organization = ?1")?;
        let users = statement.query_map([id.as_bytes()], |row| crate::store::sql::id(row, 0))?;
        let users: Vec<UserId> = users.collect::<rusqlite::Result<_>>()?;
        for user in users {
            self.forget_answers_to(user)?;
            self.statement("DELETE FROM users WHERE id = ?1")?.execute([user.as_bytes()])?;
        }
        let mut statement = self.statement("DELETE FROM webhooks WHERE organization = ?1 RETURNING id")?;
        let webhooks = statement.query_map([id.as_bytes()], |row| crate::store::sql::id(row, 0))?;
        let webhooks = webhooks.collect::<rusqlite::Result<_>>()?;
        self.statement("DELETE FROM identity_secrets WHERE organization = ?1")?.execute([id.as_bytes()])?;
        self.statement("UPDATE organizations SET data = '{}', erased_at = ?2 WHERE id = ?1")?
            .execute(params![id.as_bytes(), integer(now.0)])?;
        self.memory.forget_rules(id);
        // What else was done in it goes with it.
        self.audit(None, "organization.delete", id)?;
        Ok(webhooks)
    }

    /// Removes up to about `most` rows of what was erased.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sweep_erased(&mut self, most: usize) -> Result<Swept, StoreError> {
        let next =
            "SELECT key FROM conversations INDEXED BY conversations_erased WHERE status = 'erased' LIMIT 1";
        if let Some(key) = self.statement(next)?.query_row((), |row| row.get(0)).optional()? {
            self.sweep_conversation(key, most)?;
            return Ok(Swept::Some);
        }
        let mut statement = self.statement("SELECT id FROM organizations WHERE erased_at IS NOT NULL")?;
        let organizations = statement.query_map((), |row| id(row, 0))?;
        for organization in organizations.collect::<rusqlite::Result<Vec<_>>>()? {
            if self.sweep_organization(organization, most)? == Swept::Some {
                return Ok(Swept::Some);
            }
        }
        Ok(Swept::Everything)
    }

    fn sweep_conversation(&mut self, key: i64, most: usize) -> Result<(), StoreError> {
        let positions = self.positions_in(key, most)?;
        let mut files = Vec::new();
        for position in &positions {
            let mut statement = self.statement("SELECT file FROM file_messages WHERE message = ?1")?;
            let named = statement.query_map([position], |row| id(row, 0))?;
            files.extend(named.collect::<rusqlite::Result<Vec<FileId>>>()?);
            let (seq, client_key): (i64, Option<String>) = self
                .statement("DELETE FROM messages WHERE pos = ?1 RETURNING seq, client_key")?
                .query_row([position], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.statement("DELETE FROM message_places WHERE conversation = ?1 AND seq = ?2")?
                .execute([key, seq])?;
            if let Some(client_key) = client_key {
                self.statement("DELETE FROM message_keys WHERE conversation = ?1 AND client_key = ?2")?
                    .execute(params![key, client_key])?;
            }
        }
        self.dismiss_unnamed(&files)?;
        if positions.len() < most {
            self.statement("DELETE FROM conversations WHERE key = ?1")?.execute([key])?;
            self.memory.retire_key(key);
        }
        Ok(())
    }

    /// Where messages of a conversation are: filed, or at the end of the table.
    fn positions_in(&self, key: i64, most: usize) -> Result<Vec<i64>, StoreError> {
        let mut positions = Vec::new();
        for sql in [
            "SELECT pos FROM message_places WHERE conversation = ?1 LIMIT ?2",
            "SELECT pos FROM messages WHERE pos > (SELECT up_to FROM filing) AND conversation = ?1 LIMIT ?2",
        ] {
            let room = integer((most - positions.len()) as u64);
            let mut statement = self.statement(sql)?;
            let found = statement.query_map([key, room], |row| row.get(0))?;
            positions.extend(found.collect::<rusqlite::Result<Vec<i64>>>()?);
        }
        Ok(positions)
    }

    /// Of these files, nobody can read those that nothing names any more; the next look for unused files removes them.
    fn dismiss_unnamed(&self, files: &[FileId]) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "UPDATE files SET status = 'leaving', created_at = 0 WHERE id = ?1 AND messages = 0 AND is_kept = 0",
        )?;
        for file in files {
            statement.execute([file.as_bytes()])?;
        }
        Ok(())
    }

    /// The conversations are hidden first, so that they are swept before the next look.
    fn sweep_organization(&mut self, organization: OrganizationId, most: usize) -> Result<Swept, StoreError> {
        let mut statement =
            self.statement("SELECT id FROM conversations WHERE organization = ?1 LIMIT ?2")?;
        // Each is a few rows in several tables.
        let several = integer(most as u64 / 8 + 1);
        let conversations =
            statement.query_map(params![organization.as_bytes(), several], |row| id(row, 0))?;
        let conversations: Vec<ConversationId> = conversations.collect::<rusqlite::Result<_>>()?;
        for conversation in &conversations {
            self.hide_conversation(organization, *conversation)?;
        }
        if !conversations.is_empty() {
            return Ok(Swept::Some);
        }
        for sql in [
            "DELETE FROM contacts WHERE key IN (SELECT key FROM contacts WHERE organization = ?1 LIMIT ?2)",
            "DELETE FROM channels WHERE key IN (SELECT key FROM channels WHERE organization = ?1 LIMIT ?2)",
            "DELETE FROM forms WHERE key IN (SELECT key FROM forms WHERE organization = ?1 LIMIT ?2)",
            "DELETE FROM audit WHERE key IN (SELECT key FROM audit WHERE organization = ?1 LIMIT ?2)",
            "DELETE FROM outbox WHERE pos IN (SELECT pos FROM outbox WHERE organization = ?1 LIMIT ?2)",
            "UPDATE files SET status = 'leaving', is_kept = 0, messages = 0, created_at = 0 WHERE id IN
                 (SELECT id FROM files WHERE organization = ?1 AND created_at > 0 LIMIT ?2)",
        ] {
            let parameters = params![organization.as_bytes(), integer(most as u64)];
            if self.statement(sql)?.execute(parameters)? > 0 {
                return Ok(Swept::Some);
            }
        }
        // Their rows go with their content, by another hand.
        if self
            .statement("SELECT 1 FROM files WHERE organization = ?1 LIMIT 1")?
            .exists([organization.as_bytes()])?
        {
            return Ok(Swept::Everything);
        }
        self.statement("DELETE FROM conversation_counts WHERE organization = ?1")?
            .execute([organization.as_bytes()])?;
        self.statement("DELETE FROM organizations WHERE id = ?1")?.execute([organization.as_bytes()])?;
        Ok(Swept::Some)
    }

    /// The answers that name a contact, as long as they can be asked for again.
    fn forget_answers_about(&self, contact: &Contact, now: Millis) -> Result<(), StoreError> {
        self.forget_answers(contact.organization, &format!("contacts/{}/links", contact.id))?;
        if contact.created_at > now.since(REPEATABLE) {
            self.statement(
                "DELETE FROM idempotency WHERE instr(response, ?2) > 0 AND scope IN (
                     SELECT lower(hex(u.id)) || ' POST /v2/' || resource.value
                     FROM users u, json_each('[\"contacts\", \"conversations\"]') resource
                     WHERE u.organization = ?1 OR u.organization IS NULL)",
            )?
            .execute(params![contact.organization.as_bytes(), contact.id.to_string()])?;
        }
        Ok(())
    }

    /// The answers that are kept for a user: who is gone does not ask again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_answers_to(&mut self, user: UserId) -> Result<(), StoreError> {
        // `!` follows the space that ends the id.
        self.statement("DELETE FROM idempotency WHERE scope > ?1 || ' ' AND scope < ?1 || '!'")?
            .execute([user.to_string()])?;
        Ok(())
    }

    /// The answers to POSTs to this address below `/v2/`.
    fn forget_answers(&self, organization: OrganizationId, address: &str) -> Result<(), StoreError> {
        self.statement(
            "DELETE FROM idempotency WHERE scope IN (
                 SELECT lower(hex(id)) || ' POST /v2/' || ?2 FROM users WHERE organization = ?1 OR organization IS NULL)",
        )?
        .execute(params![organization.as_bytes(), address])?;
        Ok(())
    }
}
