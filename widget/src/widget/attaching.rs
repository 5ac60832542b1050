//! Files: the page side has them, shows them and sends them to the relay (`static/files.js`). Here is said as whom, and
//! which messages they become.

use super::{Origin, Widget};
use crate::{actions::Invocation, browser};
use js_sys::{Array, Promise};
use serde_json::{Map, Value};
use shared::{
    ClientKey, Error,
    message::MessageType,
    peer::{Unsent, UnsentState},
};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

impl Widget {
    /// The composer is drawn anew.
    pub(crate) fn compose(&self, form: &Element) {
        self.page.files("compose", form);
    }

    /// What is shown of a file on its way, in the row of this key.
    pub(crate) fn upload(&self, key: &str) -> Option<Element> {
        self.page.files("node", &key.into()).dyn_into().ok()
    }

    /// The visitor does something with a file.
    pub(crate) fn act(self: &Rc<Self>, name: &str, payload: JsValue) -> Promise {
        let invocation = Invocation { id: self.runs.next_id(), origin: Origin::Visitor, payload };
        self.invoke(name, invocation)
    }

    /// As whom a file is sent to the relay, and how many bytes it may have, where that is known.
    #[expect(clippy::cast_precision_loss, reason = "bytes of a file")]
    pub(crate) fn upload_pass(self: &Rc<Self>) -> Array {
        self.begin();
        let storage = self.storage.borrow();
        let record = storage.record();
        let bearer = record.identity.clone().unwrap_or_else(|| record.token.reveal());
        let organization = self.state.organization.peek();
        let most = organization.and_then(|organization| organization.file_bytes);
        Array::of2(&bearer.into(), &most.map(|bytes| bytes as f64).into())
    }

    /// Shows the row of a file that is sent and not on the relay yet, or takes it away again.
    pub(crate) fn show_upload(&self, key: ClientKey, is_shown: bool) {
        if is_shown {
            let row = file(key, String::new(), String::new(), Map::new());
            self.state.take_outbox(std::iter::once(&row));
        } else {
            self.state.discard(&key);
        }
    }

    /// Says the file, which the relay has now, in the place of its row.
    pub(crate) fn send_file(
        self: &Rc<Self>,
        key: &ClientKey,
        address: String,
        media: String,
        meta: Map<String, Value>,
    ) -> Result<ClientKey, Error> {
        self.state.discard(key);
        // Another key: another row.
        self.send_unsent(file(browser::random_key(), address, media, meta))
    }
}

fn file(key: ClientKey, text: String, media: String, meta: Map<String, Value>) -> Unsent {
    Unsent {
        key,
        kind: MessageType::Chat,
        text,
        content_type: Some(media),
        payload: None,
        meta,
        at: browser::now(),
        state: UnsentState::Waiting,
    }
}
