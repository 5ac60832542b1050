//! The one table of error codes. The same codes travel in REST answers, WebSocket error frames and on
//! JavaScript errors; `docs/errors.md` explains each to people.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, http $status:literal, close $close:literal, retry $retry:literal;)*) => {
        /// What went wrong, as a program sees it. Stable: a code is never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it is written on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// HTTP status (RFC 9110); 0 for codes that exist in JavaScript only.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// WebSocket close code (RFC 6455, 4000–4999 are the application's); 0 when it never closes a socket.
            #[must_use]
            pub const fn close_code(self) -> u16 {
                match self { $(Self::$name => $close),* }
            }

            /// Whether the same request can succeed later, unchanged.
            #[must_use]
            pub const fn can_retry(self) -> bool {
                match self { $(Self::$name => $retry),* }
            }
        }
    };
}

error_codes! {
    /// The body or frame is not JSON.
    BadJson = "bad_json", http 400, close 4400, retry false;
    /// JSON, but not a request that exists here.
    BadRequest = "bad_request", http 400, close 4400, retry false;
    /// No token, or one that is expired, revoked or forged.
    Unauthorized = "unauthorized", http 401, close 4401, retry false;
    /// The token does not allow this.
    Forbidden = "forbidden", http 403, close 4403, retry false;
    /// The page's origin is not in the organization's `allowedOrigins`.
    OriginNotAllowed = "origin_not_allowed", http 403, close 4403, retry false;
    /// The organization has switched this visitor command off.
    ForbiddenCommand = "forbidden_command", http 403, close 0, retry false;
    /// It does not exist, or not in this organization.
    NotFound = "not_found", http 404, close 4404, retry false;
    /// The resource exists, the method does not.
    MethodNotAllowed = "method_not_allowed", http 405, close 0, retry false;
    /// A contact with this identifier already exists.
    ContactExists = "contact_exists", http 409, close 0, retry false;
    /// The idempotency key was used with another body.
    IdempotencyConflict = "idempotency_conflict", http 409, close 0, retry false;
    /// Longer than a limit allows.
    TooLarge = "too_large", http 413, close 1009, retry false;
    /// A body of another media type than the one that is read here.
    UnsupportedMediaType = "unsupported_media_type", http 415, close 1003, retry false;
    /// A member is missing, unknown, of the wrong type or out of range; `field` names it.
    Invalid = "invalid", http 422, close 4422, retry false;
    /// Not a `>cs` command.
    BadCommand = "bad_command", http 422, close 0, retry false;
    /// No service carries messages to that touchpoint.
    TouchpointUnavailable = "touchpoint_unavailable", http 422, close 0, retry false;
    /// Too many requests; try again after the time given.
    RateLimited = "rate_limited", http 429, close 4429, retry true;
    /// The relay cannot do this now: it is starting, stopping, overloaded, or its disk refuses.
    Unavailable = "unavailable", http 503, close 1012, retry true;
    /// No action of that name is registered.
    UnknownAction = "unknown_action", http 0, close 0, retry false;
    /// A `before` listener cancelled the action.
    ActionCancelled = "action_cancelled", http 0, close 0, retry false;
    /// The widget was destroyed before the call could finish.
    Destroyed = "destroyed", http 0, close 0, retry false;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error as it is told to the other end: a code for programs, a sentence for people, and the member
/// of the request that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Error {
    pub code: ErrorCode,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Error {
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// `invalid`, about the member `field` (dotted path).
    #[must_use]
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: ErrorCode::Invalid, message: message.into(), field: Some(field.into()) }
    }

    /// `not_found`: "`kind` `id` does not exist".
    #[must_use]
    pub fn not_found(kind: &str, id: impl fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("{kind} {id} does not exist"))
    }

    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_written_as_it_is_called() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
            assert!(matches!(code.http_status(), 0 | 400..=599), "{code}");
            assert!(matches!(code.close_code(), 0 | 1000..=1015 | 4000..=4999), "{code}");
        }
    }
}
