//! API tokens are handed out and revoked; answers are kept for repeated requests.

use super::Write;
use crate::{
    model::{TokenId, User, UserToken},
    store::{Scope, StoreError, read::REPEATABLE, sql::integer},
};
use rusqlite::params;
use shared::{Millis, UserId};

/// The answer to a request that came with an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// SHA-256 of the request's body: the same key with another body is a conflict.
    pub body_hash: [u8; 32],
    /// HTTP status.
    pub status: u16,
    /// The body, as it was sent.
    pub response: String,
}

impl Write<'_> {
    /// Records that a token was handed out.
    ///
    /// # Errors
    /// A failure of the database, also when the user does not exist.
    pub fn issue_token(&mut self, token: &UserToken) -> Result<(), StoreError> {
        self.insert_token(token, false)?;
        let user: User = self.get(Scope::All, token.user)?;
        self.audit(user.organization, "token.create", token.jti)
    }

    /// As [`Self::issue_token`], to somebody who signed in: the token ends when their password changes.
    ///
    /// # Errors
    /// A failure of the database, also when the user does not exist.
    pub fn issue_signed_in_token(&mut self, token: &UserToken) -> Result<(), StoreError> {
        self.insert_token(token, true)
    }

    fn insert_token(&self, token: &UserToken, signed_in: bool) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "INSERT INTO user_tokens (jti, user, created_at, expires_at, signed_in) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        statement.execute(params![
            token.jti.as_bytes(),
            token.user.as_bytes(),
            integer(token.created_at.0),
            token.expires_at.map(|at| integer(at.0)),
            signed_in,
        ])?;
        Ok(())
    }

    /// Signs a user out everywhere.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn sign_out(&mut self, user: UserId, now: Millis) -> Result<(), StoreError> {
        let mut statement = self.statement(
            "UPDATE user_tokens SET revoked_at = ifnull(revoked_at, ?2) WHERE user = ?1 AND signed_in = 1",
        )?;
        statement.execute(params![user.as_bytes(), integer(now.0)])?;
        Ok(())
    }

    /// Revokes a user's token. Returns whether the user has such a token; revoking again changes nothing.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn revoke_token(&mut self, user: UserId, jti: TokenId, now: Millis) -> Result<bool, StoreError> {
        let mut statement = self.statement(
            "UPDATE user_tokens SET revoked_at = ifnull(revoked_at, ?3) WHERE user = ?1 AND jti = ?2",
        )?;
        let is_known = statement.execute(params![user.as_bytes(), jti.as_bytes(), integer(now.0)])? > 0;
        if is_known {
            let user: User = self.get(Scope::All, user)?;
            self.audit(user.organization, "token.revoke", jti)?;
        }
        Ok(is_known)
    }

    /// Keeps an answer for 24 h, and drops those that are older.
    ///
    /// # Errors
    /// A failure of the database, also when the key is taken: ask [`super::super::Read::answer`] in the same work.
    pub fn put_answer(
        &mut self,
        scope: &str,
        key: &str,
        answer: &Answer,
        now: Millis,
    ) -> Result<(), StoreError> {
        let oldest = integer(now.since(REPEATABLE).0);
        self.statement("DELETE FROM idempotency WHERE created_at <= ?1")?.execute([oldest])?;
        let mut statement = self.statement(
            "INSERT INTO idempotency (scope, key, body_hash, status, response, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        statement.execute(params![
            scope,
            key,
            answer.body_hash,
            answer.status,
            answer.response,
            integer(now.0)
        ])?;
        Ok(())
    }
}
