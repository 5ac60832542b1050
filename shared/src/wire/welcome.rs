//! The greeting: what the widget says first, and what it gets to know.

use super::{ConversationView, Entry};
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
    /// Who the visitor is, in the words of the organization's own server: a JWT. The conversation is then that person's,
    /// whatever the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// What a one-time link carries: moves its conversation to this token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// The credentials of a one-time link, as its address has them. Plain text: a page may have an `id` and a `token` of
/// its own in its address, and what is no claim is refused like any other that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub id: String,
    pub token: String,
}

/// What became of a [`Claim`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClaimOutcome {
    Accepted,
    /// Used by somebody else, expired or forged: the visitor is whoever it was before.
    Refused,
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
    /// Absent from a relay of before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConversationView>,
    /// Where the greeting had a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimOutcome>,
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
    /// Bytes that a file of a visitor's may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_bytes: Option<u64>,
    /// The public part of the organization's settings: `greeting`, `color`, `replyTime`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
}
