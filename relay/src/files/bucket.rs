//! The setting that names a bucket: `s3://bucket/prefix`.

use object_store::path::Path as Key;
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    prefix: Key,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an address such as s3://bucket/prefix")]
pub struct NoBucket;

impl Bucket {
    #[must_use]
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub(super) fn prefix(&self) -> Key {
        self.prefix.clone()
    }
}

impl FromStr for Bucket {
    type Err = NoBucket;

    fn from_str(text: &str) -> Result<Self, NoBucket> {
        let rest = text.strip_prefix("s3://").ok_or(NoBucket)?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(NoBucket);
        }
        Ok(Self { name: name.to_owned(), prefix: Key::parse(prefix).map_err(|_| NoBucket)? })
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_has_a_name_and_perhaps_a_prefix() {
        let parsed = |text: &str| text.parse().map(|bucket: Bucket| (bucket.name, bucket.prefix.to_string()));
        assert_eq!(parsed("s3://chat"), Ok(("chat".into(), String::new())));
        assert_eq!(parsed("s3://chat/a/b/"), Ok(("chat".into(), "a/b".into())));
        for bad in ["", "chat", "s3://", "s3:///a", "https://chat/a", "s3://chat/a//b", "s3://ch at"] {
            assert_eq!(parsed(bad), Err(NoBucket), "{bad}");
        }
    }
}
