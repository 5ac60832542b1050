//! What is known of a person beside the contact and what was said.

use super::{Link, Read};
use crate::{
    model::{Contact, File},
    store::{
        StoreError,
        sql::{count, document, millis},
    },
};
use shared::message::Message;

/// See [`Read::known_of`].
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Files that messages of the conversation name.
    pub files: Vec<File>,
    /// One-time links that were made, as long as they are kept.
    pub links: Vec<Link>,
    /// Messages that wait for their place in the log.
    pub held: Vec<Message>,
    /// Browsers and devices that are recognized as the contact's.
    pub browsers: u64,
}

impl Read<'_> {
    /// # Errors
    /// A failure of the database.
    pub fn known_of(&self, contact: &Contact) -> Result<Known, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT expires_at, used_by FROM contact_links WHERE contact = ?1 ORDER BY expires_at",
        )?;
        let links = statement.query_map([contact.id.as_bytes()], |row| {
            Ok(Link { expires_at: millis(row, 0)?, used_by: row.get(1)? })
        })?;
        let links = links.collect::<rusqlite::Result<_>>()?;
        let mut statement = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM moved_visitors WHERE contact = ?1)
                  + (SELECT count(*) FROM contacts WHERE id = ?1 AND visitor_token IS NOT NULL)",
        )?;
        let browsers = statement.query_row([contact.id.as_bytes()], |row| count(row, 0))?;
        let mut statement = self.connection.prepare_cached(
            "SELECT h.data FROM held_messages h JOIN conversations c ON c.key = h.conversation
             WHERE c.contact = ?1 ORDER BY h.number",
        )?;
        let mut rows = statement.query([contact.id.as_bytes()])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            held.push(document("held message", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(Known { held, files: self.files_of(contact)?, links, browsers })
    }

    fn files_of(&self, contact: &Contact) -> Result<Vec<File>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.id, f.organization, f.name, f.content_type, f.size, f.hash, f.created_at FROM files f
             WHERE f.status = 'stored' AND f.id IN (
                 SELECT n.file FROM conversations c
                 JOIN message_places p ON p.conversation = c.key JOIN file_messages n ON n.message = p.pos
                 WHERE c.contact = ?1
                 UNION
                 SELECT n.file FROM file_messages n JOIN messages m ON m.pos = n.message
                 JOIN conversations c ON c.key = m.conversation
                 WHERE n.message > (SELECT up_to FROM filing) AND c.contact = ?1)
             ORDER BY f.created_at, f.id",
        )?;
        let files = statement.query_map([contact.id.as_bytes()], super::files::file)?;
        Ok(files.collect::<rusqlite::Result<_>>()?)
    }
}
