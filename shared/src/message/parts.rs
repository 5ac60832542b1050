//! What a message is made of: its type and role, its buttons, cards, answers and page.

use crate::{Error, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MessageType {
    #[default]
    Chat,
    Card,
    Postback,
    Form,
    Field,
    Results,
    Command,
    Mention,
    Event,
    Status,
}

impl MessageType {
    pub const ALL: [Self; 10] = [
        Self::Chat,
        Self::Card,
        Self::Postback,
        Self::Form,
        Self::Field,
        Self::Results,
        Self::Command,
        Self::Mention,
        Self::Event,
        Self::Status,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Card => "card",
            Self::Postback => "postback",
            Self::Form => "form",
            Self::Field => "field",
            Self::Results => "results",
            Self::Command => "command",
            Self::Mention => "mention",
            Self::Event => "event",
            Self::Status => "status",
        }
    }

    /// Types that a visitor may see, subject to role and backchannel. An `event` is seen by the page, not in the thread.
    #[must_use]
    pub const fn is_visible(self) -> bool {
        match self {
            Self::Chat | Self::Card | Self::Postback | Self::Form | Self::Results | Self::Event => true,
            Self::Field | Self::Command | Self::Mention | Self::Status => false,
        }
    }

    /// Types that say something to somebody.
    #[must_use]
    pub const fn is_speech(self) -> bool {
        matches!(self, Self::Chat | Self::Card | Self::Postback)
    }

    /// Types that `>cs` commands and API commands make: they change the conversation's state.
    #[must_use]
    pub const fn is_command(self) -> bool {
        match self {
            Self::Form | Self::Field | Self::Command | Self::Mention => true,
            Self::Chat | Self::Card | Self::Postback | Self::Results | Self::Event | Self::Status => false,
        }
    }
}

impl std::str::FromStr for MessageType {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownName)
    }
}

/// Who speaks. `contact` and `agent` talk to each other; `bot` talks to agents only; `system` reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Contact,
    Agent,
    #[default]
    Bot,
    System,
}

impl Role {
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

impl std::str::FromStr for Role {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        [Self::Contact, Self::Agent, Self::Bot, Self::System]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownName)
    }
}

/// A stored name that this version does not know: the database is from a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown name")]
pub struct UnknownName;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    #[default]
    Sent,
    /// It has a `delay` and waits for its place in the log.
    Held,
    /// It could not be said when it was due: what it names is gone, or a limit was reached meanwhile.
    Failed,
    /// The tombstone that a deletion leaves.
    Deleted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ActionType {
    /// Opens `uri`.
    Link,
    /// Sends `payload`, each time.
    Postback,
    /// A quick reply: sends `payload` once, then disappears.
    Reply,
    /// Opens `uri` in an overlay.
    Webview,
}

impl ActionType {
    pub const ALL: [Self; 4] = [Self::Link, Self::Postback, Self::Reply, Self::Webview];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Postback => "postback",
            Self::Reply => "reply",
            Self::Webview => "webview",
        }
    }
}

/// A button.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Action {
    #[serde(rename = "type")]
    pub kind: ActionType,
    /// Its `payload` where the sender gives none.
    #[serde(default)]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Alias of `uri`; `uri` wins where both are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address that a short link stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Overlay size of a webview: `compact`, `tall` or `full`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Where a webview leads on a medium without overlays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
}

impl Action {
    /// web1on1's SDK shows quick replies that have nothing but a payload, and links whose payload is their address. What is
    /// stored has all of it where it is looked for.
    pub(super) fn complete(&mut self) {
        let Some(payload) = self.payload.as_ref().and_then(Value::as_str) else { return };
        if self.text.is_empty() {
            payload.clone_into(&mut self.text);
        }
        let leads = matches!(self.kind, ActionType::Link | ActionType::Webview);
        if leads && self.uri.is_none() && self.url.is_none() {
            self.uri = Some(payload.to_owned());
        }
    }

    /// # Errors
    /// `invalid` for a button that says nothing.
    pub(super) fn check(&self, field: &str) -> Result<(), Error> {
        let payload = self.payload.as_ref().and_then(Value::as_str).unwrap_or_default();
        if self.text.trim().is_empty() && payload.trim().is_empty() {
            return Err(Error::invalid(
                format!("{field}.text"),
                "a button needs a text, or a payload that is one",
            ));
        }
        Ok(())
    }

    /// Where it leads.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.uri.as_deref().or(self.url.as_deref())
    }
}

/// A card of a carousel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Item {
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = limits::ACTIONS)))]
    pub actions: Vec<Action>,
}

/// The answers to one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Results {
    pub name: String,
    pub values: Map<String, Value>,
}

/// A page shown inside the conversation, sandboxed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Iframe {
    #[cfg_attr(
        feature = "schema",
        schemars(length(max = limits::IFRAME_URL_CHARS), regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\s]\S*$"))
    )]
    pub url: String,
    pub title: String,
    /// CSS pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = u32::MAX)))]
    pub height: Option<u32>,
}

impl Iframe {
    /// # Errors
    /// `invalid` for an address that is not one of the web.
    pub(super) fn check(&self) -> Result<(), Error> {
        let is_web = self.url.split_once(':').is_some_and(|(scheme, rest)| {
            let is_known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            let host = rest.strip_prefix("//").unwrap_or_default();
            is_known && !host.starts_with(['/', '?', '#']) && !host.is_empty()
        });
        let is_whole =
            !self.url.contains(|character: char| character.is_whitespace() || character.is_control());
        if is_web && is_whole && self.url.chars().count() <= limits::IFRAME_URL_CHARS {
            return Ok(());
        }
        let what =
            format!("expected an http or https address of at most {} characters", limits::IFRAME_URL_CHARS);
        Err(Error::invalid("iframe.url", what))
    }
}
