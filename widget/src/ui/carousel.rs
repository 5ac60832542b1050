//! A message's items: a card, or a row of cards whose arrows, dots and keys are in `carousel.js`.

use super::{
    Desk,
    element::{El, el},
    offers,
};
use crate::{content::web_address, state::Said, words};
use shared::message::Item;

pub(super) fn carousel(desk: Desk, said: &Said) -> Option<El> {
    let cards = el("div", "cards").children(said.items.iter().map(|item| card(desk, item)));
    let class = if said.is_square { "carousel square" } else { "carousel" };
    match said.items.len() {
        0 => None,
        1 => Some(el("div", class).child(cards)),
        _ => {
            let many = el("div", &[class, " many"].concat());
            let many = many.attr("role", "group").attr("aria-label", &words::say(words::CARDS));
            let many = many.child(cards.attr("tabindex", "0"));
            desk.widget().play("carousel", &many.node());
            Some(many)
        }
    }
}

fn card(desk: Desk, item: &Item) -> El {
    let picture = item.media_url.as_deref().and_then(web_address);
    let picture =
        picture.map(|address| el("img", "").attr("src", &address).attr("alt", "").attr("loading", "lazy"));
    let description = item.description.as_ref().map(|description| el("p", "").text(description));
    el("div", "card")
        .attr("dir", "auto")
        .children(picture)
        .child(el("h3", "").text(&item.title))
        .children(description)
        .children(offers::buttons(desk, &item.actions))
}
