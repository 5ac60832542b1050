//! What one message says, as far as the thread shows it.

use serde_json::Value;
use shared::{
    json,
    message::{Action, Iframe, Item, MessageType, PLAIN_TEXT, Results, Role, Shown},
    peer::Unsent,
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// By the visitor; else by an agent.
    pub(crate) mine: bool,
    pub(crate) name: Option<String>,
    pub(crate) text: String,
    /// Media type of the file that `text` is the address of; absent for a text.
    pub(crate) file: Option<String>,
    /// The file's name.
    pub(crate) title: Option<String>,
    pub(crate) actions: Vec<Action>,
    pub(crate) items: Vec<Item>,
    pub(crate) iframe: Option<Iframe>,
    /// The form that it is about, by its id; [`RATING`] for what is thought of the conversation.
    pub(crate) form: Option<String>,
    /// Stands for that form, to be filled in; else it is what was filled in.
    pub(crate) asks: bool,
}

/// What a rating answers, as if it were a form.
pub(crate) const RATING: &str = "rating";

impl Said {
    /// Nothing for what the thread does not show: commands, and events, which are for the page.
    pub(crate) fn from_shown(shown: &Shown) -> Option<Self> {
        let asks = shown.kind == MessageType::Form;
        let mine = match shown.role {
            // Whoever has asked for it, the organization asks what is in it.
            _ if asks => false,
            Role::Contact => true,
            Role::Agent => false,
            Role::Bot | Role::System => return None,
        };
        let is_shown = if mine { Self::is_shown(shown.kind) } else { shown.kind != MessageType::Event };
        if !is_shown || !shown.kind.is_visible() {
            return None;
        }
        let text = if shown.text.is_empty() { answers(&shown.results) } else { shown.text.clone() };
        let title = shown.meta.get("title").and_then(|title| title.as_str());
        let form = if asks {
            shown.text.strip_prefix('+').map(str::to_owned)
        } else {
            answered(shown.kind, shown.payload.as_ref())
        };
        Some(Self {
            mine,
            name: shown.name.clone(),
            text: if asks { String::new() } else { text },
            file: shown.content_type.clone().filter(|media| media != PLAIN_TEXT),
            title: title.map(str::to_owned),
            actions: shown.actions.clone(),
            items: shown.items.clone(),
            iframe: shown.iframe.clone(),
            form,
            asks,
        })
    }

    /// Whether the thread shows what the visitor sends: no commands, and no events, which are for programs.
    pub(crate) fn is_shown(kind: MessageType) -> bool {
        !kind.is_command() && kind != MessageType::Event
    }

    /// Nothing for what the thread does not show.
    pub(crate) fn from_unsent(unsent: &Unsent) -> Option<Self> {
        Self::is_shown(unsent.kind).then(|| Self {
            mine: true,
            name: None,
            text: unsent.text.clone(),
            file: unsent.content_type.clone(),
            title: unsent.meta.get("title").and_then(|title| title.as_str()).map(str::to_owned),
            actions: Vec::new(),
            items: Vec::new(),
            iframe: None,
            form: answered(unsent.kind, unsent.payload.as_ref()),
            asks: false,
        })
    }
}

/// The form that these are the results of.
fn answered(kind: MessageType, payload: Option<&Value>) -> Option<String> {
    let form = payload.and_then(|payload| payload["form"].as_str());
    (kind == MessageType::Results).then(|| form.unwrap_or(RATING).to_owned())
}

/// A filled form as lines of text.
fn answers(results: &[Results]) -> String {
    let mut text = String::new();
    for (name, value) in results.iter().flat_map(|results| &results.values) {
        let value = value.as_str().map_or_else(|| json::write(value), str::to_owned);
        text.push_str(&[name, ": ", &value, "\n"].concat());
    }
    text.truncate(text.trim_end().len());
    text
}
