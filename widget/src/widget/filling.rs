//! What the visitor fills in: kept while it is written, sent as one message.

use super::Widget;
use crate::{actions::Act, state::RATING};
use serde_json::{Map, Value};
use shared::message::MessageType;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::Element;

impl Widget {
    pub(crate) fn draw_form(&self, kind: &str, definition: &JsValue, kept: &JsValue) -> Element {
        self.page.0.form(kind, definition, kept)
    }

    /// What was filled in and not sent, by form. It is the page side's to read.
    pub(crate) fn kept_answers(&self) -> Value {
        self.storage.borrow().record().answers.clone()
    }

    pub(crate) fn keep_answers(self: &Rc<Self>, answers: Value) {
        self.begin();
        self.storage.borrow_mut().update(|record| record.answers = answers);
    }

    /// The visitor has filled in what comes before the conversation, or leaves it empty.
    pub(crate) fn start_with(self: &Rc<Self>, form: Option<Value>) {
        self.gesture(Act::StartEngagement { form }, None);
    }

    /// The visitor sends a form, or a rating. Other clients read the title and the text.
    pub(crate) fn answer(self: &Rc<Self>, form: &str, title: &str, text: String, answers: Value) {
        let (mut payload, mut meta) = (Map::new(), Map::new());
        let mut put = |name: &str, value: Value| payload.insert(name.to_owned(), value);
        put("values", answers);
        if form != RATING {
            put("form", form.into());
            meta.insert("title".to_owned(), title.into());
        }
        if let Err(error) = self.say(MessageType::Results, text, Some(payload.into()), meta) {
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
