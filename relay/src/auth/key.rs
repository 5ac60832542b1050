//! The key that signs tokens: the operator's, or one made at the first start and kept in the data directory.

use crate::config::Secret;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Claims, hs256};

pub struct SigningKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// Why there is no key, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the signing key {path} cannot be read or written: {reason}; check its owner and mode")]
    File { path: PathBuf, reason: String },
    #[error(
        "the signing key {path} is shorter than {} characters; restore it, or delete it: all tokens become invalid",
        Secret::CHARACTERS
    )]
    Short { path: PathBuf },
}

/// Why a token is refused. The words are those that web1on1's SDK looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("jwt expired")]
    Expired,
    #[error("invalid token")]
    Invalid,
}

impl SigningKey {
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        hs256::install();
        let bytes = secret.reveal().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        // Signed and checked by the same clock.
        validation.leeway = 0;
        Self {
            encoding: EncodingKey::from_secret(bytes),
            decoding: DecodingKey::from_secret(bytes),
            validation,
        }
    }

    /// The key in `<data-dir>/secret`, which is made when it is not there.
    ///
    /// # Errors
    /// One line that names the file.
    pub fn kept_in(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join("secret");
        let failed = |error: io::Error| KeyError::File { path: path.clone(), reason: error.to_string() };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = random_hex();
                write_private(&path, &text).map_err(failed)?;
                text
            }
            Err(error) => return Err(failed(error)),
        };
        let secret = text.trim().parse().map_err(|_| KeyError::Short { path: path.clone() })?;
        Ok(Self::new(&secret))
    }

    /// The token that says this.
    #[must_use]
    pub fn sign(&self, claims: &Claims) -> String {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .expect("claims are JSON and the key is one of HMAC")
    }

    /// A text that only this key makes of `text`. With the prefix it is never the signature of a token.
    #[must_use]
    pub fn derive(&self, text: &str) -> String {
        jsonwebtoken::crypto::sign(format!("link:{text}").as_bytes(), &self.encoding, Algorithm::HS256)
            .expect("the key is one of HMAC")
    }

    /// What the token says, if it was signed with this key and has not expired.
    ///
    /// # Errors
    /// `jwt expired` or `invalid token`.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        match jsonwebtoken::decode(token, &self.decoding, &self.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) if *error.kind() == jsonwebtoken::errors::ErrorKind::ExpiredSignature => {
                Err(TokenError::Expired)
            }
            Err(_) => Err(TokenError::Invalid),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// What the system says.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = create_private(&beside)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    // The mode above is for a file that is new.
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(true).write(true).open(path)
}

/// 256 random bits.
fn random_hex() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::TokenKind, model::TokenId};
    use shared::UserId;

    fn claims(exp: Option<u64>) -> Claims {
        Claims {
            user: UserId::from_bytes([1; 12]),
            organization: None,
            scope: TokenKind::Admin,
            jti: TokenId::from_bytes([2; 16]),
            iat: 1,
            exp,
        }
    }

    #[test]
    fn only_a_token_of_this_key_that_has_not_expired_is_believed() {
        let key = SigningKey::new(&"k".repeat(32).parse().unwrap());
        let other = SigningKey::new(&"o".repeat(32).parse().unwrap());
        let far = 4_000_000_000;

        assert_eq!(key.verify(&key.sign(&claims(Some(far)))), Ok(claims(Some(far))));
        assert_eq!(key.verify(&key.sign(&claims(None))), Ok(claims(None)));
        assert_eq!(key.verify(&key.sign(&claims(Some(2)))), Err(TokenError::Expired));
        assert_eq!(key.verify(&other.sign(&claims(Some(far)))), Err(TokenError::Invalid));
        assert_eq!(key.verify("no token"), Err(TokenError::Invalid));
    }

    #[test]
    fn a_token_without_or_with_another_algorithm_is_refused() {
        let key = SigningKey::new(&"k".repeat(32).parse().unwrap());
        let signed = key.sign(&claims(None));
        let (_, rest) = signed.split_once('.').unwrap();
        // {"alg":"none","typ":"JWT"} and {"alg":"HS512","typ":"JWT"}
        for header in ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9"] {
            assert_eq!(key.verify(&format!("{header}.{rest}")), Err(TokenError::Invalid));
        }
        let (unsigned, _) = signed.rsplit_once('.').unwrap();
        assert_eq!(key.verify(&format!("{unsigned}.")), Err(TokenError::Invalid));
    }

    #[test]
    fn the_kept_key_is_made_once_and_only_its_owner_can_read_it() {
        let directory = tempfile::tempdir().unwrap();
        let token = SigningKey::kept_in(directory.path()).unwrap().sign(&claims(None));
        assert!(SigningKey::kept_in(directory.path()).unwrap().verify(&token).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(directory.path().join("secret")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(directory.path().join("secret"), "short").unwrap();
        assert!(matches!(SigningKey::kept_in(directory.path()), Err(KeyError::Short { .. })));
    }
}
