//! A page inside the conversation. It runs its scripts and speaks by window messages, and that is all: where it has
//! the origin of this page or of the relay, it loses it, for with it it could reach out of its frame.

use super::{
    Desk,
    element::{El, el},
};
use crate::{api::member, browser, content::web_address};
use shared::message::Iframe;
use wasm_bindgen::JsValue;

/// CSS pixels.
const HEIGHT: u32 = 320;
const LOWEST: u32 = 80;
const HIGHEST: u32 = 600;

/// Nothing for an address that is not of the web.
pub(super) fn page(desk: Desk, iframe: &Iframe) -> Option<El> {
    let url = web_address(&iframe.url)?;
    let height = iframe.height.unwrap_or(HEIGHT).clamp(LOWEST, HIGHEST);
    let frame = el("iframe", "page")
        .attr("sandbox", &sandbox(desk, &url))
        .attr("title", &iframe.title)
        .attr("loading", "lazy")
        .attr("referrerpolicy", "strict-origin-when-cross-origin")
        .attr("height", &height.to_string());
    // Last: what it may do is settled when it loads.
    Some(frame.attr("src", &url))
}

/// What a page may do.
pub(super) fn sandbox(desk: Desk, url: &str) -> String {
    let own = if is_own(desk, url) { "" } else { " allow-same-origin" };
    ["allow-scripts allow-forms allow-popups", own].concat()
}

fn is_own(desk: Desk, url: &str) -> bool {
    let origin = origin_of(url);
    let location = member(&browser::window(), "location");
    // In a frame of the relay's, the site is where one came from.
    let site = browser::document().referrer();
    origin == origin_of(&desk.widget().settings.relay)
        || origin == member(&location, "origin")
        || origin == origin_of(&site)
}

/// As the browser reads it, with its own idea of users, ports and case.
fn origin_of(url: &str) -> JsValue {
    let link: JsValue = el("a", "").attr("href", url).node();
    member(&link, "origin")
}
