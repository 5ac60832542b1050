//! JSON for the end that pays for every byte: what a browser reads was written by a relay, a page or itself,
//! so that nobody needs to hear what was wrong with it. A fraction of `serde_json`'s size, which the relay uses.

mod float;
mod reader;
mod writer;

use serde::{Serialize, de, de::DeserializeOwned, ser};
use std::fmt;

/// Reads a whole text. Nothing when it is not JSON or not a `T`.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut reader = reader::Reader::new(text);
    let value = T::deserialize(&mut reader).ok()?;
    reader.is_at_end().then_some(value)
}

/// Writes a value; nothing when it has map keys that are no strings.
#[must_use]
pub fn write<T: Serialize>(value: &T) -> Option<String> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer).ok()?;
    Some(writer.text)
}

/// Carries nothing, so that the messages that serde makes for it are never made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the JSON expected")
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
