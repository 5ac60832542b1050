//! Who a visitor is: the contact behind a token, and its conversation.

use super::Read;
use crate::store::{
    StoreError, TokenHash,
    sql::{count, id},
};
use rusqlite::{OptionalExtension, params};
use shared::{ContactId, ConversationId, OrganizationId, Seq};

/// Whom a visitor's token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    pub contact: ContactId,
    pub conversation: ConversationId,
    pub head: Seq,
}

/// The contact of a token (`?2`) in an organization (`?1`): where a link has moved it, else its own.
macro_rules! contact_of_token {
    () => {
        "ifnull((SELECT contact FROM moved_visitors WHERE organization = ?1 AND visitor_token = ?2),
                (SELECT id FROM contacts WHERE organization = ?1 AND visitor_token = ?2))"
    };
}

impl Read<'_> {
    /// The conversation of whoever holds the token; none before the first message under it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn visitor(
        &self,
        organization: OrganizationId,
        token: &TokenHash,
    ) -> Result<Option<Visitor>, StoreError> {
        let mut statement = self.connection.prepare_cached(concat!(
            "SELECT c.contact, c.id, h.head FROM conversations c JOIN conversation_heads h ON h.conversation = c.key
             WHERE c.contact = ",
            contact_of_token!()
        ))?;
        let visitor = statement.query_row(params![organization.as_bytes(), token.as_bytes()], |row| {
            Ok(Visitor { contact: id(row, 0)?, conversation: id(row, 1)?, head: Seq(count(row, 2)?) })
        });
        Ok(visitor.optional()?)
    }

    /// The contact of whoever holds the token, which may not have said anything yet.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn visiting_contact(
        &self,
        organization: OrganizationId,
        token: &TokenHash,
    ) -> Result<Option<ContactId>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(concat!("SELECT id FROM contacts WHERE id = ", contact_of_token!()))?;
        let contact =
            statement.query_row(params![organization.as_bytes(), token.as_bytes()], |row| id(row, 0));
        Ok(contact.optional()?)
    }

    /// What the organization's server signs identities with.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn identity_secret(&self, organization: OrganizationId) -> Result<Option<String>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT secret FROM identity_secrets WHERE organization = ?1")?;
        Ok(statement.query_row(params![organization.as_bytes()], |row| row.get(0)).optional()?)
    }
}
