//! Where the visitor writes. It grows to five lines: the text stands a second time in the same grid cell,
//! unseen, and the field takes its height.

use super::{
    Desk,
    element::{El, el},
    icons,
};
use crate::{reactive::effect, words};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

pub(super) fn composer(desk: Desk) -> El {
    let text = el("textarea", "")
        .attr("rows", "1")
        .attr("dir", "auto")
        .attr("placeholder", &words::say(words::WRITE))
        .attr("aria-label", &words::say(words::WRITE))
        .attr("enterkeyhint", "send");
    let field: HtmlTextAreaElement = text.node();

    let written = field.clone();
    effect(move || {
        let draft = desk.widget().state.draft.get();
        // Setting what is there already would move the caret.
        if written.value() != draft {
            written.set_value(&draft);
        }
    });
    let typed = field.clone();
    let text = text.on("input", move |_| desk.widget().write(typed.value())).on("keydown", move |event| {
        if is_send(event.unchecked_ref()) {
            event.prevent_default();
            send(desk);
        }
    });
    let button = el("button", "send")
        .attr("aria-label", &words::say(words::SEND))
        .follow("disabled", move || (!can_send(desk)).then(String::new))
        .child(icons::icon(icons::SEND));
    let form = el("form", "composer")
        .on("submit", move |event| {
            event.prevent_default();
            send(desk);
            // Fails for no element.
            let _ = field.focus();
        })
        .child(
            el("div", "field").follow("data-text", move || Some(desk.widget().state.draft.get())).child(text),
        )
        .child(button)
        .follow_child(move || limit(desk));
    desk.widget().compose(&form.node());
    form
}

fn send(desk: Desk) {
    if can_send(desk) {
        desk.widget().send_draft();
    }
}

fn can_send(desk: Desk) -> bool {
    let widget = desk.widget();
    let has_files = widget.state.attached.get();
    widget.state.draft.with(|draft| {
        (has_files || !draft.trim().is_empty())
            && !words::limit(draft).is_some_and(|(name, _)| name == words::OVER)
    })
}

/// What is left of the limit, when that is little.
fn limit(desk: Desk) -> Option<El> {
    let (name, characters) = desk.widget().state.draft.with(|draft| words::limit(draft))?;
    let class = if name == words::OVER { "limit over" } else { "limit" };
    Some(el("p", class).attr("role", "status").text(&words::say_of(name, &JsValue::from(characters))))
}

/// Enter, unless it breaks the line or takes a word from an input method (229: browsers without `isComposing`).
fn is_send(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229
}
