//! One set of icons: 20 px, strokes of 1.75 px. What stands around one names it.

use super::element::{El, svg};

pub(super) const CLOSE: &str = "M5 5l10 10M15 5L5 15";
pub(super) const MORE: &str = "M10 4.5v.1M10 10v.1M10 15.5v.1";
pub(super) const SEND: &str = "M10 16V4M5 9l5-5 5 5";
pub(super) const DOWN: &str = "M10 4v12M5 11l5 5 5-5";
pub(super) const OUTSIDE: &str = "M8 4.5H4.5v11h11V12M11 4.5h4.5V9M15 5l-6 6";
pub(super) const CLOCK: &str = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l2.5 2";
pub(super) const CHECK: &str = "M4.5 10.5 8 14l7.5-8";
pub(super) const CHECKS: &str = "M1.5 10.5 5 14l7.5-8M9.5 13l1 1L18 6";
pub(super) const ALERT: &str = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6.5v4M10 13.2v.1";

pub(super) fn icon(path: &str) -> El {
    let drawing = svg("svg").attr("class", "icon").attr("viewBox", "0 0 20 20").attr("aria-hidden", "true");
    drawing.child(svg("path").attr("d", path))
}
