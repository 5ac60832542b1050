//! Files arrive, are named by messages and other records, and leave when nothing names them.

use super::Write;
use crate::{
    model::File,
    store::{
        StoreError,
        sql::{count, id, integer},
    },
};
use rusqlite::{OptionalExtension, params};
use shared::{
    FileId, Millis, OrganizationId, limits,
    message::{Message, PLAIN_TEXT},
};

impl Write<'_> {
    /// Notes that a file begins to arrive: whatever becomes of it, its content is found and removed.
    ///
    /// # Errors
    /// A failure of the database, also when the organization does not exist.
    pub fn expect_file(
        &mut self,
        file: FileId,
        organization: OrganizationId,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "INSERT INTO files (id, organization, status, name, content_type, size, hash, created_at)
             VALUES (?1, ?2, 'arriving', '', '', 0, zeroblob(32), ?3)",
        )?;
        statement.execute(params![file.as_bytes(), organization.as_bytes(), integer(now.0)])?;
        Ok(())
    }

    /// The content is stored: from now on the file can be read.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn put_file(&mut self, file: &File) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "UPDATE files SET status = 'stored', name = ?2, content_type = ?3, size = ?4, hash = ?5 WHERE id = ?1",
        )?;
        statement.execute(params![
            file.id.as_bytes(),
            file.name,
            file.content_type,
            integer(file.size),
            file.hash
        ])?;
        Ok(())
    }

    /// Up to `most` files that came before `before` and that nothing names. From now on nobody can read them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn dismiss_files(
        &mut self,
        before: Millis,
        most: usize,
    ) -> Result<Vec<(OrganizationId, FileId)>, StoreError> {
        let mut statement = self.statement(
            "UPDATE files SET status = 'leaving' WHERE id IN (
                 SELECT id FROM files WHERE messages = 0 AND is_kept = 0 AND created_at < ?1
                 ORDER BY created_at LIMIT ?2)
             RETURNING organization, id",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let files =
            statement.query_map(params![integer(before.0), most], |row| Ok((id(row, 0)?, id(row, 1)?)))?;
        Ok(files.collect::<rusqlite::Result<_>>()?)
    }

    /// The content of these files is gone.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_files(&mut self, files: &[FileId]) -> Result<(), StoreError> {
        let mut statement = self.statement("DELETE FROM files WHERE id = ?1")?;
        for file in files {
            statement.execute(params![file.as_bytes()])?;
        }
        Ok(())
    }

    /// A message that is a file of the organization's says how large that is, unless its sender has said so.
    pub(super) fn weigh_file(&self, message: &mut Message) -> Result<(), StoreError> {
        let has_room = message.meta.len() < limits::META_KEYS && !message.meta.contains_key(File::SIZE);
        let file = named_in(&message.text).next();
        let Some(file) = file.filter(|_| has_room && message.content_type != PLAIN_TEXT) else {
            return Ok(());
        };
        let mut statement = self.statement("SELECT size FROM files WHERE id = ?1 AND organization = ?2")?;
        let asked = params![file.as_bytes(), message.organization.as_bytes()];
        if let Some(size) = statement.query_row(asked, |row| count(row, 0)).optional()? {
            message.meta.insert(File::SIZE.to_owned(), size.into());
        }
        Ok(())
    }

    /// Notes which files of the organization a message names in its texts: the one at this position, or the held one of
    /// this number, which is then negative.
    pub(in crate::store) fn name_files(
        &self,
        organization: OrganizationId,
        message: i64,
        texts: [Option<&String>; 2],
    ) -> Result<(), StoreError> {
        for file in texts.into_iter().flatten().flat_map(|text| named_in(text)) {
            let mut statement = self.statement(
                "INSERT OR IGNORE INTO file_messages (message, file)
                 SELECT ?1, id FROM files WHERE id = ?2 AND organization = ?3",
            )?;
            statement.execute(params![message, file.as_bytes(), organization.as_bytes()])?;
        }
        Ok(())
    }

    /// Notes which files a record names: they stay, also where no message does. A record of no organization keeps any.
    pub(in crate::store) fn keep_files(
        &self,
        organization: Option<OrganizationId>,
        document: &str,
    ) -> Result<(), StoreError> {
        for file in named_in(document) {
            let mut statement = self.statement(
                "UPDATE files SET is_kept = 1 WHERE id = ?1 AND (?2 IS NULL OR organization = ?2)",
            )?;
            statement.execute(params![file.as_bytes(), organization.map(|id| *id.as_bytes())])?;
        }
        Ok(())
    }
}

/// The files whose address is somewhere in the text.
fn named_in(text: &str) -> impl Iterator<Item = FileId> {
    text.split(File::PATH).skip(1).filter_map(|rest| rest.split_once('/')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrations::migrate;
    use rusqlite::Connection;

    #[test]
    fn a_message_that_is_changed_or_deleted_no_longer_names_its_files() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let (one, two) = (FileId::from_bytes([0xa1; 12]), FileId::from_bytes([0xb2; 12]));
        connection
            .execute_batch(&format!(
                "PRAGMA foreign_keys = off;
                 INSERT INTO files (id, organization, status, name, content_type, size, hash, created_at)
                 SELECT value, zeroblob(12), 'stored', 'a', 'text/plain', 1, zeroblob(32), 0
                 FROM (SELECT x'{one}' AS value UNION SELECT x'{two}');
                 INSERT INTO messages (pos, organization, conversation, seq, type, role, text, extra, created_at)
                 VALUES (7, 1, 1, 1, 'chat', 'agent', '/files/{one}/a', '\"/files/{two}/a\"', 0);
                 INSERT INTO file_messages (message, file) SELECT 7, id FROM files;"
            ))
            .unwrap();
        let named = || -> Vec<i64> {
            let mut counts = connection.prepare("SELECT messages FROM files ORDER BY id").unwrap();
            counts.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        assert_eq!(named(), [1, 1]);

        connection.execute("UPDATE messages SET text = 'another' WHERE pos = 7", ()).unwrap();
        assert_eq!(named(), [0, 1]);
        connection.execute("DELETE FROM messages WHERE pos = 7", ()).unwrap();
        assert_eq!(named(), [0, 0]);
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let (one, two) = (FileId::from_bytes([1; 12]), FileId::from_bytes([2; 12]));
        let text =
            format!("see https://a.example/files/{one}/a.png, \"/files/{two}/b\" /files/{one} /files/x/");
        assert_eq!(named_in(&text).collect::<Vec<_>>(), [one, two]);
        assert_eq!(named_in("files/ and no files").count(), 0);
    }
}
