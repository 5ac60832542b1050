//! Someone, or some program, that works for an organization.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Millis, OrganizationId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: UserId,
    /// Absent for the first admin, who acts in every organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub role: UserRole,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// What an address of mail is compared by: nobody types it always alike.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What a user may do; also the scope of their tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserRole {
    Agent,
    Bot,
    Admin,
}

impl UserRole {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::Admin => "admin",
        }
    }
}
