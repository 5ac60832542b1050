//! Who a visitor is: the contact behind a token, and its conversation.

use super::Read;
use crate::store::{
    LinkHash, StoreError, TokenHash,
    sql::{count, id, integer, millis},
};
use rusqlite::{OptionalExtension, params};
use shared::{ContactId, ConversationId, Millis, OrganizationId, Seq};

/// Whom a visitor's token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    pub contact: ContactId,
    pub conversation: ConversationId,
    pub head: Seq,
}

/// A one-time link that was given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub expires_at: Millis,
    /// The hash of the token that it moved.
    pub used_by: Option<[u8; 32]>,
}

/// A short link that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortLink {
    /// Whom it brings.
    pub contact: ContactId,
    /// Where it leads, with places for the credentials.
    pub uri: String,
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

    /// A link to this contact of the organization, used or not.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn link(
        &self,
        organization: OrganizationId,
        contact: ContactId,
        link: &LinkHash,
    ) -> Result<Option<Link>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT l.expires_at, l.used_by FROM contact_links l JOIN contacts k ON k.id = l.contact
             WHERE l.token = ?1 AND l.contact = ?2 AND k.organization = ?3",
        )?;
        let found = statement
            .query_row(params![link.as_bytes(), contact.as_bytes(), organization.as_bytes()], |row| {
                Ok(Link { expires_at: millis(row, 0)?, used_by: row.get(1)? })
            });
        Ok(found.optional()?)
    }

    /// The link with this slug, unless it has expired.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn short_link(&self, slug: &str, now: Millis) -> Result<Option<ShortLink>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT contact, uri FROM short_links WHERE slug = ?1 AND expires_at > ?2")?;
        let link = statement.query_row(params![slug, integer(now.0)], |row| {
            Ok(ShortLink { contact: id(row, 0)?, uri: row.get(1)? })
        });
        Ok(link.optional()?)
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
