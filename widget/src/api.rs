//! The boundary to the loader: one function takes every call, [`Page`] tells every event. One method more is
//! one arm here and one function on the widget.

mod arguments;
mod hooks;
mod page;

pub use hooks::Hooks;
pub(crate) use hooks::Place;
pub(crate) use page::{Page, member, message, receipt, to_js, to_js_error, to_value};

use crate::{
    actions::{Act, FunctionId, Invocation},
    browser,
    widget::{Origin, Widget},
};
use js_sys::{Array, Promise, TypeError};
use shared::{ClientKey, Seq};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Answers a call; a wrong argument rejects with a `TypeError` that names it.
pub(crate) fn dispatch(widget: &Rc<Widget>, method: &str, arguments: &Array) -> Promise {
    call(widget, method, arguments).unwrap_or_else(|error| Promise::reject(&error))
}

fn call(widget: &Rc<Widget>, method: &str, arguments: &Array) -> Result<Promise, JsValue> {
    let argument = |at, name| text(arguments, at, name);
    match method {
        "open" => widget.open(),
        "close" => widget.close(),
        "setPredefinedMessage" => {
            return Ok(widget.ask_for(&Act::SetInputText { body: argument(0, "message")? }));
        }
        "sendClientMessage" => {
            return Ok(widget.ask_for(&Act::send(argument(0, "message")?)));
        }
        "showFakeAgentMessage" => show_fake_agent_message(widget, arguments)?,
        "messages" => return Ok(widget.messages()),
        "updateSession" => return Ok(tell_bot(widget, "UPDATE_SESSION", &arguments.get(0))),
        "goToDialogState" => return Ok(tell_bot(widget, "GO_TO_DIALOGSTATE", &arguments.get(0))),
        "keepAnswers" => widget.keep_answers(to_value(&arguments.get(0))),
        "answer" => {
            widget.answer(argument(0, "text")?, to_value(&arguments.get(1)), to_value(&arguments.get(2)))
        }
        "away" => {
            let words = |at| arguments.get(at).as_string();
            widget.state.set_away(words(0).zip(words(1)));
        }
        "setLocale" => widget.set_locale(argument(0, "tag")?),
        "setTheme" => widget.set_theme(&argument(0, "theme")?),
        "consent" => widget.consent(argument(0, "consent")? == "granted"),
        "identify" => return Ok(widget.identify(argument(0, "token")?)),
        "logout" => widget.leave(),
        "stored" => widget.take_stored(),
        "act" => return Ok(widget.act(&argument(0, "name")?, arguments.get(1))),
        "upload" => return Ok(Promise::resolve(&JsValue::from(widget.upload_pass()))),
        "attached" => widget.state.set_attached(arguments.get(0).is_truthy()),
        "uploading" => widget.show_upload(key(arguments)?, arguments.get(1).is_truthy()),
        "uploaded" => return send_file(widget, arguments),
        "choices" => return Ok(Promise::resolve(&widget.choices(to_value(&arguments.get(0))))),
        "welcome" => {
            let last = Seq(number(&arguments.get(0)));
            return Ok(Promise::resolve(&JsValue::from(widget.welcome(last))));
        }
        "register" => register(widget, arguments)?,
        "invoke" => {
            let (id, payload) = (integer(&arguments.get(1)), arguments.get(2));
            return Ok(widget.invoke(&argument(0, "name")?, Invocation { id, origin: Origin::Page, payload }));
        }
        "original" => {
            let (id, payload) = (integer(&arguments.get(0)), arguments.get(1));
            return Ok(widget.invoke_original(Invocation { id, origin: Origin::Page, payload }));
        }
        _ => return Err(type_error("method", &["one that exists, not ", method].concat())),
    }
    Ok(Promise::resolve(&JsValue::UNDEFINED))
}

/// Sends what a page's program tells the organization's bot.
fn tell_bot(widget: &Rc<Widget>, event: &str, payload: &JsValue) -> Promise {
    match widget.send_event(event, to_value(payload)) {
        Ok(key) => widget.receipt(&key),
        Err(error) => Promise::reject(&to_js_error(&error)),
    }
}

/// What a page puts before, after or in place of actions: `[kind, name, function?]`.
fn register(widget: &Widget, arguments: &Array) -> Result<(), JsValue> {
    let kind = text(arguments, 0, "kind")?;
    let name = arguments.get(1).as_string();
    let mut registry = widget.runs.registry.borrow_mut();
    if kind == "unlistenAll" {
        registry.unlisten_all(name.as_deref());
        return Ok(());
    }
    let name = name.ok_or_else(|| type_error("name", "a string"))?;
    let id = FunctionId::try_from(integer(&arguments.get(2)))
        .map_err(|_| type_error("function", "the number of one"))?;
    match &*kind {
        "action" => registry.register(&name, id),
        "replace" => registry.replace(&name, id),
        "listen" => registry.listen(&name, id),
        _ => registry.unlisten(&name, id),
    }
    Ok(())
}

/// Says a file that is on the relay: `[key, address, media type, meta]`.
fn send_file(widget: &Rc<Widget>, arguments: &Array) -> Result<Promise, JsValue> {
    let meta = to_value(&arguments.get(3)).as_object().cloned().unwrap_or_default();
    let (address, media) = (text(arguments, 1, "address")?, text(arguments, 2, "contentType")?);
    let sent = widget.send_file(&key(arguments)?, address, media, meta);
    sent.map(|key| widget.receipt(&key)).map_err(|error| to_js_error(&error))
}

fn key(arguments: &Array) -> Result<ClientKey, JsValue> {
    text(arguments, 0, "key")?.parse().map_err(|_| type_error("key", "a client key"))
}

fn show_fake_agent_message(widget: &Widget, arguments: &Array) -> Result<(), JsValue> {
    let is_named = !arguments.get(1).is_null() && !arguments.get(1).is_undefined();
    let name = if is_named { Some(text(arguments, 1, "name")?) } else { None };
    let new_id = || browser::random_id().to_string();
    let given = to_value(&arguments.get(0));
    let messages = arguments::fake_messages(&given, name.as_deref(), browser::now(), new_id)
        .map_err(|name| type_error(&name, arguments::MESSAGE))?;
    for message in &messages {
        widget.show_fake(message);
    }
    Ok(())
}

fn text(arguments: &Array, at: u32, name: &str) -> Result<String, JsValue> {
    arguments.get(at).as_string().ok_or_else(|| type_error(name, "a string"))
}

#[expect(clippy::cast_possible_truncation, reason = "the page side counts from one")]
fn integer(value: &JsValue) -> i32 {
    value.as_f64().unwrap_or_default() as i32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the log")]
fn number(value: &JsValue) -> u64 {
    value.as_f64().unwrap_or_default() as u64
}

pub(crate) fn type_error(name: &str, expected: &str) -> JsValue {
    TypeError::new(&["web1on1: ", name, " must be ", expected].concat()).into()
}
