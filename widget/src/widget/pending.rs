//! What was said and is not stored yet: its words, for the event that says that it is, and the promise of
//! the page that asked for it.

use crate::api::to_js_error;
use js_sys::{Function, Promise};
use shared::{ClientKey, Error, peer::Unsent};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

#[derive(Default)]
pub(super) struct Pending(RefCell<Vec<Message>>);

pub(super) struct Message {
    key: ClientKey,
    /// Absent for a command, which nobody sees.
    pub(super) text: Option<String>,
    promise: Option<Settle>,
}

struct Settle {
    resolve: Function,
    reject: Function,
}

impl Pending {
    pub(super) fn expect(&self, unsent: &Unsent) {
        let mut messages = self.0.borrow_mut();
        if messages.iter().all(|message| message.key != unsent.key) {
            let text = (!unsent.kind.is_command()).then(|| unsent.text.clone());
            messages.push(Message { key: unsent.key.clone(), text, promise: None });
        }
    }

    pub(super) fn promise(&self, key: &ClientKey) -> Promise {
        Promise::new(&mut |resolve, reject| {
            if let Some(message) = self.0.borrow_mut().iter_mut().find(|message| message.key == *key) {
                message.promise = Some(Settle { resolve, reject });
            }
        })
    }

    pub(super) fn remove(&self, key: &ClientKey) -> Option<Message> {
        let mut messages = self.0.borrow_mut();
        let at = messages.iter().position(|message| message.key == *key)?;
        Some(messages.remove(at))
    }

    /// Answers the page; the message itself may still be retried. Says whether it is a command.
    pub(super) fn reject(&self, key: &ClientKey, error: &JsValue) -> bool {
        let mut messages = self.0.borrow_mut();
        let Some(message) = messages.iter_mut().find(|message| message.key == *key) else { return false };
        let is_command = message.text.is_none();
        let promise = message.promise.take();
        drop(messages);
        settle(promise.map(|promise| promise.reject), error);
        is_command
    }

    pub(super) fn reject_all(&self, error: &Error) {
        let error = to_js_error(error);
        for message in self.0.take() {
            settle(message.promise.map(|promise| promise.reject), &error);
        }
    }
}

impl Message {
    pub(super) fn resolve(&self, receipt: &JsValue) {
        settle(self.promise.as_ref().map(|promise| promise.resolve.clone()), receipt);
    }
}

fn settle(function: Option<Function>, value: &JsValue) {
    if let Some(function) = function {
        // A promise's own functions do not throw.
        let _ = function.call1(&JsValue::UNDEFINED, value);
    }
}
