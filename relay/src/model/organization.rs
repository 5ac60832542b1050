//! A tenant: its own contacts, users, conversations and settings.

use super::Category;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{Millis, OrganizationId, command::CommandFamily};
use std::ops::RangeInclusive;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    /// What visitors read; `name` where empty.
    #[serde(default)]
    pub display_name: String,
    /// Origins (`https://shop.example`) of the pages that may show the widget. The relay's own always may.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// BCP 47 tag; the visitor's where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(default)]
    pub categories: Vec<Category>,
    /// The `>cs` commands that visitors may use; all where nothing was said.
    #[serde(default = "all_commands")]
    pub visitor_commands: Vec<CommandFamily>,
    /// Whether its server can say who a visitor is. The secret itself is kept apart and never shown.
    #[serde(default)]
    pub has_identity_secret: bool,
    /// Only visitors whose identity is known come in.
    #[serde(default)]
    pub require_identity: bool,
    /// How long closed conversations are kept; for ever where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    #[serde(default)]
    pub settings: Map<String, Value>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// From the last change of a closed conversation to its erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    #[schemars(range(min = *Self::DAYS.start(), max = *Self::DAYS.end()))]
    pub days: u32,
}

impl Retention {
    /// A day at least: zero would erase what is closed by mistake. A century is for ever.
    pub const DAYS: RangeInclusive<u32> = 1..=36_500;
}

impl Organization {
    /// One with nothing but a name.
    #[must_use]
    pub fn new(id: OrganizationId, name: impl Into<String>, now: Millis) -> Self {
        Self {
            id,
            name: name.into(),
            display_name: String::new(),
            allowed_origins: vec![],
            locale: None,
            categories: vec![],
            visitor_commands: all_commands(),
            has_identity_secret: false,
            require_identity: false,
            retention: None,
            settings: Map::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// What visitors read.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }
}

/// The default of [`Organization::visitor_commands`].
#[must_use]
pub fn all_commands() -> Vec<CommandFamily> {
    CommandFamily::ALL.to_vec()
}
