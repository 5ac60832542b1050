//! What makes a call believable, twice: as the chipchat SDK checks it (`X-Hub-Signature`, HMAC-SHA1 with the whole
//! secret), and as Standard Webhooks has it (HMAC-SHA256 with the bytes behind `whsec_`).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use shared::{EventId, Millis};

const PREFIX: &str = "whsec_";
/// Bytes of a secret: as many as SHA-256 has.
const SECRET_BYTES: usize = 32;

/// Signs with one webhook's secret.
pub struct Signer<'a> {
    secret: &'a str,
}

impl std::fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl<'a> Signer<'a> {
    /// A secret that nobody has.
    ///
    /// # Panics
    /// When the operating system has no randomness.
    #[must_use]
    pub fn new_secret() -> String {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
        format!("{PREFIX}{}", STANDARD.encode(bytes))
    }

    #[must_use]
    pub const fn new(secret: &'a str) -> Self {
        Self { secret }
    }

    /// The value of `X-Hub-Signature`.
    pub(super) fn hub(&self, body: &str) -> String {
        let mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).expect("a key of any length will do");
        let digest = mac.chain_update(body).finalize().into_bytes();
        digest.iter().fold("sha1=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// The value of `webhook-signature`.
    pub(super) fn standard(&self, id: EventId, at: Millis, body: &str) -> String {
        let key = self.secret.strip_prefix(PREFIX).and_then(|key| STANDARD.decode(key).ok());
        let key = key.unwrap_or_else(|| self.secret.as_bytes().to_vec());
        let mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key of any length will do");
        let digest = mac.chain_update(format!("{id}.{}.{body}", at.as_secs())).finalize().into_bytes();
        format!("v1,{}", STANDARD.encode(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signatures_are_those_of_their_standards() {
        // RFC 2202, case 2.
        let signer = Signer::new("Jefe");
        assert_eq!(
            signer.hub("what do ya want for nothing?"),
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        let (id, at) = (EventId::from_bytes([7; 12]), Millis(1_600_000_000_999));
        let expected = Hmac::<Sha256>::new_from_slice(b"Jefe")
            .unwrap()
            .chain_update("070707070707070707070707.1600000000.{}")
            .finalize()
            .into_bytes();
        let signature = Signer::new("whsec_SmVmZQ==").standard(id, at, "{}");
        assert_eq!(signature, format!("v1,{}", STANDARD.encode(expected)));
    }

    #[test]
    fn secrets_differ_and_have_the_form_that_libraries_expect() {
        let secret = Signer::new_secret();
        assert_ne!(secret, Signer::new_secret());
        assert_eq!(STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap().len(), SECRET_BYTES);
    }
}
