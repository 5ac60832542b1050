//! Writes into a text: compact, members in the order in which they come.

use super::{ToJson, float::decompose};
use serde_json::Number;

#[derive(Debug, Default)]
pub struct Writer {
    pub(super) text: String,
}

/// An object that has been opened.
#[derive(Debug)]
pub struct Object<'a> {
    writer: &'a mut Writer,
    is_first: bool,
}

impl Writer {
    pub fn object(&mut self, write: impl FnOnce(&mut Object<'_>)) {
        self.text.push('{');
        write(&mut Object { writer: self, is_first: true });
        self.text.push('}');
    }

    /// `{"name":{…}}`: one of several kinds.
    pub(super) fn variant(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.object(|variant| {
            variant.name(name);
            variant.writer.object(write);
        });
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn list<T: ToJson>(&mut self, items: &[T]) {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            item.to_json(self);
        }
        self.text.push(']');
    }

    /// What JSON has no number for becomes `null`, as in JavaScript.
    pub(super) fn number(&mut self, number: &Number) {
        if let Some(number) = number.as_u64() {
            self.whole(number);
        } else if let Some(number) = number.as_i64() {
            self.negative(number);
        } else {
            self.fraction(number.as_f64().unwrap_or(f64::NAN));
        }
    }

    pub(super) fn whole(&mut self, number: u64) {
        self.text.push_str(&number.to_string());
    }

    fn negative(&mut self, number: i64) {
        if number < 0 {
            self.text.push('-');
        }
        self.whole(number.unsigned_abs());
    }

    fn fraction(&mut self, value: f64) {
        if !value.is_finite() {
            return self.literal("null");
        }
        let (digits, exponent) = decompose(value.abs());
        if value.is_sign_negative() {
            self.text.push('-');
        }
        self.whole(digits);
        // With an exponent it stays a number with a fraction when it is read again.
        self.text.push('e');
        self.negative(exponent.into());
    }

    pub(super) fn string(&mut self, value: &str) {
        self.text.push('"');
        for character in value.chars() {
            let escape = match character {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\u{8}' => "\\b",
                '\u{c}' => "\\f",
                '\0'..='\u{1f}' => {
                    self.text.push_str("\\u00");
                    for digit in [u32::from(character) >> 4, u32::from(character) & 15] {
                        self.text.extend(char::from_digit(digit, 16));
                    }
                    continue;
                }
                _ => {
                    self.text.push(character);
                    continue;
                }
            };
            self.text.push_str(escape);
        }
        self.text.push('"');
    }
}

impl Object<'_> {
    #[inline(never)]
    pub fn member<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        value.to_json(self.writer);
    }

    /// Left out when it says nothing.
    #[inline(never)]
    pub fn optional<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.member(name, value);
        }
    }

    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.is_first) {
            self.writer.text.push(',');
        }
        self.writer.string(name);
        self.writer.text.push(':');
    }
}
