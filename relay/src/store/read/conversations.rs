//! One conversation.

use super::{
    Read,
    rows::{CONVERSATION_COLUMNS, CONVERSATIONS, conversation},
};
use crate::{
    model::Conversation,
    store::{Scope, StoreError, sql::id},
};
use rusqlite::{OptionalExtension, params};
use shared::{ContactId, ConversationId, Error, OrganizationId};

/// Whose a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub conversation: ConversationId,
    pub organization: OrganizationId,
    pub contact: Option<ContactId>,
}

impl From<&Conversation> for Owner {
    fn from(conversation: &Conversation) -> Self {
        let Conversation { id, organization, contact, .. } = conversation;
        Self { conversation: *id, organization: *organization, contact: *contact }
    }
}

impl Read<'_> {
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn conversation(&self, scope: Scope, id: ConversationId) -> Result<Conversation, StoreError> {
        let sql = format!(
            "SELECT {CONVERSATION_COLUMNS} FROM {CONVERSATIONS} WHERE c.id = ?1 AND (?2 IS NULL OR c.organization = ?2)"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![id.as_bytes(), scope.parameter()])?;
        match rows.next()? {
            Some(row) => conversation(row),
            None => Err(Error::not_found("conversation", id).into()),
        }
    }

    /// Whose it is, without reading what was said in it.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn owner(&self, scope: Scope, conversation: ConversationId) -> Result<Owner, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT organization, contact FROM conversations
             WHERE id = ?1 AND (?2 IS NULL OR organization = ?2) AND status <> 'erased'",
        )?;
        let found = statement.query_row(params![conversation.as_bytes(), scope.parameter()], |row| {
            let contact = row.get::<_, Option<[u8; 12]>>(1)?.map(ContactId::from_bytes);
            Ok(Owner { conversation, organization: id(row, 0)?, contact })
        });
        found.optional()?.ok_or_else(|| Error::not_found("conversation", conversation).into())
    }
}
