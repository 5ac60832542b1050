//! The visitor or consumer; linked to exactly one conversation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{ContactId, ConversationId, Millis, OrganizationId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub id: ContactId,
    pub organization: OrganizationId,
    /// The organization's own name for a verified person: `sub` of their identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(default)]
    pub profile: Map<String, Value>,
    /// Absent only until the conversation is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    pub created_at: Millis,
    pub updated_at: Millis,
}
