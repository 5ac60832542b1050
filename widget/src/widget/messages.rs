//! The whole history for the page: what is missing is loaded first, page by page.

use super::{Widget, pending::Settle};
use crate::api::message;
use js_sys::{Array, Promise};
use shared::{Error, peer::ConnectionStatus};
use std::{cell::RefCell, rc::Rc};

/// The page's calls that wait for it.
#[derive(Default)]
pub(super) struct Waiting(RefCell<Vec<Settle>>);

impl Waiting {
    pub(super) fn reject_all(&self, error: &Error) {
        for settle in self.0.take() {
            settle.reject(error);
        }
    }
}

impl Widget {
    /// Resolves with every message of the conversation.
    pub(crate) fn messages(self: &Rc<Self>) -> Promise {
        let promise = Promise::new(&mut |resolve, reject| {
            self.waiting.0.borrow_mut().push(Settle { resolve, reject });
        });
        self.connect();
        self.gather(true);
        promise
    }

    /// Answers the calls that wait, or asks for the next page. `has_more` is false when the last one was empty.
    pub(super) fn gather(self: &Rc<Self>, has_more: bool) {
        let transport = self.connect();
        let is_live = transport.read(|visitor| visitor.status() == ConnectionStatus::Live);
        if self.waiting.0.borrow().is_empty() || !is_live {
            return;
        }
        if has_more && self.has_earlier() {
            return self.load_earlier();
        }
        let messages = transport.read(|visitor| {
            let entries = visitor.log().entries();
            let shown = entries.filter_map(|entry| message(entry.seq, entry.message.as_ref()?));
            shown.collect::<Array>()
        });
        for settle in self.waiting.0.take() {
            settle.resolve(&messages);
        }
    }
}
