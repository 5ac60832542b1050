//! What a `status` entry says of an earlier entry that was changed or taken back. What it said before is in neither.

use super::Message;
use crate::{MessageId, Seq};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The payload of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revision {
    /// These members of the message are others now.
    Update { message: MessageId, seq: Seq, members: Vec<String> },
    /// A tombstone is left of it.
    Delete { message: MessageId, seq: Seq },
}

impl Revision {
    /// What a `status` entry says, where it is about another entry.
    #[must_use]
    pub fn of(status: &Message) -> Option<Self> {
        let payload = status.payload.as_ref()?;
        let is_revision = payload.get("update").or(payload.get("delete")).is_some_and(Value::is_object);
        is_revision.then(|| Self::deserialize(payload).ok()).flatten()
    }

    /// # Panics
    /// Never: its members have string keys.
    #[must_use]
    pub fn payload(&self) -> Value {
        serde_json::to_value(self).expect("members have string keys")
    }
}
