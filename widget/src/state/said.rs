//! What one message says, as far as the thread shows it.

use crate::words;
use serde_json::Value;
use shared::{
    MessageId, json,
    message::{Action, Iframe, Item, MessageType, PLAIN_TEXT, Results, Role, Shown},
    peer::Unsent,
    wire::{Entry, Notice},
};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// By the visitor; else by an agent.
    pub(crate) mine: bool,
    pub(crate) name: Option<String>,
    pub(crate) text: String,
    /// Media type of the file that `text` is the address of; absent for a text.
    pub(crate) file: Option<String>,
    /// The file's name, or a card's title.
    pub(crate) title: Option<String>,
    /// Bytes of the file; 0 where that is not known.
    pub(crate) size: f64,
    /// Its title stands above it.
    pub(crate) is_card: bool,
    /// Its items' pictures are as high as wide.
    pub(crate) is_square: bool,
    pub(crate) quote: Option<Quote>,
    pub(crate) actions: Vec<Action>,
    pub(crate) items: Vec<Item>,
    pub(crate) iframe: Option<Iframe>,
    /// The form that it is about, by its id; [`RATING`] for what is thought of the conversation.
    pub(crate) form: Option<String>,
    /// Stands for that form, to be filled in; else it is what was filled in.
    pub(crate) asks: bool,
    /// It says something else than it did at first.
    pub(crate) edited: bool,
    /// What the widget says in its place, by the name of the text: it was taken back, or was never said.
    pub(crate) quiet: Option<&'static str>,
}

/// What a rating answers, as if it were a form.
pub(crate) const RATING: &str = "rating";
/// What a message answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quote {
    /// Of the quoted message.
    pub(crate) id: Option<MessageId>,
    /// What it says, where the answer says so itself.
    pub(crate) text: String,
}

impl Quote {
    /// An id, a text, or a message.
    fn of(quoted: &Value) -> Option<Self> {
        let text_of = |name| quoted.get(name).and_then(Value::as_str);
        let (id, text) = match quoted.as_str() {
            Some(said) => (said, said),
            None => {
                (text_of("id").or(text_of("_id")).unwrap_or_default(), text_of("text").unwrap_or_default())
            }
        };
        let id = id.parse().ok();
        let text = if id.is_some() && quoted.is_string() { "" } else { text };
        (id.is_some() || !text.is_empty()).then(|| Self { id, text: text.to_owned() })
    }
}

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
        let text_of = |name| shown.meta.get(name).and_then(Value::as_str);
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
            title: text_of("title").map(str::to_owned),
            size: shown.meta.get("size").and_then(Value::as_f64).unwrap_or_default(),
            is_card: shown.kind == MessageType::Card,
            is_square: text_of("imageAspectRatio") == Some("square"),
            quote: shown.meta.get("quotedMessage").and_then(Quote::of),
            actions: shown.actions.clone(),
            items: shown.items.clone(),
            iframe: shown.iframe.clone(),
            form,
            asks,
            edited: shown.edited,
            quiet: None,
        })
    }

    /// What stands in the place of an entry.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        if let Some(notice) = &entry.notice {
            return Self::from_notice(notice);
        }
        let said = Self::from_shown(shown_of(entry)?)?;
        let quiet = entry.gone.as_ref().map(|_| words::GONE);
        Some(Self { quiet, asks: said.asks && quiet.is_none(), ..said })
    }

    fn from_notice(notice: &Notice) -> Option<Self> {
        let quiet = match notice.what.as_str() {
            "joined" => words::JOINED,
            "left" => words::HAS_LEFT,
            "closed" => words::ENDED,
            _ => return None, // of a newer relay
        };
        let name = notice.name.clone();
        Some(Self { mine: false, name, quiet: Some(quiet), ..Self::nothing() })
    }

    /// Whether it is a line of the widget's, and nobody's.
    pub(crate) fn is_notice(&self) -> bool {
        self.quiet.is_some_and(|quiet| quiet != words::GONE)
    }

    /// Whether the thread shows what the visitor sends: no commands, and no events, which are for programs.
    pub(crate) fn is_shown(kind: MessageType) -> bool {
        !kind.is_command() && kind != MessageType::Event
    }

    /// Nothing for what the thread does not show.
    pub(crate) fn from_unsent(unsent: &Unsent) -> Option<Self> {
        Self::is_shown(unsent.kind).then(|| Self {
            text: unsent.text.clone(),
            file: unsent.content_type.clone(),
            title: unsent.meta.get("title").and_then(|title| title.as_str()).map(str::to_owned),
            form: answered(unsent.kind, unsent.payload.as_ref()),
            ..Self::nothing()
        })
    }

    fn nothing() -> Self {
        Self {
            mine: true,
            name: None,
            text: String::new(),
            file: None,
            title: None,
            size: 0.0,
            is_card: false,
            is_square: false,
            quote: None,
            actions: Vec::new(),
            items: Vec::new(),
            iframe: None,
            form: None,
            asks: false,
            edited: false,
            quiet: None,
        }
    }
}

/// The form that these are the results of.
fn answered(kind: MessageType, payload: Option<&Value>) -> Option<String> {
    let form = payload.and_then(|payload| payload["form"].as_str());
    (kind == MessageType::Results).then(|| form.unwrap_or(RATING).to_owned())
}

/// What was said in the place of an entry, or what is left of it.
pub(crate) fn shown_of(entry: &Entry) -> Option<&Shown> {
    entry.message.as_deref().or(entry.gone.as_deref())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_an_id_a_text_or_a_message() {
        let of = |json: &str| {
            let quote = Quote::of(&json::read(json)?)?;
            Some((quote.id.map(|id| id.to_string()), quote.text))
        };
        let id = "5bb01d0dd99faf11a3f4a36e".to_owned();
        assert_eq!(of(r#""5bb01d0dd99faf11a3f4a36e""#), Some((Some(id.clone()), String::new())));
        assert_eq!(of(r#""When?""#), Some((None, "When?".to_owned())));
        assert_eq!(
            of(r#"{"_id":"5bb01d0dd99faf11a3f4a36e","text":"When?"}"#),
            Some((Some(id), "When?".to_owned()))
        );
        assert_eq!(of(r#"{"id":"7","text":"When?"}"#), Some((None, "When?".to_owned())));
        for bad in [r#""""#, "7", "[]", "null", "{}", r#"{"text":7}"#] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
