//! The thread: grows at its end. The scroller lays out from the bottom (`column-reverse`), so that the browser
//! itself keeps the latest in view, and one's place in history.

use super::{
    Desk,
    element::{El, el},
    form, header, icons,
    list::follow_rows,
    message::message,
    typing::typing,
};
use crate::{reactive::effect, words};
use std::cell::RefCell;
use web_sys::Element;

/// Where the latest is: what is laid out from the bottom is scrolled from there.
const END: i32 = 0;

/// CSS pixels from the end that still count as being there.
const NEAR: i32 = 48;

pub(super) fn thread(desk: Desk) -> El {
    let log = el("div", "log")
        .attr("role", "log")
        // The panel announces what is new, once and in words.
        .attr("aria-live", "off")
        .attr("aria-label", &words::say(words::MESSAGES))
        .follow_child(move || desk.widget().state.has_earlier.get().then(|| earlier(desk)))
        .follow_child(move || opening(desk));
    follow_rows(&log.node(), move || desk.widget().state.rows.get(), move |row| message(desk, row));

    // The first of them stands at the bottom.
    let scroller = el("div", "scroller")
        .attr("tabindex", "0")
        .follow_child(move || typing(desk))
        .child(form::aside(desk))
        .child(log);
    let element: Element = scroller.node();
    let thread = el("div", "thread");
    let (frame, scrolled) = (thread.clone(), element.clone());
    let scroller = scroller.on("scroll", move |_| {
        let is_away = scrolled.scroll_top().abs() > NEAR;
        frame.clone().attr("class", if is_away { "thread away" } else { "thread" });
    });
    let end = element.clone();
    let last = RefCell::new(None);
    // What one says oneself is always in view.
    effect(move || {
        let newest = desk.widget().state.rows.with(|rows| rows.last().cloned());
        let is_mine = newest.as_ref().is_some_and(|row| row.said.mine);
        if last.replace(newest.clone()) != newest && is_mine {
            end.set_scroll_top(END);
        }
    });
    thread.child(scroller).child(latest(element))
}

fn earlier(desk: Desk) -> El {
    el("button", "earlier")
        .attr("type", "button")
        .text(&words::say(words::EARLIER))
        .on_click(move || desk.widget().load_earlier())
}

/// Shown while one is away from the end.
fn latest(scroller: Element) -> El {
    let name = words::say(words::LATEST);
    el("button", "latest")
        .attr("type", "button")
        .attr("aria-label", &name)
        .attr("title", &name)
        .on_click(move || scroller.set_scroll_top(END))
        .child(icons::icon(icons::DOWN))
}

/// What stands in a thread without messages.
fn opening(desk: Desk) -> Option<El> {
    let widget = desk.widget();
    if widget.state.rows.with(|rows| !rows.is_empty()) {
        return None;
    }
    if widget.state.is_loading.get() {
        // Faint shapes; the style shows them only after a while.
        let words = el("span", "hidden").text(&words::say(words::LOADING));
        let shapes = (0..3).map(|_| el("i", ""));
        return Some(el("div", "skeletons").attr("role", "status").child(words).children(shapes));
    }
    let greeting = header::setting(desk, "greeting");
    let title =
        el("h3", "").attr("dir", "auto").text(&greeting.unwrap_or_else(|| words::say(words::GREETING)));
    Some(el("div", "opening").child(title).child(el("p", "").text(&words::say(words::INVITATION))))
}
