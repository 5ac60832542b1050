//! The boundary to the loader: one function takes every call, [`Page`] tells every event. One method more is
//! one arm here and one function on the widget.

mod arguments;
mod hooks;
mod page;

pub use hooks::Hooks;
pub(crate) use page::{Page, receipt, to_js_error};

use crate::{browser, widget::Widget};
use js_sys::{Array, JSON, Promise, TypeError};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Answers a call; a wrong argument rejects with a `TypeError` that names it.
pub(crate) fn dispatch(widget: &Rc<Widget>, method: &str, arguments: &Array) -> Promise {
    call(widget, method, arguments).unwrap_or_else(|error| Promise::reject(&error))
}

fn call(widget: &Rc<Widget>, method: &str, arguments: &Array) -> Result<Promise, JsValue> {
    match method {
        "open" => widget.open(),
        "close" => widget.close(),
        "setPredefinedMessage" => widget.set_draft(text(arguments, 0, "message")?),
        "showFakeAgentMessage" => show_fake_agent_message(widget, arguments)?,
        "sendClientMessage" => return Ok(widget.send_client_message(&text(arguments, 0, "message")?)),
        _ => return Err(type_error("method", &["one that exists, not ", method].concat())),
    }
    Ok(Promise::resolve(&JsValue::UNDEFINED))
}

fn show_fake_agent_message(widget: &Widget, arguments: &Array) -> Result<(), JsValue> {
    let is_named = !arguments.get(1).is_null() && !arguments.get(1).is_undefined();
    let name = if is_named { Some(text(arguments, 1, "name")?) } else { None };
    // `undefined` has no JSON.
    let json = JSON::stringify(&arguments.get(0)).ok().and_then(|json| json.as_string()).unwrap_or_default();
    let new_id = || browser::random_id().to_string();
    let messages = arguments::fake_messages(&json, name.as_deref(), browser::now(), new_id)
        .map_err(|name| type_error(&name, arguments::MESSAGE))?;
    for message in &messages {
        widget.show_fake(message);
    }
    Ok(())
}

fn text(arguments: &Array, at: u32, name: &str) -> Result<String, JsValue> {
    arguments.get(at).as_string().ok_or_else(|| type_error(name, "a string"))
}

fn type_error(name: &str, expected: &str) -> JsValue {
    TypeError::new(&["web1on1: ", name, " must be ", expected].concat()).into()
}
