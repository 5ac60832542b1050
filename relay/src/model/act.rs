//! An administrative act, as the audit log has it: ids alone, nothing that somebody wrote.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{EventId, Millis, OrganizationId, UserId};
use std::net::IpAddr;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Act {
    pub id: EventId,
    /// Absent for what is about no organization, or about one as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// `user.create`, `token.revoke`, `contact.export`, …
    pub action: String,
    /// The id of what it was about.
    pub subject: String,
    #[serde(flatten)]
    pub actor: Actor,
    pub created_at: Millis,
}

/// Whose doing it was, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    pub source: Source,
    /// Absent for whoever has the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Api,
    Shell,
}

impl Actor {
    /// Whoever gives commands on the machine.
    #[must_use]
    pub const fn shell() -> Self {
        Self { source: Source::Shell, user: None, request_id: None, address: None }
    }
}
