//! Identifiers. An id is 12 bytes, written as 24 lower-case hex digits; its first four bytes are the
//! Unix time of its creation in seconds, so ids sort by age. Each kind has a type of its own.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Why a text is not an identifier. The message names what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct ParseIdError {
    expected: &'static str,
}

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 12]);

        impl $name {
            /// An id made at `unix_seconds` (truncated to 32 bits, as the format has it) with eight random bytes.
            #[must_use]
            pub fn new(unix_seconds: u64, random: [u8; 8]) -> Self {
                let mut bytes = [0; 12];
                let seconds = u32::try_from(unix_seconds & u64::from(u32::MAX)).unwrap_or(u32::MAX);
                bytes[..4].copy_from_slice(&seconds.to_be_bytes());
                bytes[4..].copy_from_slice(&random);
                Self(bytes)
            }

            /// The id with exactly these bytes, as a database keeps it.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 12]) -> Self {
                Self(bytes)
            }

            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 12] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = [0; 24];
                f.write_str(encode_hex(&self.0, &mut text))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let mut bytes = [0; 12];
                decode_hex(text, &mut bytes).ok_or(ParseIdError { expected: "24 lower-case hex digits" })?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut text = [0; 24];
                serializer.serialize_str(encode_hex(&self.0, &mut text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(ParsedVisitor::new("24 lower-case hex digits"))
            }
        }
    )*};
}

id_type! {
    /// A tenant.
    OrganizationId;
    /// Someone (or some program) that works for an organization.
    UserId;
    /// An inbox: a named group of users.
    ChannelId;
    /// A named list of fields.
    FormId;
    /// A visitor or consumer.
    ContactId;
    /// An ordered log of messages.
    ConversationId;
    /// One entry of a conversation.
    MessageId;
    /// An address that is told what happens.
    WebhookId;
    /// Something that happened. Of a message that was stored it is the message's own.
    EventId;
    /// What was sent along with a message.
    FileId;
}

/// A message's place in its conversation: 1, 2, 3, … without gaps. `Seq::ZERO` is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    pub const ZERO: Self = Self(0);

    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The sender's own name for a message: 1 to 64 of `A–Z a–z 0–9 _ -`. Sending the same key again in the
/// same conversation stores nothing new.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ClientKey(String);

const CLIENT_KEY: &str = "1 to 64 of A-Z, a-z, 0-9, _ and -";

impl ClientKey {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientKey {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let fits = (1..=64).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseIdError { expected: CLIENT_KEY })
        }
    }
}

impl fmt::Display for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ClientKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedVisitor::new(CLIENT_KEY))
    }
}

/// The secret that makes a browser the owner of its conversation: 32 random bytes as 64 lower-case hex
/// digits. The browser makes it before its first message and the relay stores only its hash, so a first
/// message that is sent twice (its answer was lost) still opens one conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitorToken([u8; 32]);

impl VisitorToken {
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The secret itself, for storage in the browser and for the greeting.
    #[must_use]
    pub fn reveal(&self) -> String {
        let mut text = [0; 64];
        encode_hex(&self.0, &mut text).to_owned()
    }
}

impl fmt::Debug for VisitorToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VisitorToken(…)")
    }
}

impl FromStr for VisitorToken {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let mut bytes = [0; 32];
        decode_hex(text, &mut bytes).ok_or(ParseIdError { expected: "64 lower-case hex digits" })?;
        Ok(Self(bytes))
    }
}

impl Serialize for VisitorToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        serializer.serialize_str(encode_hex(&self.0, &mut text))
    }
}

impl<'de> Deserialize<'de> for VisitorToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedVisitor::new("64 lower-case hex digits"))
    }
}

/// Reads a string straight into `T`, without a copy in between.
pub(crate) struct ParsedVisitor<T> {
    expected: &'static str,
    kind: std::marker::PhantomData<T>,
}

impl<T> ParsedVisitor<T> {
    pub(crate) fn new(expected: &'static str) -> Self {
        Self { expected, kind: std::marker::PhantomData }
    }
}

impl<T: FromStr> de::Visitor<'_> for ParsedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn encode_hex<'a>(bytes: &[u8], text: &'a mut [u8]) -> &'a str {
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    std::str::from_utf8(text).expect("hex digits are ASCII")
}

fn decode_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    if text.len() != bytes.len() * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        *byte = (hex_value(pair[0])? << 4) | hex_value(pair[1])?;
    }
    Some(())
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_starts_with_its_time() {
        let id = MessageId::new(0x5bb0_1d0d, [0xd9, 0x9f, 0xaf, 0x11, 0xa3, 0xf4, 0xa3, 0x6e]);
        assert_eq!(id.to_string(), "5bb01d0dd99faf11a3f4a36e");
    }

    #[test]
    fn only_lower_case_hex_of_the_right_length_is_an_id() {
        for bad in [
            "",
            "5bb01d0dd99faf11a3f4a36",
            "5BB01D0DD99FAF11A3F4A36E",
            "5bb01d0dd99faf11a3f4a36ee",
            "zzb01d0dd99faf11a3f4a36e",
        ] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself_in_debug_output() {
        assert_eq!(format!("{:?}", VisitorToken::from_bytes([7; 32])), "VisitorToken(…)");
    }

    proptest! {
        #[test]
        fn ids_survive_text_and_json(bytes: [u8; 12]) {
            let id = UserId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<UserId>().unwrap(), id);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<UserId>(&json).unwrap(), id);
        }
    }
}
