//! Whom a JWT speaks of. It is not verified here: the relay does that.

use serde_json::Value;
use shared::json;

/// The `sub` of a JWT (RFC 7519, section 4.1.2); nothing for what is none.
pub(crate) fn subject(token: &str) -> Option<String> {
    let claims = decode(token.split('.').nth(1)?)?;
    json::read::<Value>(&claims)?.get("sub")?.as_str().map(str::to_owned)
}

/// Base64 in the alphabet for addresses, without padding (RFC 7515, section 2).
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_be_bytes()[3]);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whom_it_is_about() {
        // {"sub":"ada","name":"Adá"}
        assert_eq!(subject("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJuYW1lIjoiQWTDoSJ9.c2ln").unwrap(), "ada");
    }

    #[test]
    fn what_is_no_token_speaks_of_nobody() {
        for bad in ["", "a", "a.b.c", "a.e30.c", "a.eyJzdWIiOjd9.c", "a.eyJzdWIi=.c"] {
            assert_eq!(subject(bad), None, "{bad}");
        }
    }
}
