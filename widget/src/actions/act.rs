//! What the widget's own actions are asked to do, and how a page writes that. Nothing here touches the browser.

use super::registry::{
    MINIMIZE, RESTART_ENGAGEMENT, SEND_MESSAGE, SEND_TYPING, SET_INPUT_TEXT, START_ENGAGEMENT, TOGGLE,
};
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    StartEngagement {
        /// What was filled in before the conversation.
        form: Option<Value>,
    },
    RestartEngagement,
    ToggleChatVisibility,
    MinimizeChat,
    SendMessage {
        body: String,
        /// Makes a postback of it: `messageAttributes.payload`.
        payload: Option<Value>,
        /// The other attributes.
        meta: Map<String, Value>,
    },
    SetInputText {
        body: String,
    },
    SendTyping,
}

const PAYLOAD: &str = "payload";

impl Act {
    /// A plain text.
    pub(crate) fn send(body: String) -> Self {
        Self::SendMessage { body, payload: None, meta: Map::new() }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::StartEngagement { .. } => START_ENGAGEMENT,
            Self::RestartEngagement => RESTART_ENGAGEMENT,
            Self::ToggleChatVisibility => TOGGLE,
            Self::MinimizeChat => MINIMIZE,
            Self::SendMessage { .. } => SEND_MESSAGE,
            Self::SetInputText { .. } => SET_INPUT_TEXT,
            Self::SendTyping => SEND_TYPING,
        }
    }

    /// Reads a page's payload for a native action.
    ///
    /// # Errors
    /// The name of what is no text in it.
    pub(crate) fn read(name: &str, payload: &Value) -> Result<Self, &'static str> {
        let body = || payload["body"].as_str().map(str::to_owned).ok_or("body");
        Ok(match name {
            START_ENGAGEMENT => Self::StartEngagement {
                form: payload.get("formData").filter(|form| form.is_object()).cloned(),
            },
            RESTART_ENGAGEMENT => Self::RestartEngagement,
            TOGGLE => Self::ToggleChatVisibility,
            MINIMIZE => Self::MinimizeChat,
            SEND_MESSAGE => {
                let (mut postback, mut meta) = (None, Map::new());
                for (name, value) in payload["messageAttributes"].as_object().into_iter().flatten() {
                    if name == PAYLOAD {
                        postback = Some(value.clone());
                    } else {
                        meta.insert(name.clone(), value.clone());
                    }
                }
                Self::SendMessage { body: body()?, payload: postback, meta }
            }
            SET_INPUT_TEXT => Self::SetInputText { body: body()? },
            _ => Self::SendTyping,
        })
    }

    /// What listeners get of a gesture. `channel` names the conversation, or where it will be.
    pub(crate) fn payload(&self, channel: &str) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        match self {
            Self::StartEngagement { form } => {
                if let Some(form) = form {
                    put("formData", form.clone());
                }
            }
            Self::SendMessage { body, payload, meta } => {
                put("channelSid", channel.into());
                put("body", body.as_str().into());
                let mut attributes = meta.clone();
                if let Some(payload) = payload {
                    attributes.insert(PAYLOAD.to_owned(), payload.clone());
                }
                if !attributes.is_empty() {
                    put("messageAttributes", attributes.into());
                }
            }
            Self::SetInputText { body } => {
                put("channelSid", channel.into());
                put("body", body.as_str().into());
            }
            Self::SendTyping => {
                put("channelSid", channel.into());
            }
            Self::RestartEngagement | Self::ToggleChatVisibility | Self::MinimizeChat => {}
        }
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_gesture_tells_is_read_as_that_gesture() {
        let meta = Map::from_iter([("campaign".to_owned(), json!("spring"))]);
        for act in [
            Act::StartEngagement { form: None },
            Act::StartEngagement { form: Some(json!({"name": "Ada"})) },
            Act::RestartEngagement,
            Act::ToggleChatVisibility,
            Act::MinimizeChat,
            Act::send("Hi".into()),
            Act::SendMessage { body: "Hi".into(), payload: Some(json!({"size": 42})), meta },
            Act::SetInputText { body: String::new() },
            Act::SendTyping,
        ] {
            assert_eq!(Act::read(act.name(), &act.payload("CH1")), Ok(act));
        }
    }

    #[test]
    fn a_body_that_is_no_text_is_named() {
        for payload in [json!(null), json!({}), json!({"body": 7}), json!("Hi")] {
            assert_eq!(Act::read(SEND_MESSAGE, &payload), Err("body"), "{payload}");
            assert_eq!(Act::read(SET_INPUT_TEXT, &payload), Err("body"), "{payload}");
        }
        let sent = Act::read(SEND_MESSAGE, &json!({"body": "Hi", "messageAttributes": 7}));
        assert_eq!(sent, Ok(Act::send("Hi".into())));
    }
}
