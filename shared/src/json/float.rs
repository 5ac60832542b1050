//! Numbers with a fraction, without the tables that exact conversion takes. Up to 15 digits come back as they
//! were; the 16th and 17th may not. The protocol itself has no such numbers, free maps may.

/// Largest integer up to which every one has its own `f64`: 2⁵³.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Powers of ten up to this one are exact.
const EXACT_POWER: i32 = 22;

/// `digits · 10^exponent`.
pub(super) fn compose(digits: u64, exponent: i32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "exact up to 15 digits")]
    let value = digits as f64;
    scale(value, exponent)
}

/// `value · 10^exponent`, rounded once for every 22 of the exponent.
fn scale(mut value: f64, exponent: i32) -> f64 {
    let mut left = exponent;
    while left != 0 && value != 0.0 && value.is_finite() {
        let step = left.clamp(-EXACT_POWER, EXACT_POWER);
        value = if step < 0 { value / power(-step) } else { value * power(step) };
        left -= step;
    }
    value
}

/// Digits and exponent that `compose` makes `value` of. `value` is finite and not negative.
pub(super) fn decompose(value: f64) -> (u64, i32) {
    if value == 0.0 {
        return (0, 0);
    }
    let mut exponent = 0;
    // Into the range where a quotient of 16 digits is as fine as an f64 gets.
    while scale(value, -exponent) >= EXACT {
        exponent += 1;
    }
    while scale(value, -exponent) < 1e-6 {
        exponent -= 6;
    }
    let scaled = scale(value, -exponent);
    let mut places = 0;
    while places < EXACT_POWER {
        let digits = (scaled * power(places)).round();
        if digits >= EXACT / 10.0 || compose(to_integer(digits), exponent - places) == value {
            break;
        }
        places += 1;
    }
    (to_integer((scaled * power(places)).round()), exponent - places)
}

fn power(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 to 2^53")]
fn to_integer(value: f64) -> u64 {
    value as u64
}
