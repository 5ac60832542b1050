//! API tokens that were handed out, and the answers kept for repeated requests.

use super::Read;
use crate::{
    model::{TokenId, UserToken},
    store::{
        Answer, StoreError,
        sql::{id, integer, millis},
    },
};
use rusqlite::{OptionalExtension, Row, params};
use shared::{Millis, UserId};

/// How long a repeated request gets the first answer again.
pub(in crate::store) const REPEATABLE: Millis = Millis(24 * 3_600_000);

impl Read<'_> {
    /// Whether the token was handed out to this user, has not expired and was not revoked.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_token_live(&self, user: UserId, jti: TokenId, now: Millis) -> Result<bool, StoreError> {
        let token = self.token(jti)?;
        Ok(token.is_some_and(|token| {
            token.user == user
                && token.revoked_at.is_none()
                && token.expires_at.is_none_or(|expires| now < expires)
        }))
    }

    /// # Errors
    /// A failure of the database.
    pub fn token(&self, jti: TokenId) -> Result<Option<UserToken>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT jti, user, created_at, expires_at, revoked_at FROM user_tokens WHERE jti = ?1",
        )?;
        Ok(statement.query_row(params![jti.as_bytes()], token).optional()?)
    }

    /// The tokens of a user, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn tokens(&self, user: UserId) -> Result<Vec<UserToken>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT jti, user, created_at, expires_at, revoked_at FROM user_tokens WHERE user = ?1 ORDER BY created_at, jti",
        )?;
        let tokens = statement.query_map(params![user.as_bytes()], token)?;
        Ok(tokens.collect::<rusqlite::Result<_>>()?)
    }

    /// The answer that was given to this `Idempotency-Key` within the last 24 h. `scope` says whose key and which
    /// operation it is.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn answer(&self, scope: &str, key: &str, now: Millis) -> Result<Option<Answer>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body_hash, status, response FROM idempotency WHERE scope = ?1 AND key = ?2 AND created_at > ?3",
        )?;
        let oldest = integer(now.since(REPEATABLE).0);
        let answer = statement.query_row(params![scope, key, oldest], |row| {
            Ok(Answer { body_hash: row.get(0)?, status: row.get(1)?, response: row.get(2)? })
        });
        Ok(answer.optional()?)
    }
}

fn token(row: &Row<'_>) -> rusqlite::Result<UserToken> {
    Ok(UserToken {
        jti: TokenId::from_bytes(row.get(0)?),
        user: id(row, 1)?,
        created_at: millis(row, 2)?,
        expires_at: row.get::<_, Option<i64>>(3)?.map(|_| millis(row, 3)).transpose()?,
        revoked_at: row.get::<_, Option<i64>>(4)?.map(|_| millis(row, 4)).transpose()?,
    })
}
