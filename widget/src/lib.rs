//! The chat as it runs in a visitor's browser, inside the loader's shadow root. Reading order: `api` (what a
//! page sees), `widget` (what happens), `state` (what is shown), `ui` (how), `transport` (the loop around
//! `shared::peer`).

mod actions;
mod api;
mod browser;
mod content;
mod person;
mod reactive;
mod settings;
mod state;
mod storage;
mod transport;
mod ui;
mod widget;
mod words;

pub use api::Hooks;
use api::Page;
use js_sys::{Array, JSON, Promise, TypeError};
use reactive::Scope;
use settings::Settings;
use shared::{Error, ErrorCode};
use std::{cell::RefCell, fmt, rc::Rc};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::HtmlElement;
use widget::Widget;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A running widget, in the loader's hands.
#[wasm_bindgen]
pub struct Handle {
    widget: Rc<Widget>,
    /// What is shown, and the owner of all that reacts.
    running: RefCell<Option<(HtmlElement, Rc<Scope>)>>,
}

/// Starts the widget in `host`, an element of class `widget` inside a shadow root. `settings` are the page side's.
///
/// # Errors
/// A `TypeError` that names the setting without which nothing works.
#[wasm_bindgen]
pub fn start(host: &HtmlElement, settings: &JsValue, hooks: Hooks) -> Result<Handle, JsValue> {
    let json = JSON::stringify(settings)?.as_string().unwrap_or_default();
    let settings = Settings::from_json(&json)
        .map_err(|name| TypeError::new(&["web1on1: ", name, " is missing or malformed"].concat()))?;
    let page = Page(hooks);
    words::take(page.0.words());
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
    reactive::wake_by(|| browser::soon(reactive::run_due));
    let widget = Widget::start(settings, page);
    let scope = Rc::<Scope>::default();
    let panel = scope.enter(|| ui::mount(&widget, host));
    Ok(Handle { widget, running: RefCell::new(Some((panel, scope))) })
}

#[wasm_bindgen]
impl Handle {
    /// Calls a method of the widget.
    pub fn call(&self, method: &str, arguments: &Array) -> Promise {
        if self.running.borrow().is_none() {
            return Promise::reject(&api::to_js_error(&Error::new(
                ErrorCode::Destroyed,
                "the widget was destroyed",
            )));
        }
        api::dispatch(&self.widget, method, arguments)
    }

    /// Removes everything that `start` has added.
    pub fn stop(&self) {
        self.widget.stop();
        if let Some((panel, scope)) = self.running.take() {
            drop(scope);
            panel.remove();
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}
