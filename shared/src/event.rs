//! The events of a page: what its programs tell the organization's bot besides what the visitor says. The names
//! are Chatlayer's and Twilio's.

use crate::{Error, limits};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq)]
pub enum PageEvent {
    /// `UPDATE_SESSION`: variables of the bot, each set or replaced.
    UpdateSession(Map<String, Value>),
    /// `GO_TO_DIALOGSTATE`: where the bot's dialog goes on.
    GoToDialogState(String),
    /// `StartEngagement`: what was filled in before the conversation, as fields of the contact's profile.
    StartEngagement(Vec<(String, String)>),
}

impl PageEvent {
    /// The event of an entry with this text and payload; none where the text names no event known here.
    ///
    /// # Errors
    /// `invalid`, with the member of the payload that does not fit.
    pub fn parse(text: &str, payload: Option<&Value>) -> Result<Option<Self>, Error> {
        let members = || {
            let members = payload.and_then(Value::as_object);
            members.ok_or_else(|| Error::invalid("payload", "an event carries an object"))
        };
        let event = match text {
            "UPDATE_SESSION" => Self::UpdateSession(members()?.clone()),
            "GO_TO_DIALOGSTATE" => Self::GoToDialogState(dialog_state(members()?)?),
            "StartEngagement" => Self::StartEngagement(fields(members()?)?),
            _ => return Ok(None),
        };
        Ok(Some(event))
    }
}

/// Checks the bot's variables against their limits.
///
/// # Errors
/// `invalid`, with `field` or the variable below it.
pub fn check_session(field: &str, session: &Map<String, Value>) -> Result<(), Error> {
    if session.len() > limits::SESSION_VARIABLES {
        let message =
            format!("{} variables; at most {} are allowed", session.len(), limits::SESSION_VARIABLES);
        return Err(Error::invalid(field, message));
    }
    let mut total = 0;
    for (name, value) in session {
        let bytes = value.to_string().len();
        if bytes > limits::SESSION_VALUE_BYTES {
            let message =
                format!("{bytes} bytes as JSON; at most {} are allowed", limits::SESSION_VALUE_BYTES);
            return Err(Error::invalid(format!("{field}.{name}"), message));
        }
        total += name.len() + bytes;
    }
    if total > limits::SESSION_BYTES {
        let message = format!("{total} bytes in all; at most {} are allowed", limits::SESSION_BYTES);
        return Err(Error::invalid(field, message));
    }
    Ok(())
}

/// Checks the name of a place in the bot's dialog.
///
/// # Errors
/// `invalid`, with `field`.
pub fn check_dialog_state(field: &str, name: &str) -> Result<(), Error> {
    let characters = name.chars().count();
    if characters == 0 || characters > limits::DIALOG_STATE_CHARS {
        let message = format!("{characters} characters; 1 to {} are allowed", limits::DIALOG_STATE_CHARS);
        return Err(Error::invalid(field, message));
    }
    Ok(())
}

fn dialog_state(members: &Map<String, Value>) -> Result<String, Error> {
    const FIELD: &str = "payload.dialogState";
    let name = members.get("dialogState").and_then(Value::as_str);
    let name = name.ok_or_else(|| Error::invalid(FIELD, "expected a text"))?;
    check_dialog_state(FIELD, name)?;
    Ok(name.to_owned())
}

/// Texts, numbers and booleans, as `>cs .name value` would set them. Anything else is no field of a profile.
fn fields(members: &Map<String, Value>) -> Result<Vec<(String, String)>, Error> {
    const FIELD: &str = "payload.formData";
    let form = members.get("formData").and_then(Value::as_object);
    let form = form.ok_or_else(|| Error::invalid(FIELD, "expected an object"))?;
    if form.len() > limits::FORM_DATA {
        let message = format!("{} members; at most {} are allowed", form.len(), limits::FORM_DATA);
        return Err(Error::invalid(FIELD, message));
    }
    let mut fields = Vec::with_capacity(form.len());
    for (name, value) in form {
        let value = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        let longest = name.chars().count().max(value.chars().count());
        if longest > limits::COMMAND_VALUE_CHARS {
            let message =
                format!("{longest} characters; at most {} are allowed", limits::COMMAND_VALUE_CHARS);
            return Err(Error::invalid(format!("{FIELD}.{name}"), message));
        }
        if !name.trim().is_empty() && !value.is_empty() {
            fields.push((name.trim().to_owned(), value));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(text: &str, payload: &Value) -> Option<String> {
        PageEvent::parse(text, Some(payload)).unwrap_err().field
    }

    #[test]
    fn the_three_events_are_understood() {
        let parse = |text, payload: Value| PageEvent::parse(text, Some(&payload)).unwrap();
        let session = Map::from_iter([("language".to_owned(), json!("en"))]);
        assert_eq!(
            parse("UPDATE_SESSION", json!({"language": "en"})),
            Some(PageEvent::UpdateSession(session))
        );
        assert_eq!(
            parse("GO_TO_DIALOGSTATE", json!({"dialogState": "checkout"})),
            Some(PageEvent::GoToDialogState("checkout".into()))
        );
        let form = json!({"formData": {"name": " Ada ", "age": 36, "vip": true, "tags": ["a"], "note": "", "x": null}});
        let fields = [("age", "36"), ("name", "Ada"), ("vip", "true")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        assert_eq!(parse("StartEngagement", form), Some(PageEvent::StartEngagement(fields)));
        assert_eq!(parse("update_session", json!({})), None);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(PageEvent::parse("UPDATE_SESSION", None).unwrap_err().field.as_deref(), Some("payload"));
        let long = json!("x".repeat(2_001));
        for (text, payload, expected) in [
            ("UPDATE_SESSION", json!(["language"]), "payload"),
            ("GO_TO_DIALOGSTATE", json!("checkout"), "payload"),
            ("GO_TO_DIALOGSTATE", json!({"dialogState": 7}), "payload.dialogState"),
            ("GO_TO_DIALOGSTATE", json!({"dialogState": ""}), "payload.dialogState"),
            ("GO_TO_DIALOGSTATE", json!({"dialogState": "é".repeat(201)}), "payload.dialogState"),
            ("StartEngagement", json!({}), "payload.formData"),
            ("StartEngagement", json!({"formData": {"note": long}}), "payload.formData.note"),
        ] {
            assert_eq!(field(text, &payload).as_deref(), Some(expected), "{text} {payload}");
        }
        let many: Map<String, Value> = (0..65).map(|n| (n.to_string(), json!(n))).collect();
        assert_eq!(
            field("StartEngagement", &json!({ "formData": many })).as_deref(),
            Some("payload.formData")
        );
    }

    #[test]
    fn a_session_is_bounded_in_every_direction() {
        let of = |count: usize, bytes: usize| -> Map<String, Value> {
            (0..count).map(|n| (format!("v{n:03}"), json!("x".repeat(bytes - 2)))).collect()
        };
        let field = |session| check_session("session", &session).err().and_then(|error| error.field);
        assert_eq!(field(of(64, 1_020)), None);
        assert_eq!(field(of(65, 10)).as_deref(), Some("session"));
        assert_eq!(field(of(1, 4_096)), None);
        assert_eq!(field(of(1, 4_097)).as_deref(), Some("session.v000"));
        assert_eq!(field(of(64, 1_021)).as_deref(), Some("session"));
    }
}
