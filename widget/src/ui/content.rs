//! A message's text, file and cards as elements. Text becomes text nodes, whatever it says.

use super::{
    Desk,
    element::{El, el},
    icons, offers,
};
use crate::{
    content::{Block, Inline, parse, safe_href},
    state::Said,
    words,
};
use shared::message::Item;

/// Puts a message's text, or the file that it is the address of, into `bubble`.
pub(super) fn fill(bubble: El, said: &Said) -> El {
    match file(said) {
        Some(file) => bubble.child(file),
        None if said.form.is_some() => bubble
            .children(said.title.as_ref().map(|title| el("h3", "").text(title)))
            .child(el("p", "").text(&said.text)),
        None => bubble.children(parse(&said.text).iter().map(block)),
    }
}

pub(super) fn cards(desk: Desk, items: &[Item]) -> Option<El> {
    (!items.is_empty()).then(|| el("ul", "cards").children(items.iter().map(|item| card(desk, item))))
}

fn file(said: &Said) -> Option<El> {
    let media = said.file.as_ref()?;
    let href = web_address(&said.text)?;
    let name = said.title.clone().unwrap_or_else(|| last_segment(&href));
    let link = offers::link(&href, "file");
    Some(if media.starts_with("image/") {
        link.child(image(&href, &name))
    } else {
        link.child(icons::icon(icons::FILE)).child(el("span", "").text(&name))
    })
}

fn card(desk: Desk, item: &Item) -> El {
    let picture = item.media_url.as_deref().and_then(web_address);
    let description = item.description.as_ref();
    el("li", "card")
        .attr("dir", "auto")
        .children(picture.map(|address| image(&address, "")))
        .child(el("h3", "").text(&item.title))
        .children(description.map(|description| el("p", "").text(description)))
        .children(offers::buttons(desk, &item.actions))
}

fn image(address: &str, name: &str) -> El {
    el("img", "").attr("src", address).attr("alt", name).attr("loading", "lazy")
}

fn block(block: &Block) -> El {
    match block {
        Block::Paragraph(inlines) => fill_line(el("p", ""), inlines),
        Block::Code(code) => el("pre", "").child(el("code", "").text(code)),
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

/// An address that a browser can fetch.
fn web_address(address: &str) -> Option<String> {
    safe_href(address).filter(|href| href.starts_with("http"))
}

fn last_segment(href: &str) -> String {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let segment = path.rsplit('/').find(|segment| !segment.is_empty());
    segment.map_or_else(|| words::say(words::FILE), str::to_owned)
}
