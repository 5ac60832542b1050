//! What is rarely wanted, behind one button of the header. Escape closes it, and not the chat, and so does leaving it.

use super::{
    Desk,
    element::{El, el},
    icons,
};
use crate::{api::member, widget::Widget, words};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, Node};

pub(super) fn menu(desk: Desk) -> El {
    let is_open = move || desk.widget().state.menu.get();
    let button = el("button", "icon-button")
        .attr("type", "button")
        .attr("aria-label", &words::say(words::MORE))
        .follow("aria-expanded", move || Some(is_open().to_string()))
        .on_click(move || desk.widget().state.set_menu(!desk.widget().state.menu.peek()))
        .child(icons::icon(icons::MORE));
    let opener: HtmlElement = button.node();
    let menu = el("div", "menu").child(button).follow_child(move || is_open().then(|| items(desk)));
    let whole: Node = menu.node();
    menu.on("keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        if key.key() == "Escape" && desk.widget().state.menu.peek() {
            event.stop_propagation();
            desk.widget().state.set_menu(false);
            // Fails for no element.
            let _ = opener.focus();
        }
    })
    .on("focusout", move |event| {
        // Nothing, where the focus goes to nothing.
        if !whole.contains(member(&event, "relatedTarget").dyn_ref()) {
            desk.widget().state.set_menu(false);
        }
    })
}

fn items(desk: Desk) -> El {
    let asks = el("details", "")
        .child(el("summary", "").text(&words::say(words::START_OVER)))
        .child(el("p", "").text(&words::say(words::START_OVER_ASK)))
        .child(item(desk, words::START_OVER, Widget::start_over))
        .child(item(desk, words::CANCEL, |_| ()));
    // Who clicks beside its buttons is in it, too.
    el("div", "items")
        .attr("tabindex", "-1")
        .child(El::made(desk.widget().switches()))
        .child(item(desk, words::DOWNLOAD, |widget| widget.download()))
        .child(asks)
}

/// Whatever is chosen, the menu has done its work.
fn item(desk: Desk, name: &str, choose: fn(&Rc<Widget>)) -> El {
    el("button", "").attr("type", "button").text(&words::say(name)).on_click(move || {
        let widget = desk.widget();
        widget.state.set_menu(false);
        choose(&widget);
    })
}
