//! What a sender says: the members of a message that are the sender's to choose. One check for the API
//! and for sockets, so that a limit holds wherever a message comes from.

use super::{Action, Iframe, Item, MessageType, Results, Role};
use crate::{ClientKey, ConversationId, Error, ErrorCode, Millis, UserId, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub kind: MessageType,
    /// `bot` where the sender does not say.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Role,
    #[cfg_attr(feature = "schema", schemars(length(max = limits::TEXT_CHARS)))]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Media type; `text/plain` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The user that a program acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    #[cfg_attr(feature = "schema", schemars(extend("enum" = [super::WEB, null])))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_backchannel: bool,
    #[cfg_attr(feature = "schema", schemars(length(max = limits::ACTIONS)))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    #[cfg_attr(feature = "schema", schemars(length(max = limits::ITEMS)))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Results>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iframe: Option<Iframe>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
    #[cfg_attr(feature = "schema", schemars(extend("maxProperties" = limits::META_KEYS)))]
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
    /// Milliseconds to hold it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = limits::DELAY.0)))]
    pub delay: Option<u64>,
    /// The sender's own name for this message; repeating it stores nothing new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<ClientKey>,
    /// Where it is said, which the address says, too: some clients put it into every message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

impl Draft {
    /// A plain text of a contact.
    #[must_use]
    pub fn from_contact(text: impl Into<String>) -> Self {
        Self { role: Role::Contact, text: text.into(), ..Self::default() }
    }

    /// Checks every limit of a message.
    ///
    /// # Errors
    /// `invalid`, or `too_large` for the text, with the member that breaks the limit.
    pub fn check(&self) -> Result<(), Error> {
        let characters = self.text.chars().count();
        if characters > limits::TEXT_CHARS {
            let message =
                format!("text has {characters} characters; at most {} are allowed", limits::TEXT_CHARS);
            return Err(Error::new(ErrorCode::TooLarge, message).with_field("text"));
        }
        if self.is_empty() {
            return Err(Error::invalid(
                "text",
                "a message needs a text, items, actions, results, an iframe or a payload",
            ));
        }
        check_actions("actions", &self.actions)?;
        check_count("items", self.items.len(), limits::ITEMS)?;
        for (index, item) in self.items.iter().enumerate() {
            check_actions(&format!("items[{index}].actions"), &item.actions)?;
        }
        check_count("meta", self.meta.len(), limits::META_KEYS)?;
        for (key, value) in &self.meta {
            check_meta_value(key, value)?;
        }
        self.iframe.as_ref().map_or(Ok(()), Iframe::check)?;
        if self.delay() > limits::DELAY {
            let message = format!("at most {} ms, seven days, are allowed", limits::DELAY.0);
            return Err(Error::invalid("delay", message));
        }
        // Listeners read its members without a look.
        if self.kind == MessageType::Event && !self.payload.as_ref().is_some_and(Value::is_object) {
            return Err(Error::invalid("payload", "an event carries an object"));
        }
        Ok(())
    }

    /// How long it is held back.
    #[must_use]
    pub fn delay(&self) -> Millis {
        Millis(self.delay.unwrap_or_default())
    }

    /// Puts what clients may say in several ways where readers look for it.
    pub fn complete(&mut self) {
        let in_items = self.items.iter_mut().flat_map(|item| &mut item.actions);
        self.actions.iter_mut().chain(in_items).for_each(Action::complete);
    }

    fn is_empty(&self) -> bool {
        let names_form = self.kind == MessageType::Form && self.meta.contains_key("form");
        !names_form
            && self.text.trim().is_empty()
            && self.items.is_empty()
            && self.actions.is_empty()
            && self.results.is_empty()
            && self.iframe.is_none()
            && self.payload.is_none()
    }
}

/// Checks one value of a `meta` map against its size limit.
///
/// # Errors
/// `invalid`, with `meta.<key>` as field.
pub(crate) fn check_meta_value(key: &str, value: &Value) -> Result<(), Error> {
    let bytes = value.to_string().len();
    if bytes > limits::META_VALUE_BYTES {
        let message = format!("{bytes} bytes as JSON; at most {} are allowed", limits::META_VALUE_BYTES);
        return Err(Error::invalid(format!("meta.{key}"), message));
    }
    Ok(())
}

fn check_actions(field: &str, actions: &[Action]) -> Result<(), Error> {
    check_count(field, actions.len(), limits::ACTIONS)?;
    actions.iter().enumerate().try_for_each(|(at, action)| action.check(&format!("{field}[{at}]")))
}

fn check_count(field: &str, count: usize, most: usize) -> Result<(), Error> {
    if count > most {
        return Err(Error::invalid(field, format!("{count} given; at most {most} are allowed")));
    }
    Ok(())
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code_and_field(draft: &Draft) -> Option<(ErrorCode, Option<String>)> {
        draft.check().err().map(|error| (error.code, error.field))
    }

    #[test]
    fn a_text_may_be_as_long_as_the_limit_in_characters() {
        assert_eq!(code_and_field(&Draft::from_contact("é".repeat(8_000))), None);
        let over = code_and_field(&Draft::from_contact("é".repeat(8_001)));
        assert_eq!(over, Some((ErrorCode::TooLarge, Some("text".into()))));
    }

    #[test]
    fn nothing_to_say_is_no_message() {
        let empty = code_and_field(&Draft::from_contact(" \n"));
        assert_eq!(empty, Some((ErrorCode::Invalid, Some("text".into()))));
        assert_eq!(code_and_field(&Draft { payload: Some(json!({})), ..Draft::default() }), None);
    }

    #[test]
    fn a_meta_value_has_its_own_limit() {
        let meta = Map::from_iter([("note".to_owned(), json!("x".repeat(4_095)))]);
        let over = code_and_field(&Draft { text: "a".into(), meta, ..Draft::default() });
        assert_eq!(over, Some((ErrorCode::Invalid, Some("meta.note".into()))));
    }

    #[test]
    fn a_button_says_something_and_a_payload_is_enough() {
        let draft = |actions: Value| -> Draft {
            serde_json::from_value(json!({"text": "Which?", "actions": actions})).unwrap()
        };
        let silent =
            draft(json!([{"type": "reply", "payload": "a"}, {"type": "link", "uri": "https://a.example"}]));
        assert_eq!(code_and_field(&silent), Some((ErrorCode::Invalid, Some("actions[1].text".into()))));
        assert!(code_and_field(&draft(json!([{"type": "reply", "text": " ", "payload": 1}]))).is_some());

        let mut brief = draft(json!([
            {"type": "reply", "payload": "Red"},
            {"type": "link", "text": "Map", "payload": "https://maps.example"},
            {"type": "link", "text": "Map", "payload": "b", "url": "https://maps.example"},
        ]));
        assert_eq!(code_and_field(&brief), None);
        brief.complete();
        assert_eq!(
            serde_json::to_value(brief.actions).unwrap(),
            json!([
                {"type": "reply", "text": "Red", "payload": "Red"},
                {"type": "link", "text": "Map", "payload": "https://maps.example", "uri": "https://maps.example"},
                {"type": "link", "text": "Map", "payload": "b", "url": "https://maps.example"},
            ])
        );
    }

    #[test]
    fn an_event_carries_an_object() {
        for payload in [None, Some(json!("language")), Some(json!([1]))] {
            let event = Draft { kind: MessageType::Event, text: "a".into(), payload, ..Draft::default() };
            assert_eq!(code_and_field(&event), Some((ErrorCode::Invalid, Some("payload".into()))));
        }
        let event = Draft { kind: MessageType::Event, payload: Some(json!({})), ..Draft::default() };
        assert_eq!(code_and_field(&event), None);
    }

    #[test]
    fn a_page_in_the_conversation_is_one_of_the_web() {
        let of = |url: &str| {
            let iframe = Iframe { url: url.into(), title: "Map".into(), height: Some(240) };
            code_and_field(&Draft { iframe: Some(iframe), ..Draft::default() })
        };
        for good in ["https://maps.example/here?x=1#y", "HTTP://127.0.0.1:8080/"] {
            assert_eq!(of(good), None, "{good}");
        }
        let long = format!("https://maps.example/{}", "x".repeat(2_000));
        for bad in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//maps.example",
            "https://",
            "https:///x",
            "https://a b",
            &long,
        ] {
            assert_eq!(of(bad), Some((ErrorCode::Invalid, Some("iframe.url".into()))), "{bad}");
        }
    }

    #[test]
    fn a_message_is_held_for_a_week_and_no_longer() {
        let of = |delay| code_and_field(&Draft { text: "a".into(), delay: Some(delay), ..Draft::default() });
        assert_eq!(of(limits::DELAY.0), None);
        assert_eq!(of(limits::DELAY.0 + 1), Some((ErrorCode::Invalid, Some("delay".into()))));
        assert_eq!(of(u64::MAX), Some((ErrorCode::Invalid, Some("delay".into()))));
    }

    #[test]
    fn an_unknown_member_is_named() {
        let error = serde_json::from_value::<Draft>(json!({"text": "a", "colour": "red"})).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
