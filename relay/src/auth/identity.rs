//! The token by which an organization's server says who a visitor is: a JWT (RFC 7519) signed with the secret that it
//! shares with the relay. One algorithm, whatever the token's header says.

use super::hs256;
use crate::model::Identity;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Map, Number, Value};
use shared::{Error, ErrorCode, Millis};
use std::time::Duration;

/// How far ahead a token may expire: one that gets into wrong hands is good for a day at most.
const LIFE: Millis = Millis(24 * 3_600_000);
/// The organization's clock and the relay's may differ by this much.
const LEEWAY: Millis = Millis(60_000);
/// Characters of a subject, and of each member of the profile.
const CHARACTERS: usize = 200;

#[derive(Deserialize)]
struct Claims {
    sub: String,
    /// Seconds since 1970; the standard allows fractions.
    exp: Number,
    name: Option<String>,
    email: Option<String>,
    telephone: Option<String>,
}

impl Identity {
    /// The person that `token` names, when it was signed with `secret`.
    ///
    /// # Errors
    /// `unauthorized`, with a sentence for whoever makes the tokens.
    pub fn verify(token: &str, secret: &str, now: Millis) -> Result<Self, Error> {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        // By the relay's own clock, below; whom else the token is for is its issuer's business.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let key = DecodingKey::from_secret(secret.as_bytes());
        let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation);
        let claims = decoded.map_err(|_| refused("invalid token"))?.claims;
        check_expiry(&claims.exp, now)?;
        if claims.sub.is_empty() || claims.sub.chars().count() > CHARACTERS {
            return Err(refused(format!("invalid token: sub has 1 to {CHARACTERS} characters")));
        }
        let members = [("name", claims.name), ("email", claims.email), ("telephone", claims.telephone)];
        let mut profile = Map::new();
        for (name, text) in members {
            let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
            if text.chars().count() > CHARACTERS {
                return Err(refused(format!("invalid token: {name} has more than {CHARACTERS} characters")));
            }
            profile.insert(name.to_owned(), Value::String(text));
        }
        Ok(Self { subject: claims.sub, profile })
    }
}

fn check_expiry(exp: &Number, now: Millis) -> Result<(), Error> {
    let seconds =
        exp.as_f64().filter(|seconds| *seconds >= 0.0).ok_or_else(|| refused("invalid token: exp"))?;
    let expires = Duration::try_from_secs_f64(seconds)
        .map_or(Millis(u64::MAX), |at| Millis(u64::try_from(at.as_millis()).unwrap_or(u64::MAX)));
    if expires.0.saturating_add(LEEWAY.0) <= now.0 {
        return Err(refused("jwt expired"));
    }
    if expires.since(now).0 > LIFE.0 + LEEWAY.0 {
        return Err(refused("invalid token: exp lies more than 24 h ahead"));
    }
    Ok(())
}

fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Unauthorized, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::json;

    const SECRET: &str = "the secret of one organization, long enough";
    const NOW: Millis = Millis(1_600_000_000_000);

    fn sign(claims: &Value, secret: &str) -> String {
        hs256::install();
        let key = EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
    }

    fn refusal(token: &str) -> String {
        let error = Identity::verify(token, SECRET, NOW).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unauthorized);
        error.message
    }

    #[test]
    fn a_token_of_the_organization_names_a_person() {
        let claims = json!({
            "sub": "customer 7", "exp": 1_600_000_600.5, "name": "Ada", "email": "ada@shop.example", "telephone": "",
            "aud": "chat", "iss": "shop",
        });
        let identity = Identity::verify(&sign(&claims, SECRET), SECRET, NOW).unwrap();
        assert_eq!(identity.subject, "customer 7");
        assert_eq!(Value::Object(identity.profile), json!({"name": "Ada", "email": "ada@shop.example"}));
    }

    #[test]
    fn what_another_has_signed_or_nobody_is_not_believed() {
        let good = sign(&json!({"sub": "7", "exp": 1_600_000_600}), SECRET);
        assert_eq!(
            refusal(&sign(&json!({"sub": "7", "exp": 1_600_000_600}), &SECRET.to_uppercase())),
            "invalid token"
        );
        let (head, signature) = good.rsplit_once('.').unwrap();
        let (_, body) = head.split_once('.').unwrap();
        // {"alg":"none","typ":"JWT"} and {"alg":"HS512","typ":"JWT"}
        for header in ["eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9"] {
            assert_eq!(refusal(&format!("{header}.{body}.{signature}")), "invalid token");
            assert_eq!(refusal(&format!("{header}.{body}.")), "invalid token");
        }
        assert_eq!(refusal("customer 7"), "invalid token");
    }

    #[test]
    fn a_token_is_good_for_a_day_at_most() {
        let expiring = |exp: Value| sign(&json!({"sub": "7", "exp": exp}), SECRET);
        let day = 1_600_000_000 + 24 * 3_600;
        for exp in [json!(1_599_999_941), json!(1_600_000_001), json!(day), json!(day + 60)] {
            assert!(Identity::verify(&expiring(exp.clone()), SECRET, NOW).is_ok(), "{exp}");
        }
        assert_eq!(refusal(&expiring(json!(1_599_999_940))), "jwt expired");
        assert_eq!(refusal(&expiring(json!(0))), "jwt expired");
        for exp in [json!(day + 61), json!(day + 3_600), json!(1e300)] {
            assert_eq!(refusal(&expiring(exp)), "invalid token: exp lies more than 24 h ahead");
        }
        assert_eq!(refusal(&sign(&json!({"sub": "7"}), SECRET)), "invalid token", "without exp");
        assert_eq!(refusal(&expiring(json!("tomorrow"))), "invalid token");
        assert_eq!(refusal(&expiring(json!(-1))), "invalid token: exp");
    }

    #[test]
    fn names_have_bounds() {
        let of = |members: Value| {
            let mut claims = json!({"sub": "7", "exp": 1_600_000_600});
            claims.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            sign(&claims, SECRET)
        };
        assert_eq!(refusal(&of(json!({"sub": ""}))), "invalid token: sub has 1 to 200 characters");
        assert_eq!(
            refusal(&of(json!({"sub": "é".repeat(201)}))),
            "invalid token: sub has 1 to 200 characters"
        );
        assert_eq!(refusal(&of(json!({"sub": 7}))), "invalid token");
        assert_eq!(refusal(&of(json!({"email": ["a"]}))), "invalid token");
        assert_eq!(
            refusal(&of(json!({"name": "x".repeat(201)}))),
            "invalid token: name has more than 200 characters"
        );
    }
}
