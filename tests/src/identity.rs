//! Identities, as an organization's own server signs them.

use crate::clock::now;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A JWT (HS256) that says this.
///
/// # Panics
/// Never: a key may have any length.
#[must_use]
pub fn sign(claims: &Value, secret: &str) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&json!({"alg": "HS256", "typ": "JWT"})), encode(claims));
    let key = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    let signature = key.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Seconds since 1970, so many from now.
#[must_use]
pub fn seconds_from_now(seconds: i64) -> u64 {
    now().as_secs().saturating_add_signed(seconds)
}
