//! The thread: grows at its end. The scroller lays out from the bottom (`column-reverse`), so that the browser
//! itself keeps the latest in view; `static/place.js` keeps one's place in history.

use super::{
    Desk,
    element::{El, el},
    form, header, icons,
    list::List,
    typing::typing,
};
use crate::{
    api::Place,
    reactive::effect,
    state::{Connection, View},
    words,
};
use std::rc::Rc;
use web_sys::Element;

pub(super) fn thread(desk: Desk) -> El {
    let rows = el("div", "rows");
    let content = el("div", "content");
    let scroller = el("div", "scroller").attr("tabindex", "0");
    let place = desk.widget().place(&scroller.node(), &content.node(), &rows.node());
    let list = Rc::<List>::default();
    list.follow(desk, rows.node(), place.clone());

    let log = el("div", "log")
        .attr("role", "log")
        // The panel announces what is new, once and in words.
        .attr("aria-live", "off")
        .attr("aria-label", &words::say(words::MESSAGES))
        .child(earlier(desk, &place))
        .follow_child(move || opening(desk))
        .child(rows);
    let element: Element = scroller.node();
    let aimed = place.clone();
    effect(move || {
        let state = &desk.widget().state;
        let goal = state.goal.get();
        if !goal.is_empty() {
            aimed.go(&goal);
            state.arrive();
        }
    });
    let look = Rc::new(move || look(desk, &element, &list, &place));
    let scrolled = look.clone();
    effect(move || {
        let state = &desk.widget().state;
        // Also where a page of history had nothing to show.
        if state.has_earlier.get() && !state.is_asking.get() {
            look();
        }
    });
    let content = content.child(log).child(form::aside(desk)).follow_child(move || typing(desk));
    let is_away = move || desk.widget().state.is_away.get();
    el("div", "thread")
        .follow("class", move || Some(if is_away() { "thread reading" } else { "thread" }.to_owned()))
        .child(scroller.on("scroll", move |_| scrolled()).child(content))
        .child(latest(desk))
}

/// Tells what is in view, and brings onto the page what that takes.
fn look(desk: Desk, scroller: &Element, list: &List, place: &Place) {
    let height = scroller.client_height();
    // From the end, upwards.
    let bottom = -scroller.scroll_top();
    let above = scroller.scroll_height() - height - bottom;
    let view = View { bottom: bottom.into(), height: height.into() };
    // While the panel is closed, nothing is; what is in view is not yet what will be.
    let is_going = !desk.widget().state.goal.peek().is_empty();
    if height > 0 && !is_going && desk.widget().take_view(view, above.into()) {
        list.measure(place);
        desk.widget().show_rows();
    }
}

/// History comes by itself, when one gets near it; the button is for who gets there otherwise.
fn earlier(desk: Desk, place: &Place) -> El {
    let has_earlier = move || desk.widget().state.has_earlier.get();
    let is_asking = move || desk.widget().state.is_asking.get();
    let is_lost = move || is_asking() && desk.widget().state.connection.get() != Connection::Fine;
    let button = el("button", "")
        .attr("type", "button")
        .follow_text(move || words::say(if is_lost() { words::RETRY } else { words::EARLIER }))
        .on_click(move || desk.widget().load_earlier());
    let (place, focused) = (place.clone(), button.node());
    effect(move || {
        if !has_earlier() {
            place.leave(&focused);
        }
    });
    el("div", "earlier")
        .follow("class", move || {
            Some(if is_asking() && !is_lost() { "earlier busy" } else { "earlier" }.to_owned())
        })
        .follow("hidden", move || (!has_earlier()).then(String::new))
        .follow_child(move || {
            if is_lost() {
                return Some(el("p", "").attr("role", "status").text(&words::say(words::EARLIER_MISSING)));
            }
            is_asking().then(|| skeletons(words::EARLIER_LOADING))
        })
        .child(button)
}

/// Shown while one is away from the end.
fn latest(desk: Desk) -> El {
    let missed = move || desk.widget().state.missed.get();
    let name = move || match missed() {
        0 => words::say(words::LATEST),
        missed => words::say_of(words::LATEST_NEW, &missed.into()),
    };
    el("button", "latest")
        .attr("type", "button")
        .follow("aria-label", move || Some(name()))
        .follow("title", move || Some(name()))
        .on_click(move || desk.widget().show_latest())
        .child(icons::icon(icons::DOWN))
        .follow_child(move || {
            let count = missed();
            (count > 0).then(|| el("span", "count").text(&count.to_string()))
        })
}

/// What stands in a thread without messages.
fn opening(desk: Desk) -> Option<El> {
    let widget = desk.widget();
    if widget.state.rows.with(|rows| !rows.is_empty()) {
        return None;
    }
    if widget.state.is_loading.get() {
        return Some(skeletons(words::LOADING));
    }
    let greeting = header::setting(desk, "greeting");
    let title =
        el("h3", "").attr("dir", "auto").text(&greeting.unwrap_or_else(|| words::say(words::GREETING)));
    Some(el("div", "opening").child(title).child(el("p", "").text(&words::say(words::INVITATION))))
}

/// Faint shapes; the style shows them only after a while.
fn skeletons(name: &str) -> El {
    let words = el("span", "hidden").text(&words::say(name));
    el("div", "skeletons").attr("role", "status").child(words).children((0..3).map(|_| el("i", "")))
}
