//! Files that have arrived.

use super::Read;
use crate::{
    model::File,
    store::{
        StoreError,
        sql::{count, id, millis},
    },
};
use rusqlite::{OptionalExtension, Row, params};
use shared::{Error, FileId};

impl Read<'_> {
    /// A file that is stored, whole. Not keyed by organization: its id is known to those it was shown to.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn file(&self, file: FileId) -> Result<File, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, organization, name, content_type, size, hash, created_at FROM files
             WHERE id = ?1 AND status = 'stored'",
        )?;
        let found = statement.query_row(params![file.as_bytes()], self::file);
        found.optional()?.ok_or_else(|| Error::not_found("file", file).into())
    }
}

/// Of the columns id, organization, name, content type, size, hash and time.
pub(super) fn file(row: &Row<'_>) -> rusqlite::Result<File> {
    Ok(File {
        id: id(row, 0)?,
        organization: id(row, 1)?,
        name: row.get(2)?,
        content_type: row.get(3)?,
        size: count(row, 4)?,
        hash: row.get(5)?,
        created_at: millis(row, 6)?,
    })
}
