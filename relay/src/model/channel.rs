//! An inbox: a named group of users that can be notified or assigned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{ChannelId, Millis, OrganizationId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    pub id: ChannelId,
    pub organization: OrganizationId,
    pub name: String,
    #[serde(default)]
    pub users: Vec<UserId>,
    pub created_at: Millis,
    pub updated_at: Millis,
}
