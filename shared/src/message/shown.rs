//! A message as its visitor sees it: without the organization's internals.

use super::{Action, Iframe, Item, Message, MessageStatus, MessageType, Results, Role};
use crate::{ClientKey, MessageId, Millis};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The part of a visible [`Message`] that goes to the widget. Its place (`seq`) is the entry's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    pub id: MessageId,
    #[serde(rename = "type", default, skip_serializing_if = "is_chat")]
    pub kind: MessageType,
    pub role: Role,
    #[serde(default)]
    pub text: String,
    /// Absent for plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Results>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iframe: Option<Iframe>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<ClientKey>,
    pub created_at: Millis,
    /// It says something else than it did at first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
}

impl Shown {
    /// What the visitor sees of `message`; nothing when it is not for the visitor.
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        message.is_visible().then(|| Self::whole(message))
    }

    /// What the visitor sees where `message` was: who said something and when.
    #[must_use]
    pub fn of_gone(message: &Message) -> Option<Self> {
        let is_gone = message.status == MessageStatus::Deleted && message.kind != MessageType::Event;
        (is_gone && message.is_meant()).then(|| Self::whole(message))
    }

    fn whole(message: &Message) -> Self {
        Self {
            id: message.id,
            kind: message.kind,
            role: message.role,
            text: message.text.clone(),
            content_type: (message.content_type != super::PLAIN_TEXT).then(|| message.content_type.clone()),
            name: message.name.clone().filter(|_| message.role == Role::Agent),
            actions: message.actions.clone(),
            items: message.items.clone(),
            results: message.results.clone(),
            iframe: message.iframe.clone(),
            payload: message.payload.clone(),
            meta: message.meta.clone(),
            client_key: message.client_key.clone(),
            created_at: message.created_at,
            edited: message.edited_at.is_some(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_chat(kind: &MessageType) -> bool {
    *kind == MessageType::Chat
}
