//! Handing out tokens, and finding the user of one. What was found is remembered for a moment, so that a
//! request costs no look-up; a revocation through this relay counts at once, one from the shell within that moment.

use super::{Claims, SigningKey, TokenKind};
use crate::{
    model::{TokenId, User, UserToken},
    store::{Scope, Store, StoreError},
};
use shared::{Error, ErrorCode, Millis};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// How long a look-up is believed: short for whoever revokes, long for a program that posts all day.
const REMEMBERED: Millis = Millis(5_000);
/// Look-ups remembered; then all are forgotten. A few hundred bytes each.
const MOST: usize = 10_000;

#[derive(Debug)]
pub struct Tokens {
    key: SigningKey,
    known: Mutex<HashMap<TokenId, Known>>,
    changes: watch::Sender<()>,
}

#[derive(Debug)]
struct Known {
    user: Arc<User>,
    since: Millis,
}

/// A new token: what it says, and the record that lets it be revoked. It is good once the record is stored.
#[derive(Debug, Clone)]
pub struct Issued {
    pub claims: Claims,
    pub record: UserToken,
}

impl Issued {
    /// # Panics
    /// When the operating system has no randomness.
    #[must_use]
    pub fn new(user: &User, kind: TokenKind, now: Millis, expires_at: Option<Millis>) -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
        let jti = TokenId::from_bytes(bytes);
        Self {
            claims: Claims::new(user, kind, jti, now, expires_at),
            record: UserToken { jti, user: user.id, created_at: now, expires_at, revoked_at: None },
        }
    }
}

impl Tokens {
    #[must_use]
    pub fn new(key: SigningKey) -> Self {
        Self { key, known: Mutex::default(), changes: watch::Sender::default() }
    }

    #[must_use]
    pub fn sign(&self, claims: &Claims) -> String {
        self.key.sign(claims)
    }

    /// What a one-time link of this number carries.
    #[must_use]
    pub fn link_token(&self, number: &str) -> String {
        self.key.derive(number)
    }

    /// The user that a token acts as.
    ///
    /// # Errors
    /// `unauthorized` with "jwt expired" or "invalid token", or a failure of the store.
    pub async fn user(&self, store: &Store, token: &str, now: Millis) -> Result<Arc<User>, StoreError> {
        let claims = self.key.verify(token).map_err(|reason| unauthorized(reason.to_string()))?;
        if claims.scope == TokenKind::Refresh {
            return Err(unauthorized("invalid token: a refresh token is not for requests").into());
        }
        if let Some(user) = self.remembered(claims.jti, now) {
            return Ok(user);
        }
        let jti = claims.jti;
        let revoked = || unauthorized("invalid token: it was revoked");
        let user = Arc::new(holder(store, claims, now).await?.ok_or_else(revoked)?);
        self.remember(jti, Known { user: Arc::clone(&user), since: now });
        Ok(user)
    }

    /// The user that a refresh token may get another token for.
    ///
    /// # Errors
    /// `unauthorized`, or a failure of the store.
    pub async fn refreshed(&self, store: &Store, token: &str, now: Millis) -> Result<User, StoreError> {
        let claims = self.key.verify(token).ok().filter(|claims| claims.scope == TokenKind::Refresh);
        let user = match claims {
            Some(claims) => holder(store, claims, now).await?,
            None => None,
        };
        Ok(user.ok_or_else(refresh_refused)?)
    }

    /// Forgets who has which token, after a user or a token changed.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.changes.send_replace(());
    }

    /// Tells whenever a user or a token has changed: whoever acts for long with a token looks at it again.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn remembered(&self, jti: TokenId, now: Millis) -> Option<Arc<User>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&jti)
            .filter(|known| now.since(known.since) < REMEMBERED)
            .map(|known| Arc::clone(&known.user))
    }

    fn remember(&self, jti: TokenId, found: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(jti, found);
    }
}

/// The user of a token whose signature holds; none where it was revoked.
async fn holder(store: &Store, claims: Claims, now: Millis) -> Result<Option<User>, StoreError> {
    let found = store.read(move |read| {
        if !read.is_token_live(claims.user, claims.jti, now)? {
            return Ok(None);
        }
        read.find::<User>(Scope::All, claims.user)
    });
    found.await
}

/// Not in the words of `TokenError`: at those, web1on1's SDK asks for another token, here as well, and without an end.
pub(crate) fn refresh_refused() -> Error {
    unauthorized("the refresh token is not accepted; sign in again")
}

fn unauthorized(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Unauthorized, message)
}
