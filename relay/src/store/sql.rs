//! How the domain's ids, numbers, times and documents are written in SQLite and read back.

use super::Failure;
use rusqlite::Row;
use serde::de::DeserializeOwned;
use shared::{
    ChannelId, ContactId, ConversationId, EventId, FileId, FormId, MessageId, Millis, OrganizationId, UserId,
    WebhookId,
};

/// An id as the database keeps it: 12 bytes.
pub trait StoredId: Copy {
    fn from_stored(bytes: [u8; 12]) -> Self;
    fn stored(&self) -> &[u8; 12];
}

macro_rules! stored_ids {
    ($($name:ident)*) => {$(
        impl StoredId for $name {
            fn from_stored(bytes: [u8; 12]) -> Self {
                Self::from_bytes(bytes)
            }

            fn stored(&self) -> &[u8; 12] {
                self.as_bytes()
            }
        }
    )*};
}

stored_ids! { ChannelId ContactId ConversationId EventId FileId FormId MessageId OrganizationId UserId WebhookId }

/// SQLite's integers are signed; nothing counted here comes near their end.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

pub(super) fn id<T: StoredId>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    Ok(T::from_stored(row.get(column)?))
}

pub(super) fn optional_id<T: StoredId>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<[u8; 12]>>(column)?.map(T::from_stored))
}

pub(super) fn millis(row: &Row<'_>, column: usize) -> rusqlite::Result<Millis> {
    count(row, column).map(Millis)
}

/// Reads a JSON document.
pub(super) fn document<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::Unreadable { what, reason: error.to_string() })
}

/// Reads a name that an enum of this version has.
pub(super) fn name<T>(
    what: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Failure> {
    parse(text)
        .ok_or_else(|| Failure::Unreadable { what, reason: format!("'{text}' is unknown to this version") })
}

/// Writes a JSON document.
pub(super) fn json<T: serde::Serialize>(document: &T) -> String {
    serde_json::to_string(document).expect("documents have string keys")
}
