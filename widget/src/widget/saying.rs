//! What the visitor says, or the page for the visitor: into the outbox, and what becomes of it.

use super::Widget;
use crate::{api::to_js, browser, words};
use js_sys::Promise;
use serde_json::{Map, Value};
use shared::{
    ClientKey, Error,
    message::MessageType,
    peer::{Unsent, UnsentState},
};
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl Widget {
    pub(crate) fn set_draft(&self, draft: String) {
        self.state.set_draft(draft.clone());
        self.storage.borrow_mut().update(|record| record.draft = draft);
    }

    /// What the visitor has chosen, in whichever tab; from now on what is `given`, if anything.
    pub(crate) fn choices(self: &Rc<Self>, given: Value) -> JsValue {
        let is_given = !given.is_null();
        if is_given {
            self.begin();
        }
        let mut storage = self.storage.borrow_mut();
        if is_given {
            storage.update(|record| record.choices = given);
        } else {
            storage.take_choices();
        }
        to_js(&storage.record().choices)
    }

    /// The visitor sends a failed message again.
    pub(crate) fn retry(self: &Rc<Self>, key: &str) {
        if let Ok(key) = key.parse() {
            self.connect().drive(|visitor, now| visitor.retry(&key, now));
        }
    }

    /// The visitor gives a failed message up.
    pub(crate) fn discard(self: &Rc<Self>, key: &str) {
        if let Ok(key) = key.parse() {
            self.forget(&key);
            self.state.discard(&key);
        }
    }

    /// Resolves with the place of a message once the relay has stored it.
    pub(crate) fn receipt(&self, key: &ClientKey) -> Promise {
        self.pending.promise(key)
    }

    /// Tells the organization's bot what happens on the page.
    pub(crate) fn send_event(self: &Rc<Self>, event: &str, payload: Value) -> Result<ClientKey, Error> {
        self.say(MessageType::Event, event.to_owned(), Some(payload), Map::new())
    }

    pub(crate) fn say(
        self: &Rc<Self>,
        kind: MessageType,
        text: String,
        payload: Option<Value>,
        meta: Map<String, Value>,
    ) -> Result<ClientKey, Error> {
        let (key, at, state) = (browser::random_key(), browser::now(), UnsentState::Waiting);
        self.send_unsent(Unsent { key, kind, text, content_type: None, payload, meta, at, state })
    }

    pub(super) fn send_unsent(self: &Rc<Self>, unsent: Unsent) -> Result<ClientKey, Error> {
        if let Some(code) = self.state.refusal.peek() {
            return Err(Error::new(code, words::say(words::refused(code).0)));
        }
        self.begin();
        let key = unsent.key.clone();
        self.pending.expect(&unsent);
        let sent = self.connect().drive(|visitor, now| visitor.send(unsent, now));
        if sent.is_err() {
            self.pending.remove(&key);
        }
        sent.map(|()| key)
    }

    /// From here on the browser remembers. What another tab has begun meanwhile is this tab's, too.
    pub(super) fn begin(self: &Rc<Self>) {
        let is_another = self.storage.borrow_mut().begin();
        if is_another {
            self.reconnect();
        }
    }

    pub(super) fn forget(self: &Rc<Self>, key: &ClientKey) {
        self.pending.remove(key);
        self.connect().drive(|visitor, _| visitor.discard(key));
    }
}
