//! Who signs in with a password.

use super::Read;
use crate::{
    auth::PasswordHash,
    model::email_key,
    store::{StoreError, sql::id},
};
use rusqlite::OptionalExtension;
use shared::UserId;

impl Read<'_> {
    /// The user who signs in with this address, and the password's hash.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn password(&self, email: &str) -> Result<Option<(UserId, PasswordHash)>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT user, hash FROM passwords WHERE email = ?1")?;
        let found = statement
            .query_row([email_key(email)], |row| Ok((id(row, 0)?, PasswordHash::from_stored(row.get(1)?))));
        Ok(found.optional()?)
    }
}
