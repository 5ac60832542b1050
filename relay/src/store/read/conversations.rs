//! One conversation.

use super::{
    Read,
    rows::{CONVERSATION_COLUMNS, CONVERSATIONS, conversation},
};
use crate::{
    model::Conversation,
    store::{Scope, StoreError},
};
use rusqlite::params;
use shared::{ConversationId, Error};

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

    /// Whether it is there, without reading it.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn check_conversation(&self, scope: Scope, id: ConversationId) -> Result<(), StoreError> {
        let mut owned = self.connection.prepare_cached(
            "SELECT 1 FROM conversations
             WHERE id = ?1 AND (?2 IS NULL OR organization = ?2) AND status <> 'erased'",
        )?;
        if owned.exists(params![id.as_bytes(), scope.parameter()])? {
            return Ok(());
        }
        Err(Error::not_found("conversation", id).into())
    }
}
