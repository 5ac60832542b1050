//! Who signs in with a password.

use super::Write;
use crate::{
    auth::PasswordHash,
    model::{User, email_key},
    store::StoreError,
};
use rusqlite::{OptionalExtension, params};
use shared::Error;

impl Write<'_> {
    /// Keeps what a user signs in with in step with the user: `given` is a new password, none to take it away, absent to
    /// leave it.
    ///
    /// # Errors
    /// `invalid` for a user who has a password and no email, or the email of somebody who signs in; a failure of the
    /// database.
    pub fn keep_password(
        &mut self,
        user: &User,
        given: Option<Option<PasswordHash>>,
    ) -> Result<(), StoreError> {
        let hash = match given {
            Some(given) => given,
            None => self.password_of(user)?,
        };
        let Some(hash) = hash else {
            self.statement("DELETE FROM passwords WHERE user = ?1")?.execute([user.id.as_bytes()])?;
            return Ok(());
        };
        let Some(email) = user.email.as_deref().map(email_key) else {
            return Err(Error::invalid("email", "who signs in with a password needs one").into());
        };
        let mut taken = self.statement("SELECT 1 FROM passwords WHERE email = ?1 AND user <> ?2")?;
        if taken.exists(params![email, user.id.as_bytes()])? {
            return Err(Error::invalid("email", "somebody else signs in with it").into());
        }
        let mut statement =
            self.statement("INSERT OR REPLACE INTO passwords (user, email, hash) VALUES (?1, ?2, ?3)")?;
        statement.execute(params![user.id.as_bytes(), email, hash.as_str()])?;
        Ok(())
    }

    fn password_of(&self, user: &User) -> Result<Option<PasswordHash>, StoreError> {
        let mut statement = self.statement("SELECT hash FROM passwords WHERE user = ?1")?;
        let hash = statement.query_row([user.id.as_bytes()], |row| row.get(0)).optional()?;
        Ok(hash.map(PasswordHash::from_stored))
    }
}
