//! The message model: one entry of a conversation, as the REST API and the agents' stream show it.
//! What a sender may say is a [`Draft`]; what a visitor gets to see of an entry is a [`Shown`].

mod draft;
mod parts;
mod revision;
mod shown;

pub use draft::Draft;
pub use parts::{Action, ActionType, Iframe, Item, MessageStatus, MessageType, Results, Role};
pub use revision::Revision;
pub use shown::Shown;

use crate::{ClientKey, ContactId, ConversationId, MessageId, Millis, OrganizationId, Seq, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The media type of a plain text, the default.
pub const PLAIN_TEXT: &str = "text/plain";
/// The medium that the relay carries itself, and the only one so far.
pub const WEB: &str = "web";

/// One entry of a conversation's log, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: MessageId,
    pub organization: OrganizationId,
    pub conversation: ConversationId,
    pub seq: Seq,
    #[serde(rename = "type")]
    pub kind: MessageType,
    pub role: Role,
    pub text: String,
    /// Media type. Of a file or image it is the file's, and `text` its address.
    pub content_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The author's name at the time of writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub touchpoint: String,
    pub is_backchannel: bool,
    #[serde(default)]
    pub actions: Vec<Action>,
    #[serde(default)]
    pub items: Vec<Item>,
    #[serde(default)]
    pub results: Vec<Results>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iframe: Option<Iframe>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
    #[serde(default)]
    pub meta: Map<String, Value>,
    /// Milliseconds that the message was held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<ClientKey>,
    pub status: MessageStatus,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// When what it says was changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Millis>,
}

impl Message {
    /// Whether the visitor's browser gets this entry: said by the contact or an agent, not taken back, no backchannel
    /// note, of a visible type. A form is shown whoever has activated it. An event is for the page when somebody of the organization sends it, and for the organization when the
    /// page does.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.is_meant() && self.status != MessageStatus::Deleted
    }

    /// [`Self::is_visible`], or was before it was taken back.
    fn is_meant(&self) -> bool {
        let is_meant = match (self.kind, self.role) {
            // Whoever has activated it, the visitor is asked to fill it in.
            (MessageType::Event, Role::Agent | Role::Bot) | (MessageType::Form, _) => true,
            (MessageType::Event, Role::Contact) | (_, Role::Bot | Role::System) => false,
            (kind, Role::Contact | Role::Agent) => kind.is_visible(),
        };
        is_meant && !self.is_backchannel
    }

    /// What stays when the message is taken back: who wrote it and when, and its place.
    #[must_use]
    pub fn tombstone(&self, now: Millis) -> Self {
        Self {
            text: String::new(),
            content_type: PLAIN_TEXT.to_owned(),
            actions: vec![],
            items: vec![],
            results: vec![],
            iframe: None,
            payload: None,
            meta: Map::new(),
            delay: None,
            status: MessageStatus::Deleted,
            updated_at: now,
            edited_at: None,
            ..self.clone()
        }
    }
}
