//! What a message says as elements: its quote, title and text, or its file. Text becomes text nodes, whatever it says.

use super::{
    Desk,
    element::{El, el},
    offers, quote,
};
use crate::{
    content::{Block, Inline, is_emoji, parse, web_address},
    state::Said,
};

pub(super) fn fill(desk: Desk, bubble: El, said: &Said) -> El {
    let bubble = bubble.children(said.quote.as_ref().map(|quote| quote::quote(desk, quote)));
    let file = said.file.as_ref().and_then(|media| {
        let (address, title) = (web_address(&said.text)?, said.title.as_deref().unwrap_or_default());
        Some(El::made(desk.widget().file(&address, media, title, said.size)))
    });
    let is_form = said.form.is_some();
    let title = said
        .title
        .as_ref()
        .filter(|_| said.is_card || is_form)
        .map(|title| el("h3", "").attr("dir", "auto").text(title));
    match file {
        Some(file) => bubble.child(file).children(title),
        None if is_form => bubble.children(title).child(el("p", "").text(&said.text)),
        None if is_emoji(&said.text) => {
            bubble.attr("class", "bubble emoji").child(el("p", "").text(&said.text))
        }
        None => bubble.children(title).children(parse(&said.text).iter().map(block)),
    }
}

fn block(block: &Block) -> El {
    match block {
        Block::Paragraph(inlines) => fill_line(el("p", ""), inlines),
        // A wide one is scrolled.
        Block::Code(code) => el("pre", "").attr("tabindex", "0").child(el("code", "").text(code)),
        Block::List { start, items } => {
            let list = match start {
                Some(start) => el("ol", "").attr("start", &start.to_string()),
                None => el("ul", ""),
            };
            list.children(items.iter().map(|item| fill_line(el("li", ""), item)))
        }
    }
}

fn fill_line(line: El, inlines: &[Inline]) -> El {
    inlines.iter().fold(line, |line, inline| match inline {
        Inline::Text(text) => line.text(text),
        Inline::Bold(inner) => line.child(fill_line(el("strong", ""), inner)),
        Inline::Italic(inner) => line.child(fill_line(el("em", ""), inner)),
        Inline::Code(code) => line.child(el("code", "").text(code)),
        Inline::Link { href, text } => line.child(offers::link(href, "").text(text)),
    })
}
