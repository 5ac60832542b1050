//! What a message answers, above it. It leads there (`quoted.js`) when that is in the thread.

use super::{
    Desk,
    element::{El, el},
};
use crate::{state::Quote, words};

pub(super) fn quote(desk: Desk, quote: &Quote) -> El {
    let quoted = quote.id.and_then(|id| desk.widget().quoted(id));
    let Some((key, said)) = quoted else {
        let text = if quote.text.is_empty() { words::say(words::QUOTED) } else { quote.text.clone() };
        return el("blockquote", "quote").child(el("span", "").attr("dir", "auto").text(&text));
    };
    let name = if said.mine {
        words::say(words::YOU)
    } else {
        said.name.unwrap_or_else(|| desk.widget().state.name())
    };
    let text = if let Some(quiet) = said.quiet {
        words::say(quiet)
    } else if said.file.is_some() {
        said.title.unwrap_or_else(|| words::say(words::FILE))
    } else {
        said.text
    };
    el("button", "quote")
        .attr("type", "button")
        .attr("value", &key)
        .child(el("b", "").attr("dir", "auto").text(&name))
        .child(el("span", "").attr("dir", "auto").text(&text))
}
