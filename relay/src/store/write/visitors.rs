//! Contacts of visitors: made with the first message, recognized by an identity, moved by a link.

use super::{NewConversation, Write};
use crate::{
    model::{Contact, ConversationType, Identity},
    store::{
        LinkHash, StoreError, TokenHash,
        read::{Link, ShortLink},
        sql::integer,
    },
};
use rusqlite::params;
use serde_json::{Map, Value};
use shared::{ContactId, ConversationId, Millis, OrganizationId, conversation::State};

/// How long a link can be used.
pub const LINK_LIFE: Millis = Millis(24 * 3_600_000);

impl Write<'_> {
    /// Sets or clears what the organization's server signs identities with.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_identity_secret(
        &mut self,
        organization: OrganizationId,
        secret: Option<&str>,
    ) -> Result<(), StoreError> {
        let organization = organization.as_bytes();
        match secret {
            Some(secret) => self
                .statement("INSERT OR REPLACE INTO identity_secrets (organization, secret) VALUES (?1, ?2)")?
                .execute(params![organization, secret])?,
            None => self
                .statement("DELETE FROM identity_secrets WHERE organization = ?1")?
                .execute(params![organization])?,
        };
        Ok(())
    }

    /// The contact of a verified person, made when there is none, with the profile that the identity gives it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn recognize(
        &mut self,
        organization: OrganizationId,
        identity: &Identity,
        now: Millis,
    ) -> Result<(), StoreError> {
        let token = TokenHash::of_subject(&identity.subject);
        let Some(id) = self.visiting_contact(organization, &token)? else {
            let external_id = Some(identity.subject.clone());
            let profile = identity.profile.clone();
            return self.insert_visitor(organization, &token, external_id, profile, now).map(drop);
        };
        let mut contact: Contact = self.get(organization.into(), id)?;
        if identity.is_known_in(&contact.profile) {
            return Ok(());
        }
        contact.profile.extend(identity.profile.clone());
        contact.updated_at = now;
        self.update(&contact)
    }

    /// Keeps a link to a contact, and drops those that nobody can ask about any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_link(
        &mut self,
        contact: ContactId,
        link: &LinkHash,
        expires_at: Millis,
        now: Millis,
    ) -> Result<(), StoreError> {
        let forgotten = integer(now.since(LINK_LIFE).0);
        self.statement("DELETE FROM contact_links WHERE expires_at < ?1")?.execute([forgotten])?;
        self.statement("INSERT INTO contact_links (token, contact, expires_at) VALUES (?1, ?2, ?3)")?
            .execute(params![link.as_bytes(), contact.as_bytes(), integer(expires_at.0)])?;
        Ok(())
    }

    /// Keeps a short link, and drops those that have expired.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_short_link(
        &mut self,
        slug: &str,
        link: &ShortLink,
        expires_at: Millis,
        now: Millis,
    ) -> Result<(), StoreError> {
        self.statement("DELETE FROM short_links WHERE expires_at <= ?1")?.execute([integer(now.0)])?;
        self.statement("INSERT INTO short_links (slug, contact, uri, expires_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![slug, link.contact.as_bytes(), link.uri, integer(expires_at.0)])?;
        Ok(())
    }

    /// Moves a visitor's token to the contact of a link, once. Whoever asks again with the token that was moved is
    /// told the same. Returns whether the token is the contact's now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn claim(
        &mut self,
        organization: OrganizationId,
        contact: ContactId,
        link: &LinkHash,
        token: &TokenHash,
        now: Millis,
    ) -> Result<bool, StoreError> {
        match self.link(organization, contact, link)? {
            None => Ok(false),
            Some(Link { used_by: Some(used_by), .. }) => Ok(used_by == *token.as_bytes()),
            Some(Link { expires_at, .. }) if expires_at <= now => Ok(false),
            Some(_) => {
                self.statement("UPDATE contact_links SET used_by = ?2 WHERE token = ?1")?
                    .execute(params![link.as_bytes(), token.as_bytes()])?;
                self.statement(
                    "INSERT OR REPLACE INTO moved_visitors (organization, visitor_token, contact) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![organization.as_bytes(), token.as_bytes(), contact.as_bytes()])?;
                Ok(true)
            }
        }
    }

    /// A conversation for a token without one, with its contact, which may have to be made.
    pub(super) fn open_for_visitor(
        &mut self,
        organization: OrganizationId,
        token: &TokenHash,
        now: Millis,
    ) -> Result<ConversationId, StoreError> {
        // Says `not_found` where the database would fail on the reference.
        self.memory.rules(self.read.connection, organization)?;
        let contact: Contact = match self.visiting_contact(organization, token)? {
            Some(id) => self.get(organization.into(), id)?,
            None => self.insert_visitor(organization, token, None, Map::new(), now)?,
        };
        let [.., high, low] = *contact.id.as_bytes();
        let name = contact.profile.get("name").and_then(Value::as_str);
        let name = name.map_or_else(|| format!("Visitor {high:02x}{low:02x}"), str::to_owned);
        let opened = self.create_conversation(&NewConversation {
            organization,
            kind: ConversationType::Contact,
            contact: Some(contact.id),
            state: State { name: Some(name), ..State::default() },
            touchpoint: None,
            created_by: None,
            now,
        })?;
        Ok(opened.id)
    }

    fn insert_visitor(
        &mut self,
        organization: OrganizationId,
        token: &TokenHash,
        external_id: Option<String>,
        profile: Map<String, Value>,
        now: Millis,
    ) -> Result<Contact, StoreError> {
        let id: ContactId = self.new_id(now);
        let contact = Contact {
            id,
            organization,
            external_id,
            profile,
            conversation: None,
            created_at: now,
            updated_at: now,
        };
        self.insert(&contact)?;
        let mut statement = self.statement("UPDATE contacts SET visitor_token = ?2 WHERE id = ?1")?;
        statement.execute(params![id.as_bytes(), token.as_bytes()])?;
        Ok(contact)
    }
}
