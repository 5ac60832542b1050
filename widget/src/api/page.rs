//! What the page gets to hear: events, and errors in its own terms.

use super::Hooks;
use crate::browser;
use js_sys::{JSON, Object, Reflect};
use serde_json::Value;
use shared::{ConversationId, Error, MessageId, Seq, json, message::Shown};
use wasm_bindgen::JsValue;

/// The page side's ear.
#[derive(Debug, Clone)]
pub(crate) struct Page(pub(crate) Hooks);

impl Page {
    /// An event that says nothing but its name.
    pub(crate) fn emit(&self, event: &str) {
        self.emit_detail(event, &JsValue::UNDEFINED);
    }

    pub(crate) fn emit_unread(&self, count: u32) {
        self.emit_detail("unread", &object(&[("count", count.into())]));
    }

    pub(crate) fn emit_conversation(&self, id: ConversationId) {
        self.emit_detail("conversation", &object(&[("id", id.to_string().into())]));
    }

    /// When somebody is there, as the organization has set it; null for always.
    pub(crate) fn emit_hours(&self, hours: &Value) {
        self.emit_detail("@hours", &to_js(hours));
    }

    /// An action that the widget began is over.
    pub(crate) fn emit_done(&self, invocation: i32) {
        self.emit_detail("@done", &invocation.into());
    }

    /// An event that somebody of the organization sends to the page, which gets it once, whatever crashes.
    pub(crate) fn emit_dispatch(&self, id: MessageId, payload: &Value) {
        self.emit_detail("@dispatch", &object(&[("id", id.to_string().into()), ("payload", to_js(payload))]));
    }

    pub(crate) fn emit_typing(&self, event: &str, name: Option<&str>) {
        self.emit_detail(event, &object(&[("name", name.into())]));
    }

    pub(crate) fn emit_sent(&self, id: MessageId, seq: Seq, text: &str) {
        let detail = receipt(id, seq);
        set(&detail, "text", &text.into());
        self.emit_detail("message:sent", &detail);
    }

    /// An agent's message, as the REST API shows it.
    pub(crate) fn emit_received(&self, seq: Seq, shown: &Shown) {
        if let Some(message) = message(seq, shown) {
            self.emit_detail("message:received", &message);
        }
    }

    pub(crate) fn emit_failed(&self, error: &Error) {
        self.emit_detail("message:failed", &failure(error));
    }

    /// Something failed that is not the answer to a call.
    pub(crate) fn emit_error(&self, error: &Error) {
        self.emit_detail("error", &failure(error));
    }

    /// Tells the site's developers.
    pub(crate) fn log(&self, error: &Error) {
        web_sys::console::error_1(&["web1on1: ", &error.message].concat().into());
    }

    /// Has something done about files.
    pub(crate) fn files(&self, what: &str, about: &JsValue) -> JsValue {
        self.0.files(what, about)
    }

    fn emit_detail(&self, event: &str, detail: &JsValue) {
        // The page side catches what a page's callback throws.
        let _ = self.0.emit(event, detail);
    }
}

/// A message as the REST API shows it; nothing for what is for the page's programs alone.
pub(crate) fn message(seq: Seq, shown: &Shown) -> Option<JsValue> {
    let message = JSON::parse(&json::write(shown)).ok()?;
    set(&message, "seq", &number(seq));
    set(&message, "type", &shown.kind.as_str().into());
    Some(message)
}

pub(crate) fn to_js(value: &Value) -> JsValue {
    // What was written here is JSON.
    JSON::parse(&json::write(value)).unwrap_or_default()
}

/// Null for what has no JSON.
pub(crate) fn to_value(value: &JsValue) -> Value {
    browser::json(value).and_then(|text| json::read(&text)).unwrap_or_default()
}

pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    // Throws for what is no object.
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// What a call resolves with once the relay has stored the message.
pub(crate) fn receipt(id: MessageId, seq: Seq) -> JsValue {
    object(&[("id", id.to_string().into()), ("seq", number(seq))])
}

/// What a call rejects with.
pub(crate) fn to_js_error(error: &Error) -> JsValue {
    let js = js_sys::Error::new(&error.message).into();
    set(&js, "code", &error.code.as_str().into());
    if let Some(field) = &error.field {
        set(&js, "field", &field.into());
    }
    js
}

fn failure(error: &Error) -> JsValue {
    object(&[("code", error.code.as_str().into()), ("message", error.message.as_str().into())])
}

#[expect(clippy::cast_precision_loss, reason = "exact for the first nine quadrillion messages")]
fn number(seq: Seq) -> JsValue {
    JsValue::from_f64(seq.0 as f64)
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Plain objects and errors take any member.
    let _ = Reflect::set(object, &name.into(), value);
}
