//! Rows of conversations and messages, turned into what they mean. A plain text message has no `extra`.

use crate::{
    model::{Conversation, ConversationType, TouchpointState, slug_of},
    store::{
        StoreError,
        ids::{is_held, message_id},
        sql::{count, document, id, json, millis, name, optional_id},
    },
};
use rusqlite::Row;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{
    ChannelId, MessageId, Millis, OrganizationId, Seq,
    conversation::State,
    message::{Action, Iframe, Item, Message, MessageStatus, PLAIN_TEXT, Results, Role},
};
use std::collections::BTreeMap;

/// The medium of messages that do not say.
pub(in crate::store) const WEB: &str = "web";

/// An entry of the log with its place in the organization's stream.
#[derive(Debug, Clone)]
pub(in crate::store) struct Logged {
    pub(in crate::store) message: Message,
    pub(in crate::store) cursor: u64,
    pub(in crate::store) conversation_type: ConversationType,
}

/// What [`logged`] reads.
pub(super) const MESSAGE_COLUMNS: &str = "m.pos, c.organization, c.id, m.seq, m.type, m.role, m.text, m.user, \
     c.contact, m.name, m.client_key, m.created_at, m.updated_at, m.extra, c.type";

/// Where [`MESSAGE_COLUMNS`] are. What is being erased is not there.
pub(super) const MESSAGES: &str =
    "messages m JOIN conversations c ON c.key = m.conversation AND c.status <> 'erased'";

pub(super) fn logged(row: &Row<'_>) -> Result<Logged, StoreError> {
    let text_of = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let role: Role = name("role", text_of(5)?, |text| text.parse().ok())?;
    let (cursor, created_at) = (count(row, 0)?, millis(row, 11)?);
    let extra: Extra = match row.get_ref(13)?.as_str_or_null().map_err(rusqlite::Error::from)? {
        Some(text) => document("message", text)?,
        None => Extra::default(),
    };
    let message = Message {
        id: extra.id.unwrap_or_else(|| message_id(created_at, cursor)),
        organization: id(row, 1)?,
        conversation: id(row, 2)?,
        seq: Seq(count(row, 3)?),
        kind: name("message type", text_of(4)?, |text| text.parse().ok())?,
        role,
        text: row.get(6)?,
        content_type: extra.content_type.unwrap_or_else(|| PLAIN_TEXT.to_owned()),
        user: optional_id(row, 7)?,
        contact: if role == Role::Contact { optional_id(row, 8)? } else { None },
        name: row.get(9)?,
        touchpoint: extra.touchpoint.unwrap_or_else(|| WEB.to_owned()),
        is_backchannel: extra.is_backchannel,
        actions: extra.actions,
        items: extra.items,
        results: extra.results,
        iframe: extra.iframe,
        payload: extra.payload,
        meta: extra.meta,
        delay: extra.delay,
        client_key: match row.get_ref(10)?.as_str_or_null().map_err(rusqlite::Error::from)? {
            Some(text) => Some(name("client key", text, |text| text.parse().ok())?),
            None => None,
        },
        status: extra.status,
        created_at,
        updated_at: row.get::<_, Option<i64>>(12)?.map_or(Ok(created_at), |_| millis(row, 12))?,
        edited_at: extra.edited_at,
    };
    Ok(Logged { message, cursor, conversation_type: conversation_type(text_of(14)?)? })
}

/// What [`conversation`] reads.
pub(super) const CONVERSATION_COLUMNS: &str = "c.id, c.organization, c.type, c.contact, c.touchpoint, h.head, c.state, \
     c.created_by, c.created_at, h.updated_at";

/// Where [`CONVERSATION_COLUMNS`] are. What is being erased has no head, so it is not there.
pub(super) const CONVERSATIONS: &str = "conversations c JOIN conversation_heads h ON h.conversation = c.key";

pub(super) fn conversation(row: &Row<'_>) -> Result<Conversation, StoreError> {
    let text_of = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let conversation_id = id(row, 0)?;
    let state: State = document("conversation", text_of(6)?)?;
    let (organization, touchpoint): (OrganizationId, String) = (id(row, 1)?, row.get(4)?);
    Ok(Conversation {
        id: conversation_id,
        organization,
        org_path: organization.to_string(),
        kind: conversation_type(text_of(2)?)?,
        slug: slug_of(&conversation_id),
        url: None,
        contact: optional_id(row, 3)?,
        channels: channels_of(&state),
        channels_offline: Vec::new(),
        state,
        head: Seq(count(row, 5)?),
        touchpoints: BTreeMap::from([(touchpoint.clone(), TouchpointState { selected: true })]),
        touchpoint,
        messages: None,
        created_by: optional_id(row, 7)?,
        created_at: millis(row, 8)?,
        updated_at: millis(row, 9)?,
    })
}

/// The inboxes that were notified, each once.
pub(in crate::store) fn channels_of(state: &State) -> Vec<ChannelId> {
    let mut channels = Vec::new();
    for channel in state.notifications.iter().filter_map(|notification| notification.channel) {
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    channels
}

pub(in crate::store) fn conversation_type(text: &str) -> Result<ConversationType, StoreError> {
    let find = |text: &str| ConversationType::ALL.into_iter().find(|kind| kind.as_str() == text);
    Ok(name("conversation type", text, find)?)
}

/// The members that a plain text message does not have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Extra {
    /// Of a message that was held: the one that it had before its place.
    id: Option<MessageId>,
    content_type: Option<String>,
    touchpoint: Option<String>,
    is_backchannel: bool,
    actions: Vec<Action>,
    items: Vec<Item>,
    results: Vec<Results>,
    iframe: Option<Iframe>,
    payload: Option<Value>,
    meta: Map<String, Value>,
    delay: Option<u64>,
    status: MessageStatus,
    edited_at: Option<Millis>,
}

/// [`Extra`] as it is written: borrowed, and without what is as in a plain message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtraOf<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<MessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    touchpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_backchannel: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    actions: &'a [Action],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    items: &'a [Item],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    results: &'a [Results],
    #[serde(skip_serializing_if = "Option::is_none")]
    iframe: Option<&'a Iframe>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    meta: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<MessageStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Millis>,
}

/// The `extra` column of a message; none for a plain one.
pub(in crate::store) fn write_extra(message: &Message) -> Option<String> {
    let extra = ExtraOf {
        id: is_held(message.id).then_some(message.id),
        content_type: (message.content_type != PLAIN_TEXT).then_some(&message.content_type),
        touchpoint: (message.touchpoint != WEB).then_some(&message.touchpoint),
        is_backchannel: message.is_backchannel,
        actions: &message.actions,
        items: &message.items,
        results: &message.results,
        iframe: message.iframe.as_ref(),
        payload: message.payload.as_ref(),
        meta: &message.meta,
        delay: message.delay,
        status: (message.status != MessageStatus::Sent).then_some(message.status),
        edited_at: message.edited_at,
    };
    (!extra.is_plain()).then(|| json(&extra))
}

impl ExtraOf<'_> {
    fn is_plain(&self) -> bool {
        self.id.is_none()
            && self.content_type.is_none()
            && self.touchpoint.is_none()
            && !self.is_backchannel
            && self.actions.is_empty()
            && self.items.is_empty()
            && self.results.is_empty()
            && self.iframe.is_none()
            && self.payload.is_none()
            && self.meta.is_empty()
            && self.delay.is_none()
            && self.status.is_none()
            && self.edited_at.is_none()
    }
}
