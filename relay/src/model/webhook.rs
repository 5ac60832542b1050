//! An address that is told what happens in an organization. Its secret is kept apart and shown once.

use super::event;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Millis, OrganizationId, WebhookId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: WebhookId,
    pub organization: OrganizationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub url: String,
    /// Names of events, with `*` for any.
    pub events: Vec<String>,
    pub enabled: bool,
    /// Where the relay has disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<DisabledReason>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DisabledReason {
    /// It answered 410.
    Gone,
    /// Nothing could be delivered for 24 h.
    Failing,
}

impl Webhook {
    #[must_use]
    pub fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|pattern| event::matches(pattern, event))
    }
}
