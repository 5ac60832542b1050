//! What the visitor fills in: kept while it is written, sent as one message. The page side knows what is in it.

use super::Widget;
use crate::{actions::Act, api::to_js};
use serde_json::{Map, Value};
use shared::message::MessageType;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::Element;

impl Widget {
    pub(crate) fn draw_form(&self, kind: &str, definition: &JsValue) -> Element {
        let kept = to_js(&self.storage.borrow().record().answers);
        self.page.0.form(kind, definition, &kept)
    }

    /// What was filled in and not sent, of all forms.
    pub(crate) fn keep_answers(self: &Rc<Self>, answers: Value) {
        self.begin();
        self.storage.borrow_mut().update(|record| record.answers = answers);
    }

    /// The visitor sends a form or a rating, or what comes before the conversation, if anything. Until the relay has written it in its
    /// own way, the message has this text and title.
    pub(crate) fn answer(self: &Rc<Self>, text: String, title: Value, payload: Value) {
        if payload.get("values").is_none() {
            let form = payload.get("formData").cloned();
            return self.gesture(Act::StartEngagement { form }, None);
        }
        let mut meta = Map::new();
        meta.insert("title".to_owned(), title);
        if let Err(error) = self.say(MessageType::Results, text, Some(payload), meta) {
            self.page.emit_failed(&error);
        }
    }

    /// Nothing comes before the first message any more.
    pub(super) fn have_started(&self) {
        self.storage.borrow_mut().update(|record| record.started = true);
        self.state.ask_first(None);
    }

    /// What the organization's settings ask for.
    pub(super) fn follow_settings(&self) {
        let first = self.state.setting("preChatForm").filter(|_| !self.storage.borrow().record().started);
        self.state.ask_first(first);
        self.page.emit_hours(&self.state.setting("hours").unwrap_or_default());
    }
}
