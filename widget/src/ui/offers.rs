//! What a message offers to press: links, buttons, quick replies.

use super::{
    Desk,
    element::{El, el},
    icons,
};
use crate::{content::safe_href, words};
use shared::message::{Action, ActionType};

/// The last message's quick replies; nothing when it has none.
pub(super) fn quick_replies(desk: Desk) -> Option<El> {
    desk.widget().state.replies.with(|replies| {
        let chips = replies.iter().map(|reply| press(desk, reply, "chip"));
        let group =
            || el("div", "chips").attr("role", "group").attr("aria-label", &words::say(words::REPLIES));
        (!replies.is_empty()).then(|| group().children(chips))
    })
}

/// The buttons that stand in a message.
pub(super) fn buttons(desk: Desk, actions: &[Action]) -> Option<El> {
    let mut buttons = actions.iter().filter_map(|action| button(desk, action)).peekable();
    buttons.peek().is_some().then(|| el("div", "buttons").children(buttons))
}

/// A link that leaves the page as it is and tells the other end nothing about it.
pub(super) fn link(href: &str, class: &str) -> El {
    el("a", class).attr("href", href).attr("target", "_blank").attr("rel", "noopener noreferrer nofollow")
}

fn button(desk: Desk, action: &Action) -> Option<El> {
    match action.kind {
        ActionType::Reply => None,
        ActionType::Postback => Some(press(desk, action, "button")),
        ActionType::Link | ActionType::Webview => {
            let href = safe_href(action.uri.as_ref().or(action.url.as_ref())?)?;
            let hint = el("span", "hidden").text(&[" (", &words::say(words::NEW_TAB), ")"].concat());
            Some(link(&href, "button").text(&action.text).child(icons::icon(icons::OUTSIDE)).child(hint))
        }
    }
}

fn press(desk: Desk, action: &Action, class: &str) -> El {
    let button = el("button", class).attr("type", "button").attr("dir", "auto").text(&action.text);
    let action = action.clone();
    button.on_click(move || desk.widget().choose(&action))
}
