//! What a message offers to press: links, buttons, quick replies.

use super::{
    Desk,
    element::{El, el},
    icons, page,
};
use crate::{
    content::{safe_href, web_address},
    words,
};
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
            let href = safe_href(action.address()?)?;
            let link = link(&href, "button").attr("dir", "auto").children(glyph(action)).text(&action.text);
            if action.kind == ActionType::Webview && web_address(&href).is_some() {
                return Some(
                    // As `webview.js` shows it.
                    link.attr("class", "button webview")
                        .attr("data-title", &action.text)
                        .attr("data-size", size(action))
                        .attr("data-sandbox", &page::sandbox(desk, &href)),
                );
            }
            let hint = el("span", "hidden").text(&[" (", &words::say(words::NEW_TAB), ")"].concat());
            Some(link.child(icons::icon(icons::OUTSIDE)).child(hint))
        }
    }
}

/// How much of the panel a page covers.
fn size(action: &Action) -> &'static str {
    match action.size.as_deref() {
        Some("compact") => "compact",
        Some("tall") => "tall",
        _ => "full",
    }
}

fn press(desk: Desk, action: &Action, class: &str) -> El {
    let button = el("button", class).attr("type", "button").attr("dir", "auto");
    let button = button.children(glyph(action)).text(&action.text);
    let action = action.clone();
    button.on_click(move || desk.widget().choose(&action))
}

/// The picture on a button. It says nothing that its text does not.
fn glyph(action: &Action) -> Option<El> {
    let address = safe_href(action.icon_url.as_ref()?).filter(|address| address.starts_with("https:"))?;
    Some(el("img", "glyph").attr("alt", "").attr("src", &address))
}
