//! How the text of a setting becomes what it means.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};
use tracing_subscriber::filter::Targets;

/// A setting's type. `EXPECTED` completes "expected …".
pub(super) trait Value: Sized {
    const EXPECTED: &'static str;

    fn from_setting(text: Option<&str>) -> Option<Self>;
}

macro_rules! parsed {
    ($($type:ty: $expected:literal;)*) => {$(
        impl Value for $type {
            const EXPECTED: &'static str = $expected;

            fn from_setting(text: Option<&str>) -> Option<Self> {
                text?.parse().ok()
            }
        }
    )*};
}

parsed! {
    bool: "true or false";
    u32: "a whole number from 0 to 4294967295";
    u64: "a whole number";
    usize: "a whole number";
    SocketAddr: "an address and a port such as 127.0.0.1:8080";
    PathBuf: "a path";
    Targets: "error, warn, info, debug or trace, also per part as in info,relay::http=debug";
    super::settings::LogFormat: "text or json";
    Secret: "at least 32 characters";
    crate::files::Bucket: "a bucket such as s3://chat-files or s3://chat-files/prefix";
    crate::http::proxy::Proxies: "networks such as 10.0.0.0/8,127.0.0.1";
    crate::http::origin::Origin: "an address without a path such as https://chat.example";
}

impl<T: Value> Value for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn from_setting(text: Option<&str>) -> Option<Self> {
        match text {
            Some(_) => T::from_setting(text).map(Some),
            None => Some(None),
        }
    }
}

/// A text that signs tokens. It does not show itself in debug output.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// As many characters as the 256 bits of an HS256 key have bytes (RFC 7518, section 3.2).
    pub const CHARACTERS: usize = 32;

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected at least {} characters", Secret::CHARACTERS)]
pub struct ShortSecret;

impl FromStr for Secret {
    type Err = ShortSecret;

    fn from_str(text: &str) -> Result<Self, ShortSecret> {
        if text.chars().count() < Self::CHARACTERS {
            return Err(ShortSecret);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
