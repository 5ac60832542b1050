//! What a page may pass, read from JSON. Nothing here touches the browser.

use serde_json::Value;
use shared::{Millis, json::FromJson, message::Shown};

pub(super) const MESSAGE: &str = "a text, a message with a text, or an array of them";

/// The messages that a page makes up: one or an array of them, each a text or an object with a text.
///
/// # Errors
/// The name of what is none.
pub(super) fn fake_messages(
    message: &Value,
    name: Option<&str>,
    at: Millis,
    mut new_id: impl FnMut() -> String,
) -> Result<Vec<Shown>, String> {
    let mut fake = |message: &Value| fake_message(message, name, at, &new_id());
    if let Some(messages) = message.as_array() {
        let one =
            |(at, message)| fake(message).ok_or_else(|| ["message[", &usize::to_string(&at), "]"].concat());
        return messages.iter().enumerate().map(one).collect();
    }
    Ok(vec![fake(message).ok_or("message")?])
}

fn fake_message(message: &Value, name: Option<&str>, at: Millis, id: &str) -> Option<Shown> {
    let mut members = message.as_object().cloned().unwrap_or_default();
    if message.is_string() {
        members.insert("text".to_owned(), message.clone());
    }
    if !members.contains_key("text") {
        return None;
    }
    let mut insert = |member: &str, value: &str| members.insert(member.to_owned(), value.into());
    insert("id", id);
    insert("role", "agent");
    insert("createdAt", &at.to_string());
    if let Some(name) = name {
        insert("name", name);
    }
    Shown::from_json(&Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::json;

    fn fake(json: &str, name: Option<&str>) -> Result<Vec<(String, Option<String>)>, String> {
        let given = json::read(json).unwrap_or_default();
        let messages = fake_messages(&given, name, Millis(0), || "5bb01d0dd99faf11a3f4a36e".to_owned())?;
        Ok(messages.into_iter().map(|shown| (shown.text, shown.name)).collect())
    }

    #[test]
    fn a_text_a_message_and_an_array_of_both_are_messages() {
        assert_eq!(fake(r#""Hi""#, None).unwrap(), [("Hi".to_owned(), None)]);
        assert_eq!(
            fake(r#"{"text":"Hi","role":"bot"}"#, Some("Ada")).unwrap(),
            [("Hi".into(), Some("Ada".into()))]
        );
        assert_eq!(
            fake(r#"["Hi",{"text":"Ho","name":"Bob"}]"#, None).unwrap()[1],
            ("Ho".into(), Some("Bob".into()))
        );
    }

    #[test]
    fn what_is_none_is_named() {
        for bad in ["7", "null", "{}", r#"{"text":7}"#] {
            assert_eq!(fake(bad, None).unwrap_err(), "message", "{bad}");
        }
        assert_eq!(fake(r#"["Hi",7]"#, None).unwrap_err(), "message[1]");
    }
}
