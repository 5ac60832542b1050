//! Who a visitor is in the words of the organization's own server.

use serde_json::{Map, Value};

/// A verified person. The subject is theirs for ever; the profile is what is known of them now.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The organization's own name for the person: `sub` of the token.
    pub subject: String,
    /// `name`, `email` and `telephone`, as far as they were given.
    pub profile: Map<String, Value>,
}

impl Identity {
    /// Whether the profile says all of this already.
    #[must_use]
    pub fn is_known_in(&self, profile: &Map<String, Value>) -> bool {
        self.profile.iter().all(|(name, value)| profile.get(name) == Some(value))
    }
}
