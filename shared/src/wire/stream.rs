//! The frames of `/v2/events`: everything that happens in an organization, for agents and programs.

use crate::{ConversationId, Error, Millis, OrganizationId, Seq, UserId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What an agent or program says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AgentFrame {
    /// The first frame. `token` where no `Authorization` header can be sent (browsers); `cursor` to resume
    /// after an event already seen, absent to start with what happens from now on; `organization` for
    /// a token that belongs to none.
    #[serde(rename_all = "camelCase")]
    Hello {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<OrganizationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<u64>,
    },
    /// Answers `ping`.
    Pong {},
}

/// What the relay says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StreamFrame {
    /// The stream is open; events after `cursor` follow.
    Welcome {
        organization: OrganizationId,
        cursor: u64,
        now: Millis,
    },
    Event(Event),
    /// The contact of this conversation is writing. Not part of the log: it has no cursor and is not repeated.
    Typing {
        conversation: ConversationId,
        /// Milliseconds for which that may be shown unless it is said again.
        #[serde(rename = "for")]
        lasts: u64,
    },
    /// Somebody has read a conversation up to an entry: a user, or its contact. Not part of the log either.
    Read {
        conversation: ConversationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<UserId>,
        seq: Seq,
    },
    /// Says that the relay is there, and how far the organization's log is.
    Ping {
        cursor: u64,
    },
    #[serde(rename_all = "camelCase")]
    Error {
        error: Error,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

/// One thing that happened. `cursor` grows with every event of the relay and is what a reader resumes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub cursor: u64,
    /// `message.create.<conversation type>.<message type>`.
    pub event: String,
    pub conversation: ConversationId,
    /// The message, as the REST API shows it.
    pub data: Box<RawValue>,
}
