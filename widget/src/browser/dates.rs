//! Times and days as the visitor writes them, by the browser's own `Intl`.

use super::now;
use crate::words;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use shared::Millis;
use wasm_bindgen::JsValue;

pub(crate) struct Dates {
    time: Function,
    day: Function,
}

/// Milliseconds.
const DAY: i64 = 86_400_000;

impl Dates {
    /// In the language of `locale`, or the browser's where that is not one.
    pub(crate) fn new(locale: Option<&str>) -> Self {
        let locales = Array::new();
        if let Some(locale) = locale.filter(|locale| is_supported(locale)) {
            locales.push(&locale.into());
        }
        let format = |options: &[(&str, &str)]| DateTimeFormat::new(&locales, &object(options)).format();
        Self {
            time: format(&[("timeStyle", "short")]),
            day: format(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
        }
    }

    /// The time of day.
    pub(crate) fn time(&self, at: Millis) -> String {
        write(&self.time, at)
    }

    /// The day, as far from today as it takes to be clear.
    pub(crate) fn day(&self, at: Millis) -> String {
        match day_of(now()) - day_of(at) {
            0 => words::TODAY.to_owned(),
            1 => words::YESTERDAY.to_owned(),
            _ => write(&self.day, at),
        }
    }
}

/// Number of the visitor's local day that a time falls on.
pub(crate) fn day_of(at: Millis) -> i64 {
    let date = date(at);
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes, less than a day")]
    let minutes = date.get_timezone_offset() as i64;
    (i64::try_from(at.0).unwrap_or(i64::MAX) - minutes * 60_000).div_euclid(DAY)
}

fn write(format: &Function, at: Millis) -> String {
    format.call1(&JsValue::UNDEFINED, &date(at)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn date(at: Millis) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    Date::new(&JsValue::from_f64(at.0 as f64))
}

/// `Intl` throws at what is no language tag.
fn is_supported(locale: &str) -> bool {
    let names = Array::of1(&locale.into());
    let supported = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &"getCanonicalLocales".into()))
        .and_then(|function| Function::from(function).call1(&JsValue::UNDEFINED, &names));
    supported.is_ok()
}

fn object(members: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // A plain object takes any member.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}
