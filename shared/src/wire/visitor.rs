//! The frames of `/v2/widget`, in both directions.

use super::{Hello, Welcome};
use crate::{
    ClientKey, ConversationId, Error, MessageId, Millis, Seq,
    message::{MessageType, Shown},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a widget says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VisitorFrame {
    Hello(Hello),
    /// A message. The relay answers `ack` or `nack` with the same key, whatever connection it came on before.
    #[serde(rename_all = "camelCase")]
    Send {
        key: ClientKey,
        #[serde(rename = "type", default, skip_serializing_if = "is_chat")]
        kind: MessageType,
        text: String,
        /// `text` is the address of a file that was sent to the relay before. The relay knows its media type better.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        meta: Map<String, Value>,
    },
    /// Asks for the entries after this one, because a gap was noticed. They come as `entry` frames.
    Since {
        after: Seq,
    },
    /// Asks for the page of history before this entry.
    Before {
        before: Seq,
    },
    /// The visitor is writing.
    Typing {},
    /// Answers `ping`.
    Pong {},
}

/// What the relay says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RelayFrame {
    Welcome(Welcome),
    /// One entry of the log, live.
    Entry(Entry),
    /// The page of history before `before`, in order, as asked by `before`.
    History {
        before: Seq,
        entries: Vec<Entry>,
    },
    /// The message is stored.
    Ack(Receipt),
    /// The message is refused and nothing is stored. With `retryAfter` (milliseconds) it can be sent again then.
    #[serde(rename_all = "camelCase")]
    Nack {
        key: ClientKey,
        error: Error,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// Somebody of the organization is writing. Not part of the log.
    Typing {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Milliseconds for which that may be shown unless it is said again; 0 ends it.
        #[serde(rename = "for")]
        lasts: u64,
    },
    /// Says that the relay is there, and where the log is.
    Ping {
        head: Seq,
    },
    /// The socket ends. With `retryAfter` (milliseconds) the widget may come back then; without, it stays away.
    #[serde(rename_all = "camelCase")]
    Error {
        error: Error,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

/// One entry of a conversation as its visitor gets it. Every `seq` arrives; what is not for the visitor's
/// eyes arrives without a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<Shown>>,
}

/// Proof that a message is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    pub key: ClientKey,
    pub id: MessageId,
    pub seq: Seq,
    pub conversation: ConversationId,
    pub at: Millis,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_chat(kind: &MessageType) -> bool {
    *kind == MessageType::Chat
}
