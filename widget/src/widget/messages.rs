//! The whole history for the page: what is missing is loaded first, page by page.

use super::Widget;
use crate::api::message;
use js_sys::{Array, Promise};
use shared::peer::ConnectionStatus;
use std::rc::Rc;

impl Widget {
    /// Resolves with every message of the conversation.
    pub(crate) fn messages(self: &Rc<Self>) -> Promise {
        let promise = self.waiting.promise();
        self.connect();
        self.gather(true);
        promise
    }

    /// Answers the calls that wait, or asks for the next page. `has_more` is false when the last one was empty.
    pub(super) fn gather(self: &Rc<Self>, has_more: bool) {
        let transport = self.connect();
        let is_live = transport.read(|visitor| visitor.status() == ConnectionStatus::Live);
        if self.waiting.is_empty() || !is_live {
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
        self.waiting.resolve(&messages);
    }
}
