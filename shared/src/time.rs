//! Time as the protocol sees it: milliseconds since the Unix epoch, written as RFC 3339 in UTC with
//! three decimals (`2018-09-30T00:47:19.872Z`). Reading the clock is the caller's business.

use crate::id::ParsedVisitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, ops::Add, str::FromStr};

/// A point in time, or a span of it, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

const DAY: u64 = 86_400_000;

impl Millis {
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1000)
    }

    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, span: Self) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(write(*self, &mut [0; LENGTH]))
    }
}

/// Bytes of a time as text, to the year 9999.
const LENGTH: usize = 24;

/// By hand: each message that goes out has a time or two in it, and `write!` takes ten times as long.
fn write(time: Millis, text: &mut [u8; LENGTH]) -> &str {
    let (year, month, day) = civil_from_days(time.0 / DAY);
    let ms = time.0 % DAY;
    text.copy_from_slice(b"0000-00-00T00:00:00.000Z");
    for (end, width, mut number) in [
        (4, 4, year),
        (7, 2, month),
        (10, 2, day),
        (13, 2, ms / 3_600_000),
        (16, 2, ms / 60_000 % 60),
        (19, 2, ms / 1000 % 60),
        (23, 3, ms % 1000),
    ] {
        for digit in text[end - width..end].iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
    std::str::from_utf8(text).expect("digits and punctuation are ASCII")
}

/// The text is not an RFC 3339 time in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time in UTC such as 2018-09-30T00:47:19.872Z")]
pub struct ParseTimeError;

impl FromStr for Millis {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        parse(text).ok_or(ParseTimeError)
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(write(*self, &mut [0; LENGTH]))
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedVisitor::new("an RFC 3339 time in UTC"))
    }
}

fn parse(text: &str) -> Option<Millis> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<u64> {
        bytes.get(from..to)?.iter().try_fold(0, |sum, digit| match digit {
            b'0'..=b'9' => Some(sum * 10 + u64::from(digit - b'0')),
            _ => None,
        })
    };
    let mark = |at: usize, expected: u8| (bytes.get(at) == Some(&expected)).then_some(());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    mark(4, b'-').and(mark(7, b'-')).and(mark(10, b'T')).and(mark(13, b':')).and(mark(16, b':'))?;
    let fraction = text.get(19..)?.strip_suffix('Z')?;
    let ms = match fraction.len() {
        0 => 0,
        4 if fraction.starts_with('.') => number(20, 23)?,
        _ => return None,
    };
    let in_range = year >= 1970 && (1..=12).contains(&month) && hour < 24 && minute < 60 && second < 60;
    if !in_range {
        return None;
    }
    let days = days_from_civil(year, month, day);
    // A day that the month does not have (31 April) comes back as another date.
    if civil_from_days(days) != (year, month, day) {
        return None;
    }
    Some(Millis(days * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms))
}

/// Year, month, day of a count of days since 1970-01-01, in the proleptic Gregorian calendar:
/// counted in 400-year eras of 146,097 days, with years that begin on 1 March.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// The inverse of [`civil_from_days`], for years from 1970 on.
fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let shifted_year = year - u64::from(month <= 2);
    let (era, year_of_era) = (shifted_year / 400, shifted_year % 400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day.saturating_sub(1);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_times() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_538_268_439_872, "2018-09-30T00:47:19.872Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ] {
            assert_eq!(Millis(ms).to_string(), text);
            assert_eq!(text.parse(), Ok(Millis(ms)));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for bad in [
            "2023-02-29T00:00:00.000Z",
            "2023-04-31T00:00:00.000Z",
            "2023-01-00T00:00:00.000Z",
            "2023-13-01T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01",
            "",
            "2023-01-01T00:00:00.000+00:00",
        ] {
            assert_eq!(bad.parse::<Millis>(), Err(ParseTimeError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_time_survives_text(ms in 0u64..253_402_300_800_000) {
            prop_assert_eq!(Millis(ms).to_string().parse(), Ok(Millis(ms)));
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = text.parse::<Millis>();
        }
    }
}
