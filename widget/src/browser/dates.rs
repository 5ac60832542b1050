//! The visitor's calendar.

use js_sys::Date;
use shared::Millis;
use wasm_bindgen::JsValue;

/// Milliseconds.
const DAY: i64 = 86_400_000;

/// Number of the visitor's local day that a time falls on.
pub(crate) fn day_of(at: Millis) -> i64 {
    let date = date(at);
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes, less than a day")]
    let minutes = date.get_timezone_offset() as i64;
    (i64::try_from(at.0).unwrap_or(i64::MAX) - minutes * 60_000).div_euclid(DAY)
}

fn date(at: Millis) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    Date::new(&JsValue::from_f64(at.0 as f64))
}
