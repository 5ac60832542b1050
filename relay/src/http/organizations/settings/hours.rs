//! When somebody is there: spans of the day by days of the week, in a time zone.

use super::text;
use serde_json::Value;
use shared::Error;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Of one day.
const MOST_SPANS: usize = 10;

/// `{"timeZone": "Europe/Amsterdam", "days": {"mon": [["09:00", "17:30"]]}, "away"?: "…"}`
pub(super) fn check(member: &str, hours: &Value) -> Result<(), Error> {
    let invalid = |name: &str, what: &str| Err(Error::invalid(format!("{member}{name}"), what));
    let Some(hours) = hours.as_object() else { return invalid("", "expected an object") };
    if let Some(unknown) = hours.keys().find(|name| !["timeZone", "days", "away"].contains(&name.as_str())) {
        return invalid(&format!(".{unknown}"), "is no member of hours: known are timeZone, days and away");
    }
    if !hours.get("timeZone").and_then(Value::as_str).is_some_and(is_time_zone) {
        return invalid(".timeZone", "expected the name of a time zone such as Europe/Amsterdam");
    }
    let Some(days) = hours.get("days").and_then(Value::as_object) else {
        return invalid(".days", "expected an object");
    };
    for (day, spans) in days {
        if !DAYS.contains(&day.as_str()) {
            return invalid(
                &format!(".days.{day}"),
                "is no day: known are mon, tue, wed, thu, fri, sat and sun",
            );
        }
        if !is_day(spans) {
            let what = "expected spans such as [\"09:00\", \"17:30\"], one after the other";
            return invalid(&format!(".days.{day}"), what);
        }
    }
    hours
        .get("away")
        .filter(|away| !away.is_null())
        .map_or(Ok(()), |away| text(&format!("{member}.away"), away))
}

/// By its shape, as in the IANA time zone database: which there are is the browser's to know.
fn is_time_zone(name: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|character| character.is_ascii_alphanumeric() || "_+-".contains(character))
    };
    name.len() <= 64 && name.split('/').all(is_part)
}

fn is_day(spans: &Value) -> bool {
    let Some(spans) = spans.as_array().filter(|spans| spans.len() <= MOST_SPANS) else { return false };
    let mut last = None;
    spans.iter().all(|span| {
        let ends = span.as_array().map(|ends| ends.iter().map(minutes).collect::<Vec<_>>());
        let Some([Some(from), Some(to)]) = ends.as_deref() else { return false };
        let follows = last < Some(*from) && from < to;
        last = Some(*to);
        follows
    })
}

/// Since midnight; `24:00` is the end of the day.
fn minutes(time: &Value) -> Option<u32> {
    let (hour, minute) = time.as_str().filter(|time| time.len() == 5)?.split_once(':')?;
    let number =
        |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?;
    let (hour, minute): (u32, u32) = (number(hour)?, number(minute)?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn spans_follow_one_another() {
        for good in [json!([]), json!([["09:00", "12:30"], ["13:30", "17:00"]]), json!([["00:00", "24:00"]])]
        {
            assert!(is_day(&good), "{good}");
        }
        for bad in [
            json!(null),
            json!(["09:00", "17:00"]),
            json!([["9:00", "17:00"]]),
            json!([["09:00"]]),
            json!([["17:00", "09:00"]]),
            json!([["09:00", "09:00"]]),
            json!([["09:00", "12:00"], ["11:00", "13:00"]]),
            json!([["09:60", "12:00"]]),
            json!([["09:00", "24:01"]]),
            json!([["+9:00", "12:00"]]),
        ] {
            assert!(!is_day(&bad), "{bad}");
        }
    }

    #[test]
    fn a_time_zone_has_a_name() {
        for good in ["UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert!(is_time_zone(good), "{good}");
        }
        for bad in ["", "/", "Europe/", "+02:00", "Europe/ Amsterdam", "<b>"] {
            assert!(!is_time_zone(bad), "{bad}");
        }
    }
}
