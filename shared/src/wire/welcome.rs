//! The greeting: what the widget says first, and what it gets to know.

use super::Entry;
use crate::{ConversationId, Millis, OrganizationId, Seq, VisitorToken};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The first frame of a widget's socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    pub version: u32,
    pub organization: OrganizationId,
    /// Made by the browser; unknown to the relay until the first message under it is stored.
    pub token: VisitorToken,
    /// The last entry that this end has; 0 for none.
    #[serde(default)]
    pub last: Seq,
    /// BCP 47 tag of the page or browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The relay's answer to [`Hello`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// Absent until the first message opens the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The newest entry of the conversation.
    pub head: Seq,
    /// True when the entries do not follow what the widget has (it was too far behind, or it has entries that the
    /// relay does not): it drops what it has and starts from these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reload: bool,
    /// The first page; what follows up to `head` comes as `entry` frames.
    pub entries: Vec<Entry>,
    pub organization: OrganizationView,
    /// The relay's clock.
    pub now: Millis,
}

/// What a visitor may know of an organization.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationView {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The public part of the organization's settings: `greeting`, `color`, `replyTime`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
}
