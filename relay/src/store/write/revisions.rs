//! What was said is changed, or taken back. The entry keeps its id and its place; that it is another now is an entry of its
//! own, which does not say what it was.

use super::{Write, outbox::Subject};
use crate::store::{
    Append, Author, Failure, StoreError, Target,
    read::write_extra,
    sql::{document, integer, json},
};
use rusqlite::params;
use serde_json::Value;
use shared::{
    Error, Millis, UserId,
    message::{Draft, Message, MessageStatus, MessageType, Revision, Role},
};

/// Members that programs keep for themselves: a message that others read says the same as before.
const UNSEEN: [&str; 2] = ["payload", "meta"];

impl Write<'_> {
    /// Makes `before` say what `after` says. Where that is the same, nothing happens; what nobody has heard yet is not logged.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn change_message(
        &mut self,
        before: &Message,
        after: Message,
        user: UserId,
        now: Millis,
    ) -> Result<Message, StoreError> {
        let members = changed(before, &after);
        if members.is_empty() {
            return Ok(after);
        }
        let after = Message { updated_at: now, ..after };
        if before.status == MessageStatus::Held {
            self.change_held(&after)?;
            self.rewrite_answers(&after)?;
            return Ok(after);
        }
        let is_edited = members.iter().any(|member| !UNSEEN.contains(&member.as_str()));
        let edited_at = if is_edited { Some(now) } else { before.edited_at };
        let after = Message { edited_at, ..after };
        self.rewrite(&after)?;
        let revision = Revision::Update { message: after.id, seq: after.seq, members };
        self.log_revision(&after, &revision, "message.update", user, now)?;
        Ok(after)
    }

    /// Leaves a tombstone of a message, and nothing of one that has no place in the log yet. Nothing else of it stays: not among the words that are searched, not in kept
    /// answers, and files that only it named go, too.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn delete_message(&mut self, message: &Message, user: UserId, now: Millis) -> Result<(), StoreError> {
        if message.status == MessageStatus::Deleted {
            return Ok(());
        }
        let tombstone = message.tombstone(now);
        if matches!(message.status, MessageStatus::Held | MessageStatus::Failed) {
            self.drop_held(message)?;
            return self.rewrite_answers(&tombstone);
        }
        self.rewrite(&tombstone)?;
        let revision = Revision::Delete { message: message.id, seq: message.seq };
        self.log_revision(&tombstone, &revision, "message.delete", user, now)
    }

    /// Words and names of files follow by the schema's triggers.
    fn rewrite(&mut self, message: &Message) -> Result<(), StoreError> {
        let position = self.position_of(message.id)?.map(integer);
        let position = position.ok_or_else(|| Error::not_found("message", message.id))?;
        let extra = write_extra(message);
        self.statement("UPDATE messages SET text = ?2, extra = ?3, updated_at = ?4 WHERE pos = ?1")?
            .execute(params![position, message.text, extra, integer(message.updated_at.0)])?;
        self.name_files(message.organization, position, [Some(&message.text), extra.as_ref()])?;
        self.rewrite_answers(message)
    }

    /// A request that is repeated gets the message as it is now.
    fn rewrite_answers(&self, message: &Message) -> Result<(), StoreError> {
        let id = message.id.to_string();
        let mut statement = self.statement(
            "SELECT i.scope, i.key, i.response FROM users u
             CROSS JOIN idempotency i ON i.scope = lower(hex(u.id)) || ' POST /v2/conversations/' || ?1 || '/messages'
             WHERE (u.organization = ?2 OR u.organization IS NULL) AND instr(i.response, ?3) > 0",
        )?;
        let kept = statement.query_map(
            params![message.conversation.to_string(), message.organization.as_bytes(), id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let kept: Vec<(String, String, String)> = kept.collect::<rusqlite::Result<_>>()?;
        for (scope, key, response) in kept {
            let mut answer: Value = document("answer", &response)?;
            let messages = if let Value::Array(messages) = &mut answer {
                messages.as_mut_slice()
            } else {
                std::slice::from_mut(&mut answer)
            };
            for answered in messages.iter_mut().filter(|answered| answered["id"] == id) {
                *answered = serde_json::to_value(message)
                    .map_err(|error| Failure::Unreadable { what: "message", reason: error.to_string() })?;
            }
            self.statement("UPDATE idempotency SET response = ?3 WHERE scope = ?1 AND key = ?2")?
                .execute(params![scope, key, json(&answer)])?;
        }
        Ok(())
    }

    fn log_revision(
        &mut self,
        message: &Message,
        revision: &Revision,
        event: &str,
        user: UserId,
        now: Millis,
    ) -> Result<(), StoreError> {
        let (organization, conversation) = (message.organization, message.conversation);
        let draft = Draft {
            kind: MessageType::Status,
            role: Role::System,
            user: Some(user),
            payload: Some(revision.payload()),
            ..Draft::default()
        };
        let target = Target::Conversation { organization, conversation };
        self.append(Append { target, author: Author::System, draft, now })?;
        self.memory.revised.push((organization, conversation));
        self.announce(organization, event, Subject::message(message))
    }
}

/// The members that are not the same.
fn changed(before: &Message, after: &Message) -> Vec<String> {
    let members = [
        ("text", before.text != after.text),
        ("contentType", before.content_type != after.content_type),
        ("actions", before.actions != after.actions),
        ("items", before.items != after.items),
        ("results", before.results != after.results),
        ("iframe", before.iframe != after.iframe),
        ("payload", before.payload != after.payload),
        ("meta", before.meta != after.meta),
    ];
    members.into_iter().filter(|(_, is_changed)| *is_changed).map(|(name, _)| name.to_owned()).collect()
}
