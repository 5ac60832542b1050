//! What the page side gives the widget: its functions, by the names that both agree on.

use crate::words::Words;
use js_sys::{Array, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Element, Storage, WebSocket};

#[wasm_bindgen]
extern "C" {
    #[derive(Debug, Clone)]
    pub type Hooks;

    /// Tells an event of the public interface, or one between the two halves, which begins with `@`.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn emit(this: &Hooks, event: &str, detail: &JsValue) -> Result<(), JsValue>;

    /// Has functions of the page run: `before`, `body` or `after` of an action.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn ask(this: &Hooks, what: &str, arguments: &Array) -> Result<Promise, JsValue>;

    /// Has something done about files: `static/files.js` says what can be.
    #[wasm_bindgen(method)]
    pub(crate) fn files(this: &Hooks, what: &str, about: &JsValue) -> JsValue;

    /// The site's storage, or what stands for it.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn storage(this: &Hooks) -> Storage;

    /// What shows a file: see `static/file.js`.
    #[wasm_bindgen(method)]
    pub(crate) fn file(this: &Hooks, address: &str, media: &str, title: &str, bytes: f64) -> Element;

    /// Has something of `static/later.js` played for an element: see there.
    #[wasm_bindgen(method)]
    pub(crate) fn media(this: &Hooks, what: &str, element: &Element);

    /// Gives the panel its colours: `static/accent.js`. No `color` is the page's own.
    #[wasm_bindgen(method)]
    pub(crate) fn tint(this: &Hooks, panel: &Element, color: Option<&str>);

    /// The texts in the visitor's language.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn words(this: &Hooks) -> Words;

    /// A form to be filled in, as an element: it calls `keepAnswers` and `answer`. `kind` is `form`, `first` (before the
    /// conversation), `rating` or `again` (a rating to be changed), which need no definition.
    #[wasm_bindgen(method)]
    pub(crate) fn form(this: &Hooks, kind: &str, definition: &JsValue, kept: &JsValue) -> Element;

    /// The entries of the menu that turn on what tells of answers: `static/switches.js`.
    #[wasm_bindgen(method)]
    pub(crate) fn switches(this: &Hooks) -> Element;

    /// Keeps one's place in a thread: its scroller, all that scrolls in there, and the rows.
    #[wasm_bindgen(method)]
    pub(crate) fn place(this: &Hooks, scroller: &Element, content: &Element, rows: &Element) -> Place;

    /// Opens a socket, or joins that of another tab of the same `person`.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn connect(this: &Hooks, url: &str, person: &str) -> Result<WebSocket, JsValue>;

    /// `static/place.js`
    #[derive(Debug, Clone)]
    pub type Place;

    /// To the line above what is `new`, to the row of a key, which gets the focus, or to the `end`.
    #[wasm_bindgen(method)]
    pub(crate) fn go(this: &Place, place: &str);

    /// Tells what is in view once more, in the next frame.
    #[wasm_bindgen(method)]
    pub(crate) fn again(this: &Place);

    /// Of a row, in CSS pixels; 0 while it is not shown.
    #[wasm_bindgen(method)]
    pub(crate) fn height(this: &Place, row: &Element) -> f64;

    /// Leaves room before and behind the rows, in CSS pixels.
    #[wasm_bindgen(method)]
    pub(crate) fn pad(this: &Place, above: f64, below: f64);

    /// Takes the focus out of what is about to go.
    #[wasm_bindgen(method)]
    pub(crate) fn leave(this: &Place, element: &Element);
}
