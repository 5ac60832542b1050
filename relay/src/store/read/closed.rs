//! Conversations that have been closed for long.

use super::Read;
use crate::store::{
    StoreError,
    sql::{count, id, integer},
};
use rusqlite::params;
use shared::{ConversationId, Millis, OrganizationId};

/// See [`Read::closed_since`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub conversations: Vec<ConversationId>,
    /// Where the next look begins, if there are more to look at.
    pub next: Option<i64>,
}

impl Read<'_> {
    /// Of the next `most` closed conversations after this place, those that have not changed since `before`. By their own
    /// rows: lists may not have the latest ones yet.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn closed_since(
        &self,
        organization: OrganizationId,
        before: Millis,
        after: i64,
        most: usize,
    ) -> Result<Closed, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.key, c.id, h.updated_at
             FROM conversations c INDEXED BY conversations_by_status
             CROSS JOIN conversation_heads h ON h.conversation = c.key
             WHERE c.organization = ?1 AND c.status = 'closed' AND c.key > ?2 ORDER BY c.key LIMIT ?3",
        )?;
        let mut rows = statement.query(params![organization.as_bytes(), after, integer(most as u64)])?;
        let (mut conversations, mut looked_at, mut last) = (Vec::new(), 0, after);
        while let Some(row) = rows.next()? {
            looked_at += 1;
            last = row.get(0)?;
            if count(row, 2)? < before.0 {
                conversations.push(id(row, 1)?);
            }
        }
        Ok(Closed { conversations, next: (looked_at == most).then_some(last) })
    }
}
