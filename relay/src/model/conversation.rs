//! An append-only, ordered log of messages, and the state that follows from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{
    ChannelId, ContactId, ConversationId, MessageId, Millis, OrganizationId, Seq, UserId, conversation::State,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    pub id: ConversationId,
    pub organization: OrganizationId,
    /// The ids of the organization and of those above it, from the top, joined by `#`.
    pub org_path: String,
    #[serde(rename = "type")]
    pub kind: ConversationType,
    /// The conversation's name in addresses; follows from the id.
    pub slug: String,
    /// Its address in the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    #[serde(flatten)]
    pub state: State,
    /// The inboxes that were notified.
    pub channels: Vec<ChannelId>,
    /// Those of them that nobody is asked in at this hour: none, as inboxes have no hours.
    pub channels_offline: Vec<ChannelId>,
    /// The newest entry of the log.
    pub head: Seq,
    /// The medium that messages travel on where they do not say.
    pub touchpoint: String,
    pub touchpoints: BTreeMap<String, TouchpointState>,
    /// The messages that were posted with the conversation; only in the answer to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<MessageId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TouchpointState {
    /// Messages travel on it now.
    pub selected: bool,
}

/// Whom the conversation is with: a contact, or only users (a team conversation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConversationType {
    Contact,
    Agent,
    Bot,
    System,
}

impl ConversationType {
    pub const ALL: [Self; 4] = [Self::Contact, Self::Agent, Self::Bot, Self::System];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::System => "system",
        }
    }
}

/// The slug of a conversation: its random bytes in an alphabet without look-alikes.
#[must_use]
pub fn slug_of(id: &ConversationId) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let [.., a, b, c, d, e, f] = *id.as_bytes();
    let bits = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    (0..9).map(|place| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_shows_its_state_beside_its_own_members() {
        let id = ConversationId::new(0x5bb0_1d0d, [7; 8]);
        let conversation = Conversation {
            id,
            organization: OrganizationId::from_bytes([1; 12]),
            org_path: OrganizationId::from_bytes([1; 12]).to_string(),
            kind: ConversationType::Contact,
            slug: slug_of(&id),
            url: None,
            contact: None,
            state: State { category: Some("Used Car".into()), ..State::default() },
            channels: vec![],
            channels_offline: vec![],
            head: Seq(3),
            touchpoint: "web".into(),
            touchpoints: BTreeMap::from([("web".into(), TouchpointState { selected: true })]),
            messages: None,
            created_by: None,
            created_at: Millis(0),
            updated_at: Millis(0),
        };
        let json = serde_json::to_value(&conversation).unwrap();
        assert_eq!(json["category"], "Used Car");
        assert_eq!(json["status"], "queued");
        assert_eq!(json["type"], "contact");
        assert_eq!(json["touchpoints"]["web"]["selected"], true);
        assert_eq!(conversation.slug.len(), 9);
        assert_eq!(serde_json::from_value::<Conversation>(json).unwrap(), conversation);
    }
}
