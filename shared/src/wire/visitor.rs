//! The frames of `/v2/widget`, in both directions.

use super::{ConversationView, Hello, Welcome};
use crate::{
    ClientKey, ConversationId, Error, MessageId, Millis, Seq,
    message::{Message, MessageType, Role, Shown},
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
    /// The visitor has read up to this entry.
    Read {
        seq: Seq,
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
    /// How things stand with the conversation, where that has changed. Not part of the log.
    State(ConversationView),
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub seq: Seq,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<Shown>>,
    /// What is left of a message that was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Box<Shown>>,
    /// An earlier entry as it is now: this one says that it was changed or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised: Option<Box<Entry>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// Something about the conversation that its visitor may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `joined`, `left` or `closed`. Others may follow.
    pub what: String,
    /// Who has done it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
}

impl Entry {
    /// What the visitor gets of this message. What it revises is not known here.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        Self {
            seq: message.seq,
            message: Shown::of(message).map(Box::new),
            gone: Shown::of_gone(message).map(Box::new),
            revised: None,
            notice: Notice::of(message),
        }
    }
}

impl Notice {
    fn of(message: &Message) -> Option<Self> {
        let what = match (message.kind, message.role) {
            (MessageType::Command, Role::Agent | Role::Bot | Role::System) => match message.text.as_str() {
                "/join" | "/accept" => "joined",
                "/leave" => "left",
                "/close" => "closed",
                _ => return None,
            },
            (MessageType::Status, _) if message.payload.as_ref()?.get("status")? == "closed" => "closed",
            _ => return None,
        };
        Some(Self { what: what.to_owned(), name: message.name.clone(), at: Some(message.created_at) })
    }
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
