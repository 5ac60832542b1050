//! What the visitor has said and the relay has not yet shown to be in the log.

use crate::{ClientKey, Error, ErrorCode, Millis, Seq, limits, message::MessageType, wire::VisitorFrame};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A message on its way. The browser stores these, so that they survive a reload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unsent {
    pub key: ClientKey,
    #[serde(rename = "type", default)]
    pub kind: MessageType,
    pub text: String,
    /// `text` is the address of a file of this media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meta: Map<String, Value>,
    /// When the visitor said it, by the visitor's clock.
    pub at: Millis,
    #[serde(default)]
    pub state: UnsentState,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnsentState {
    /// For a connection, or for the relay's answer.
    #[default]
    Waiting,
    /// Stored by the relay at `seq`; its entry is on the way.
    Sent { seq: Seq },
    /// Refused for good; the visitor may try again or give up.
    Failed(Error),
}

impl Unsent {
    pub(super) fn frame(&self) -> VisitorFrame {
        VisitorFrame::Send {
            key: self.key.clone(),
            kind: self.kind,
            text: self.text.clone(),
            content_type: self.content_type.clone(),
            payload: self.payload.clone(),
            meta: self.meta.clone(),
        }
    }
}

/// The messages on their way, in the order in which they were said.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbox {
    unsent: Vec<Unsent>,
}

impl Outbox {
    /// From storage. What was acknowledged there is sent once more: that stores nothing new, and it does not
    /// rest on the relay still having it.
    pub(super) fn new(mut unsent: Vec<Unsent>) -> Self {
        for unsent in &mut unsent {
            if matches!(unsent.state, UnsentState::Sent { .. }) {
                unsent.state = UnsentState::Waiting;
            }
        }
        Self { unsent }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Unsent> {
        self.unsent.iter()
    }

    pub(super) fn push(&mut self, unsent: Unsent) -> Result<(), Error> {
        let characters = unsent.text.chars().count();
        if characters > limits::TEXT_CHARS {
            let message =
                format!("text has {characters} characters; at most {} are allowed", limits::TEXT_CHARS);
            return Err(Error::new(ErrorCode::TooLarge, message).with_field("text"));
        }
        if self.unsent.len() >= limits::OUTBOX {
            let message = format!("{} messages are waiting already", limits::OUTBOX);
            return Err(Error::new(ErrorCode::RateLimited, message));
        }
        if self.get(&unsent.key).is_none() {
            self.unsent.push(unsent);
        }
        Ok(())
    }

    pub(super) fn next_waiting(&self) -> Option<&Unsent> {
        self.unsent.iter().find(|unsent| unsent.state == UnsentState::Waiting)
    }

    pub(super) fn get(&self, key: &ClientKey) -> Option<&Unsent> {
        self.unsent.iter().find(|unsent| unsent.key == *key)
    }

    pub(super) fn set_state(&mut self, key: &ClientKey, state: UnsentState) -> bool {
        match self.unsent.iter_mut().find(|unsent| unsent.key == *key) {
            Some(unsent) if unsent.state != state => {
                unsent.state = state;
                true
            }
            _ => false,
        }
    }

    /// Puts a failed message back in line, behind what waits already.
    pub(super) fn retry(&mut self, key: &ClientKey) -> bool {
        let failed = |unsent: &Unsent| unsent.key == *key && matches!(unsent.state, UnsentState::Failed(_));
        let Some(at) = self.unsent.iter().position(failed) else {
            return false;
        };
        let mut unsent = self.unsent.remove(at);
        unsent.state = UnsentState::Waiting;
        self.unsent.push(unsent);
        true
    }

    pub(super) fn remove(&mut self, key: &ClientKey) -> Option<Unsent> {
        let at = self.unsent.iter().position(|unsent| unsent.key == *key)?;
        Some(self.unsent.remove(at))
    }

    /// Forgets what the log holds by now. Says whether there was any.
    pub(super) fn settle(&mut self, last: Seq) -> bool {
        let before = self.unsent.len();
        self.unsent.retain(|unsent| !matches!(unsent.state, UnsentState::Sent { seq } if seq <= last));
        self.unsent.len() < before
    }
}
