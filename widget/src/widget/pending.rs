//! What was said and is not stored yet: its words, for the event that says that it is, and the promise of
//! the page that asked for it.

use crate::{actions::Finish, api::to_js_error, state::Said};
use js_sys::{Function, Promise};
use shared::{ClientKey, Error, peer::Unsent};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

#[derive(Default)]
pub(super) struct Pending(RefCell<Vec<Message>>);

pub(super) struct Message {
    key: ClientKey,
    /// Absent for what nobody sees: commands and events.
    pub(super) text: Option<String>,
    pub(super) promise: Option<Settle>,
}

/// Calls of the page that wait for one and the same.
#[derive(Default)]
pub(super) struct Calls(RefCell<Vec<Settle>>);

impl Calls {
    pub(super) fn promise(&self) -> Promise {
        Promise::new(&mut |resolve, reject| self.0.borrow_mut().push(Settle { resolve, reject }))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    pub(super) fn resolve(&self, value: &JsValue) {
        self.0.take().into_iter().for_each(|settle| settle.resolve(value));
    }

    pub(super) fn reject(&self, error: &Error) {
        self.0.take().into_iter().for_each(|settle| settle.reject(error));
    }
}

/// A promise that the page waits for.
pub(super) struct Settle {
    pub(super) resolve: Function,
    pub(super) reject: Function,
}

impl Settle {
    pub(super) fn resolve(self, value: &JsValue) {
        call(&self.resolve, value);
    }

    /// For the end of an action.
    pub(super) fn finish(self) -> Finish {
        Box::new(move |result, _| match result {
            Ok(value) => call(&self.resolve, &value),
            Err(error) => call(&self.reject, &error),
        })
    }

    pub(super) fn reject(self, error: &Error) {
        call(&self.reject, &to_js_error(error));
    }
}

impl Pending {
    pub(super) fn expect(&self, unsent: &Unsent) {
        let mut messages = self.0.borrow_mut();
        if messages.iter().all(|message| message.key != unsent.key) {
            let text = Said::is_shown(unsent.kind).then(|| unsent.text.clone());
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

    /// Answers the page; the message itself may still be retried. Says whether it is one that nobody sees.
    pub(super) fn reject(&self, key: &ClientKey, error: &Error) -> bool {
        let mut messages = self.0.borrow_mut();
        let Some(message) = messages.iter_mut().find(|message| message.key == *key) else { return false };
        let is_unseen = message.text.is_none();
        let promise = message.promise.take();
        drop(messages);
        if let Some(settle) = promise {
            settle.reject(error);
        }
        is_unseen
    }

    pub(super) fn reject_all(&self, error: &Error) {
        for settle in self.0.take().into_iter().filter_map(|message| message.promise) {
            settle.reject(error);
        }
    }
}

fn call(function: &Function, value: &JsValue) {
    // A promise's own functions do not throw.
    let _ = function.call1(&JsValue::UNDEFINED, value);
}
