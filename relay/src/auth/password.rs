//! Passwords: hashed with Argon2id (RFC 9106) with the parameters that OWASP recommends, on threads that may be busy.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use shared::Error;
use std::{ops::RangeInclusive, sync::LazyLock};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Hashed at the same time; each takes 19 MiB and a core for some 20 ms. Whoever comes later waits.
const AT_ONCE: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// What nobody knows: who asks for an unknown user waits as long as for a known one.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash_now(&getrandom::u64().unwrap_or_default().to_string()));

/// A password that was hashed: what is stored of it.
#[derive(Debug, Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Of a password: long enough not to be guessed, and no longer than somebody types.
    pub(crate) const CHARACTERS: RangeInclusive<usize> = 12..=200;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub(crate) const fn from_stored(hash: String) -> Self {
        Self(hash)
    }

    /// # Errors
    /// `invalid` for one that is too short or too long.
    pub async fn of(password: String) -> Result<Self, Error> {
        if !Self::CHARACTERS.contains(&password.chars().count()) {
            let (least, most) = (Self::CHARACTERS.start(), Self::CHARACTERS.end());
            return Err(Error::invalid("password", format!("expected {least} to {most} characters")));
        }
        Ok(Self(apart(move || hash_now(&password)).await))
    }

    /// Whether this is the password. Takes the same time when there is no hash.
    pub async fn is_of(hash: Option<Self>, password: String) -> bool {
        apart(move || {
            let stored = hash.as_ref().map_or(NOBODYS.as_str(), Self::as_str);
            Argon2::default().verify_password(password.as_bytes(), stored).is_ok() && hash.is_some()
        })
        .await
    }
}

fn hash_now(password: &str) -> String {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.expect("the parameters are good, and the operating system has randomness").to_string()
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _place = PLACES.acquire().await.expect("the places are never closed");
    spawn_blocking(work).await.expect("hashing does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::ErrorCode;

    const PASSWORD: &str = "correct horse battery staple";

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hash = PasswordHash::of(PASSWORD.to_owned()).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(PasswordHash::is_of(Some(hash.clone()), PASSWORD.to_owned()).await);
        assert!(!PasswordHash::is_of(Some(hash), format!("{PASSWORD}s")).await);
        assert!(!PasswordHash::is_of(None, PASSWORD.to_owned()).await);
    }

    #[tokio::test]
    async fn the_same_password_is_stored_differently_each_time() {
        let (one, other) =
            (PasswordHash::of(PASSWORD.to_owned()).await, PasswordHash::of(PASSWORD.to_owned()).await);
        assert_ne!(one.unwrap().as_str(), other.unwrap().as_str());
    }

    #[tokio::test]
    async fn a_short_one_is_refused() {
        let error = PasswordHash::of("eleven char".to_owned()).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some("password")));
    }
}
