//! What a message answers, above it. It leads there.

use super::{
    Desk,
    element::{El, el},
};
use crate::{state::Quote, words};

pub(super) fn quote(desk: Desk, quote: &Quote) -> El {
    let mut shown = match quote.id {
        Some(id) => el("button", "quote").attr("type", "button").on_click(move || desk.widget().seek(id)),
        None => el("blockquote", "quote"),
    };
    let text = if let Some(said) = quote.id.and_then(|id| desk.widget().quoted(id)) {
        let name = if said.mine {
            words::say(words::YOU)
        } else {
            said.name.unwrap_or_else(|| desk.widget().state.name())
        };
        shown = shown.child(el("b", "").attr("dir", "auto").text(&name));
        if let Some(quiet) = said.quiet {
            words::say(quiet)
        } else if said.file.is_some() {
            said.title.unwrap_or_else(|| words::say(words::FILE))
        } else {
            said.text
        }
    } else if quote.text.is_empty() {
        words::say(words::QUOTED)
    } else {
        quote.text.clone()
    };
    shown.child(el("span", "").attr("dir", "auto").text(&text))
}
