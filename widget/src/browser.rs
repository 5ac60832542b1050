//! The browser's clock, randomness, timers and listeners, in this crate's types. Guards: what is dropped is
//! removed from the page.

mod dates;
mod json;
mod listener;
mod timer;

pub(crate) use dates::day_of;
pub(crate) use json::json;
pub(crate) use listener::Listener;
pub(crate) use timer::Timer;

use js_sys::Promise;
use shared::{ClientKey, MessageId, Millis, VisitorToken};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::{Document, Window};

pub(crate) fn window() -> Window {
    web_sys::window().expect("the widget runs in a page")
}

pub(crate) fn document() -> Document {
    window().document().expect("a page has a document")
}

pub(crate) fn now() -> Millis {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds since 1970"
    )]
    Millis(js_sys::Date::now() as u64)
}

/// Whether the page can be seen.
pub(crate) fn is_visible() -> bool {
    !document().hidden()
}

/// Whether the browser has a network; it may be wrong when it says so.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

/// Whether the visitor is writing in a field of the page.
pub(crate) fn is_writing() -> bool {
    let active = document().active_element();
    active.is_some_and(|active| active.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
}

/// Whether keys come to this document.
pub(crate) fn has_focus() -> bool {
    document().has_focus().unwrap_or(false)
}

/// Whether there is a mouse, and so most likely a real keyboard.
pub(crate) fn has_fine_pointer() -> bool {
    window().match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
}

/// The language of the page, else of the browser.
pub(crate) fn locale() -> Option<String> {
    let page = document().document_element().map(|root| root.get_attribute("lang").unwrap_or_default());
    page.filter(|tag| !tag.is_empty()).or_else(|| window().navigator().language())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Promise)]
    type Thenable;

    #[wasm_bindgen(method)]
    fn then(this: &Thenable, resolved: &JsValue, rejected: &JsValue);
}

/// Calls back once the promise is settled.
pub(crate) fn when(promise: &Promise, react: impl FnOnce(Result<JsValue, JsValue>) + 'static) {
    // One function for all.
    fn start(promise: &Promise, react: Box<dyn FnOnce(Result<JsValue, JsValue>)>) {
        let react = Rc::new(Cell::new(Some(react)));
        let hear = |read: fn(JsValue) -> Result<JsValue, JsValue>| {
            let react = react.clone();
            Closure::once_into_js(move |value: JsValue| {
                if let Some(react) = react.take() {
                    react(read(value));
                }
            })
        };
        promise.unchecked_ref::<Thenable>().then(&hear(Ok), &hear(Err));
    }
    start(promise, Box::new(react));
}

/// Once the present task is over, before the browser draws.
pub(crate) fn soon(run: fn()) {
    let callback = Closure::once_into_js(run);
    window().queue_microtask(callback.unchecked_ref());
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    // A token of zeros would be everybody's.
    assert!(filled.is_ok(), "every browser that runs wasm has `crypto`, and gives 65,536 bytes at a time");
    bytes
}

pub(crate) fn random_token() -> VisitorToken {
    VisitorToken::from_bytes(random())
}

/// 22 characters of 64: 132 bits.
pub(crate) fn random_key() -> ClientKey {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let text: String = random::<22>().map(|byte| char::from(DIGITS[usize::from(byte & 63)])).iter().collect();
    text.parse().expect("the digits are those of a client key")
}

pub(crate) fn random_id() -> MessageId {
    MessageId::new(now().as_secs(), random())
}
