//! What a token says about its holder (RFC 7519).

use crate::model::{TokenId, User, UserRole};
use serde::{Deserialize, Serialize};
use shared::{Millis, OrganizationId, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    #[serde(rename = "_id")]
    pub user: UserId,
    /// Absent for the first admin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    pub scope: TokenKind,
    pub jti: TokenId,
    /// Seconds since 1970.
    pub iat: u64,
    /// Seconds since 1970; absent for a token that does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<u64>,
}

/// What a token is good for: to act with its user's role, or only to get another token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    Agent,
    Bot,
    Admin,
    Refresh,
}

impl From<UserRole> for TokenKind {
    fn from(role: UserRole) -> Self {
        match role {
            UserRole::Agent => Self::Agent,
            UserRole::Bot => Self::Bot,
            UserRole::Admin => Self::Admin,
        }
    }
}

impl Claims {
    #[must_use]
    pub fn new(user: &User, scope: TokenKind, jti: TokenId, now: Millis, expires: Option<Millis>) -> Self {
        Self {
            user: user.id,
            organization: user.organization,
            scope,
            jti,
            iat: now.as_secs(),
            exp: expires.map(Millis::as_secs),
        }
    }
}
