//! One row of the thread. It is made once; what changes about it (its place in a group, its delivery) follows
//! the row's look.

use super::{
    Desk, carousel, content,
    element::{El, el},
    form,
    header::avatar,
    icons, offers, page,
};
use crate::{
    state::{Delivery, Look, Row, Said, Watched},
    words,
};
use std::rc::Rc;

pub(super) fn message(desk: Desk, row: &Row) -> El {
    let Row { key, said, look, .. } = row.clone();
    let side = if said.mine { "row mine" } else { "row theirs" };
    if let Some(quiet) = said.quiet.filter(|_| said.is_notice()) {
        return notice(desk, quiet, &said, look);
    }
    let name = said.name.clone();
    let speaker = move || name.clone().unwrap_or_else(|| desk.widget().state.name());

    let mut shown = el("div", "").attr("id", &key).follow("class", {
        let look = look.clone();
        move || Some(look.with(|look| class_of(side, look)))
    });
    shown = shown.follow_child({
        let look = look.clone();
        move || look.with(|look| look.day.then(|| day(look)))
    });
    shown = shown.follow_child({
        let look = look.clone();
        move || look.with(|look| look.new.then(|| el("p", "new").text(&words::say(words::NEW))))
    });
    if said.asks {
        return form::place(desk, row, shown);
    }
    // With a direction of its own, it has no say in the direction of what was said.
    let mut author = el("span", "hidden").attr("dir", "auto");
    if said.mine {
        author = author.text(&words::say(words::YOU)).text(": ");
    } else {
        shown = shown.child(avatar(desk, speaker.clone())).child(
            el("span", "name").attr("aria-hidden", "true").attr("dir", "auto").follow_text(speaker.clone()),
        );
        author = author.follow_text(speaker).text(": ");
    }
    let bubble = el("div", "bubble").attr("dir", "auto").child(author);
    // A file on its way has no address yet.
    let upload = said.text.is_empty().then(|| desk.widget().upload(&key)).flatten();
    let bubble = match (said.quiet, upload) {
        (Some(quiet), _) => bubble.child(el("p", "quiet").text(&words::say(quiet))),
        (None, Some(upload)) => bubble.child(El::made(upload)),
        (None, None) => content::fill(desk, bubble, &said),
    };
    let bubble = bubble.children(said.edited.then(|| el("p", "edited").text(&words::say(words::EDITED))));
    shown
        .child(bubble.children(offers::buttons(desk, &said.actions)))
        .children(carousel::carousel(desk, &said))
        .children(said.iframe.as_ref().and_then(|iframe| page::page(desk, iframe)))
        .follow_child(move || Some(fate(desk, &look, said.mine, &key)))
}

/// A line between what was said: somebody came or went.
fn notice(desk: Desk, quiet: &str, said: &Said, look: Rc<Watched<Look>>) -> El {
    let name = said.name.clone().unwrap_or_else(|| desk.widget().state.name());
    el("div", "row notice")
        .follow_child(move || look.with(|look| look.day.then(|| day(look))))
        .child(el("p", "").attr("dir", "auto").text(&words::say_of(quiet, &name.as_str().into())))
}

fn class_of(side: &str, look: &Look) -> String {
    let first = if look.first { " first" } else { "" };
    let last = if look.last { " last" } else { "" };
    let fate = match look.delivery {
        Delivery::Waiting => " waiting",
        Delivery::Sent | Delivery::Read => "",
        Delivery::Failed(_) => " failed",
    };
    [side, first, last, fate].concat()
}

fn day(look: &Look) -> El {
    el("p", "day").text(&words::day(look.at))
}

/// When it was said, and what became of it.
fn fate(desk: Desk, look: &Watched<Look>, mine: bool, key: &Rc<str>) -> El {
    let look = look.get();
    let meta = el("p", "meta");
    let (icon, name) = match look.delivery {
        Delivery::Failed(code) => {
            let (again, away) = (key.clone(), key.clone());
            let press = |name| el("button", "").attr("type", "button").text(&words::say(name));
            return meta
                .child(icons::icon(icons::ALERT))
                .text(&words::say(words::not_sent(code)))
                .child(press(words::RETRY).on_click(move || desk.widget().retry(&again)))
                .child(press(words::DELETE).on_click(move || desk.widget().discard(&away)));
        }
        Delivery::Sent => (icons::CHECK, words::SENT),
        Delivery::Read => (icons::CHECKS, words::READ),
        Delivery::Waiting => (icons::CLOCK, words::WAITING),
    };
    let time = el("time", "").attr("dir", "auto").attr("datetime", &look.at.to_string());
    let meta = meta.child(time.text(&words::time(look.at)));
    if mine {
        meta.child(icons::icon(icon)).child(el("span", "hidden").text(&words::say(name)))
    } else {
        meta
    }
}
