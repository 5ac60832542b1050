//! How things stand with a conversation, as its visitor may know: who is there, who waits for whom, what was read.

use crate::{Seq, UserId, conversation::Status};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Beside the log: it comes whole, whenever it is another than before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    /// Absent until the first message opens the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whoever of the organization takes part or did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentView>,
    /// Somebody of the organization is there.
    #[serde(default)]
    pub is_online: bool,
    /// Somebody of the organization has read up to here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read_by_agents: Seq,
    /// The visitor has, on any device.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read_by_visitor: Seq,
    /// While it is queued: how many were queued before it. Absent when they are too many to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// The forms that are to be filled in, each with its definition: `{id, name, fields, values}`. What draws them reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Value>,
}

/// One of the organization, as a visitor knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentView {
    pub id: UserId,
    pub name: String,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(default)]
    pub is_online: bool,
    /// Took part, and does no longer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_left: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
