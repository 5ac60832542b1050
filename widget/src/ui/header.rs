//! Who answers here, whether they are there, and how soon somebody answers.

use super::{
    Desk,
    element::{El, el},
    icons, menu,
};
use crate::{content::safe_href, words};
use shared::{
    conversation::Status,
    wire::{AgentView, ConversationView},
};
use wasm_bindgen::JsValue;

pub(super) fn header(desk: Desk, closable: bool) -> El {
    let who = el("div", "who").child(el("h2", "").follow_text(move || desk.widget().state.name())).child(
        el("p", "")
            .follow("class", move || desk.widget().state.standing.with(is_there).then(|| "here".to_owned()))
            .follow_text(move || presence(desk)),
    );
    // Whoever answers, or the organization.
    let name = move || {
        let first = desk.widget().state.standing.with(|standing| Some(active(standing).next()?.name.clone()));
        first.unwrap_or_else(|| desk.widget().state.name())
    };
    let close = closable.then(|| {
        el("button", "icon-button")
            .attr("type", "button")
            .attr("aria-label", &words::say(words::CLOSE))
            .on_click(move || desk.widget().dismiss())
            .child(icons::icon(icons::CLOSE))
    });
    el("div", "header").child(avatar(desk, name)).child(who).child(menu::menu(desk)).children(close)
}

/// Those who take part now; nobody, once it is over.
fn active(standing: &ConversationView) -> impl Iterator<Item = &AgentView> {
    let is_over = standing.status == Some(Status::Closed);
    standing.agents.iter().filter(move |agent| !agent.has_left && !is_over)
}

/// Whether whoever answers is there; while nobody does, whether anybody is.
fn is_there(standing: &ConversationView) -> bool {
    match active(standing).next() {
        Some(_) => active(standing).any(|agent| agent.is_online),
        None => standing.is_online,
    }
}

/// When somebody is back, outside their hours; else who answers and whether they are there, how many are served before, or
/// how soon somebody answers.
fn presence(desk: Desk) -> String {
    let state = &desk.widget().state;
    if let Some((back, _)) = state.away.get()
        && !back.is_empty()
    {
        return back;
    }
    // Before the relay has said anything, nothing is known.
    if state.organization.with(Option::is_none) {
        return String::new();
    }
    state.standing.with(|standing| {
        let is_there = is_there(standing);
        let mut parts: Vec<String> = active(standing).map(|agent| agent.name.clone()).collect();
        let has_names = !parts.is_empty();
        if standing.status == Some(Status::Queued) && is_there {
            return place(standing.position);
        }
        parts.push(words::say(if is_there { words::ONLINE } else { words::IS_AWAY }));
        if !has_names || !is_there {
            parts.extend(setting(desk, "replyTime"));
        }
        parts.join(" · ")
    })
}

/// A place in the queue.
fn place(before: Option<u64>) -> String {
    match before {
        None => words::say(words::QUEUED),
        Some(0) => words::say(words::YOU_ARE_NEXT),
        Some(before) => {
            words::say_of(words::BEFORE, &JsValue::from(u32::try_from(before).unwrap_or(u32::MAX)))
        }
    }
}

/// A name's first letter in a circle, behind their picture where they have one.
pub(super) fn avatar(desk: Desk, name: impl Fn() -> String + Clone + 'static) -> El {
    let called = name.clone();
    let initial = move || called().trim().chars().take(1).collect();
    el("span", "avatar")
        .attr("aria-hidden", "true")
        .follow_text(initial)
        .follow_child(move || picture(desk, &name()))
}

fn picture(desk: Desk, name: &str) -> Option<El> {
    let address = desk.widget().state.standing.with(|standing| {
        let agent = standing.agents.iter().find(|agent| agent.name == name)?;
        safe_href(agent.avatar_url.as_deref()?)
    })?;
    // A page that is safe itself shows nothing else, and nobody else is asked for it.
    let own = [&desk.widget().settings.relay, "/files/"].concat();
    if !address.starts_with("https:") && !address.starts_with(&own) {
        return None;
    }
    let picture = el("img", "").attr("alt", "");
    let shown = picture.clone();
    Some(picture.on("error", move |_| shown.remove()).attr("src", &address))
}

/// A text among the organization's public settings.
pub(super) fn setting(desk: Desk, name: &str) -> Option<String> {
    desk.widget().state.organization.with(|organization| {
        let text = organization.as_ref()?.settings.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    })
}
