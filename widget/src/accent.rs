//! The one colour that a site chooses, and what follows from it: an ink that can be read on it, and a
//! shade of it that can be read as text on a light and on a dark ground. Contrast as in WCAG 2.2.

/// A colour in sRGB, each part 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Colour([f32; 3]);

/// Least contrast of text: 4.5 (WCAG 2.2, 1.4.3), and a little for the error of `linear`.
const TEXT: f32 = 4.6;

const BLACK: Colour = Colour([0.0; 3]);
const WHITE: Colour = Colour([1.0; 3]);

/// The surfaces that accent-coloured text stands on, the harder ones of each theme: `--surface` in widget.css.
const LIGHT_GROUND: Colour = Colour([0.945, 0.953, 0.965]);
const DARK_GROUND: Colour = Colour([0.149, 0.165, 0.204]);

/// Custom properties for the widget's root, computed from its accent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shades {
    /// `#fff` or `#000`.
    pub(crate) ink: &'static str,
    /// The accent as text on a light ground.
    pub(crate) on_light: String,
    /// The accent as text on a dark ground.
    pub(crate) on_dark: String,
}

impl Colour {
    /// Reads what `getComputedStyle` gives for a `color-mix(in srgb, …)`: `color(srgb 0.1 0.2 0.3)`, perhaps with
    /// ` / alpha`; older browsers write `rgb(1, 2, 3)`.
    pub(crate) fn parse_computed(text: &str) -> Option<Self> {
        let (parts, unit) = match text.strip_prefix("color(srgb") {
            Some(parts) => (parts, 1.0),
            None => (text.strip_prefix("rgb")?, 255.0),
        };
        let is_between = |c: char| matches!(c, ' ' | ',' | '(' | ')' | 'a' | '/');
        let mut numbers = parts.split(is_between).filter(|part| !part.is_empty()).map(number);
        let mut next = || Some((numbers.next()?? / unit).clamp(0.0, 1.0));
        Some(Self([next()?, next()?, next()?]))
    }

    pub(crate) fn shades(self) -> Shades {
        Shades {
            ink: if self.contrast(WHITE) >= TEXT { "#fff" } else { "#000" },
            on_light: self.readable_on(LIGHT_GROUND, BLACK).css(),
            on_dark: self.readable_on(DARK_GROUND, WHITE).css(),
        }
    }

    /// This colour, mixed with as much of `end` as it needs to be read on `ground`.
    fn readable_on(self, ground: Self, end: Self) -> Self {
        (0..=20u8)
            .map(|step| self.mix(end, f32::from(step) / 20.0))
            .find(|colour| colour.contrast(ground) >= TEXT)
            .unwrap_or(end)
    }

    fn mix(self, other: Self, share: f32) -> Self {
        let mut parts = self.0;
        for (part, other) in parts.iter_mut().zip(other.0) {
            *part += (other - *part) * share;
        }
        // What is measured is what is written: eight bits a part.
        Self(parts.map(|part| (part * 255.0).round() / 255.0))
    }

    fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f32 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn css(self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut css = String::from("#");
        for part in self.0 {
            // Within 0 to 255: the parts are clamped.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to 0 to 255"
            )]
            let byte = (part * 255.0).round() as u8;
            css.push(char::from(DIGITS[usize::from(byte >> 4)]));
            css.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        css
    }
}

/// A decimal as CSS writes colours, where anything below a millionth is none. The standard library's parser is
/// exact, and 16 KB.
fn number(text: &str) -> Option<f32> {
    if text.starts_with('-') || text.contains('e') {
        return Some(0.0);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digit = |digit: u8| digit.is_ascii_digit().then(|| f32::from(digit - b'0'));
    let whole = whole.bytes().try_fold(0.0, |sum, byte| Some(sum * 10.0 + digit(byte)?))?;
    let fraction = fraction.bytes().rev().try_fold(0.0, |sum, byte| Some((sum + digit(byte)?) / 10.0))?;
    Some(whole + fraction)
}

/// sRGB's transfer function, near enough: a cubic that leaves out `powf` and its 3 KB. Off by less than 0.005.
fn linear(part: f32) -> f32 {
    part * (part * (part * 0.305_306_01 + 0.682_171_1) + 0.012_522_878)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn computed_colours_are_read_in_both_spellings() {
        let blue = Colour::parse_computed("rgb(47, 90, 245)").unwrap();
        assert_eq!(blue.css(), "#2f5af5");
        assert_eq!(Colour::parse_computed("color(srgb 1 1e-7 0.5)").unwrap().css(), "#ff0080");
        assert_eq!(Colour::parse_computed("color(srgb -0.1 0.184314 1.2)").unwrap().css(), "#002fff");
        assert_eq!(Colour::parse_computed("color(srgb 0 1 0 / 0.5)").unwrap().css(), "#00ff00");
        assert_eq!(Colour::parse_computed("rgba(1, 2, 3, 0.5)").unwrap().css(), "#010203");
        assert_eq!(Colour::parse_computed("red"), None);
    }

    #[test]
    fn the_default_accent_carries_white() {
        assert_eq!(Colour::parse_computed("rgb(47, 90, 245)").unwrap().shades().ink, "#fff");
        assert_eq!(Colour::parse_computed("rgb(255, 213, 0)").unwrap().shades().ink, "#000");
    }

    proptest! {
        #[test]
        fn every_accent_can_be_read(red: u8, green: u8, blue: u8) {
            let parts = [red, green, blue];
            let accent = Colour(parts.map(|part| f32::from(part) / 255.0));
            let shades = accent.shades();
            let ink = if shades.ink == "#fff" { [255; 3] } else { [0; 3] };
            prop_assert!(exact_contrast(parts, ink) >= 4.5);
            prop_assert!(exact_contrast(bytes_of(&shades.on_light), [0xf1, 0xf3, 0xf6]) >= 4.5);
            prop_assert!(exact_contrast(bytes_of(&shades.on_dark), [0x26, 0x2a, 0x34]) >= 4.5);
        }
    }

    fn bytes_of(css: &str) -> [u8; 3] {
        let number = u32::from_str_radix(&css[1..], 16).unwrap().to_be_bytes();
        [number[1], number[2], number[3]]
    }

    /// With the transfer function of the standard.
    fn exact_contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let luminance = |parts: [u8; 3]| {
            let [red, green, blue] = parts.map(|part| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
