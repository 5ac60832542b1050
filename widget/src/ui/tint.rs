//! Colours the panel: from the accent that the page or the organization chose, the browser computes its parts
//! and `accent` what can be read on it. Set as custom properties, which every content policy allows.

use super::{Desk, header};
use crate::{accent::Colour, browser, reactive::effect};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

/// Keeps the panel in the page's colour, else in the organization's.
pub(super) fn follow(desk: Desk, panel: HtmlElement) {
    effect(move || {
        let chosen = desk.widget().settings.color.is_some();
        let color = if chosen { None } else { header::setting(desk, "color") };
        if let Some(color) = color.filter(|color| is_color(color)) {
            // On the host, for the launcher has the same.
            set(&host(&panel), "--accent", &color);
        }
        shade(&panel);
    });
}

fn shade(panel: &HtmlElement) {
    let style = browser::window().get_computed_style(panel).ok().flatten();
    // The panel has no columns: the property holds the accent, in sRGB.
    let accent = style.and_then(|style| style.get_property_value("column-rule-color").ok());
    if let Some(accent) = accent.as_deref().and_then(Colour::parse_computed) {
        let shades = accent.shades();
        set(panel, "--accent-ink", shades.ink);
        set(panel, "--accent-on-light", &shades.on_light);
        set(panel, "--accent-on-dark", &shades.on_dark);
    }
}

fn is_color(text: &str) -> bool {
    web_sys::css::supports_with_value("color", text).unwrap_or(false)
}

fn host(panel: &HtmlElement) -> HtmlElement {
    let root = panel.get_root_node().dyn_into::<ShadowRoot>();
    root.map_or_else(|_| panel.clone(), |root| root.host().unchecked_into())
}

fn set(element: &HtmlElement, property: &str, value: &str) {
    // Inline style declarations are never read-only.
    let _ = element.style().set_property(property, value);
}
