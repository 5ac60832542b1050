//! Who answers here, and how soon.

use super::{
    Desk,
    element::{El, el},
    icons, menu,
};
use crate::words;

pub(super) fn header(desk: Desk, closable: bool) -> El {
    let who = el("div", "who")
        .child(el("h2", "").follow_text(move || desk.widget().state.name()))
        .child(el("p", "").attr("dir", "auto").follow_text(move || presence(desk)));
    let close = closable.then(|| {
        el("button", "icon-button")
            .attr("type", "button")
            .attr("aria-label", &words::say(words::CLOSE))
            .on_click(move || desk.widget().dismiss())
            .child(icons::icon(icons::CLOSE))
    });
    let avatar = avatar(move || desk.widget().state.name());
    el("div", "header").child(avatar).child(who).child(menu::menu(desk)).children(close)
}

/// Those who answer; while nobody does, when somebody is back, or how soon somebody will.
fn presence(desk: Desk) -> String {
    if let Some((back, _)) = desk.widget().state.away.get()
        && !back.is_empty()
    {
        return back;
    }
    let names = desk.widget().state.standing.with(|standing| {
        let here = standing.agents.iter().filter(|agent| !agent.has_left);
        here.map(|agent| agent.name.as_str()).collect::<Vec<_>>().join(", ")
    });
    if names.is_empty() { setting(desk, "replyTime").unwrap_or_default() } else { names }
}

/// A name's first letter in a circle.
pub(super) fn avatar(name: impl Fn() -> String + 'static) -> El {
    let initial = move || name().trim().chars().take(1).collect();
    el("span", "avatar").attr("aria-hidden", "true").follow_text(initial)
}

/// A text among the organization's public settings.
pub(super) fn setting(desk: Desk, name: &str) -> Option<String> {
    desk.widget().state.organization.with(|organization| {
        let text = organization.as_ref()?.settings.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    })
}
