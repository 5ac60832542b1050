//! Text into a tree. It is lenient where it costs nothing (control characters in strings), and strict where
//! kinds are concerned.

use super::float::compose;
use serde_json::{Map, Number, Value};

/// Reads a whole text.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, depth: DEPTH };
    let value = reader.take_value()?;
    reader.peek().is_none().then_some(value)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Lists and objects that may still be opened inside this one.
    depth: u8,
}

/// As serde_json: deep enough for everybody, shallow enough for every stack.
const DEPTH: u8 = 128;

impl Reader<'_> {
    fn take_value(&mut self) -> Option<Value> {
        Some(match self.peek()? {
            b'"' => Value::String(self.take_string()?),
            b't' => self.take_word("true", Value::Bool(true))?,
            b'f' => self.take_word("false", Value::Bool(false))?,
            b'n' => self.take_word("null", Value::Null)?,
            b'[' => {
                let mut items = Vec::new();
                self.enter()?;
                while self.has_next(b']', items.is_empty())? {
                    items.push(self.take_value()?);
                }
                Value::Array(items)
            }
            b'{' => {
                let mut members = Map::new();
                self.enter()?;
                while self.has_next(b'}', members.is_empty())? {
                    let name = self.take_string()?;
                    self.take(b':')?;
                    members.insert(name, self.take_value()?);
                }
                Value::Object(members)
            }
            _ => Value::Number(self.take_number()?),
        })
    }

    fn enter(&mut self) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        self.at += 1;
        Some(())
    }

    /// Whether another item follows; behind the last one, the end is taken.
    fn has_next(&mut self, close: u8, is_first: bool) -> Option<bool> {
        if self.peek()? == close {
            self.at += 1;
            self.depth += 1;
            return Some(false);
        }
        if !is_first {
            self.take(b',')?;
        }
        Some(true)
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        if self.peek() != Some(byte) {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn take_word(&mut self, word: &str, meaning: Value) -> Option<Value> {
        self.take_bytes(word.as_bytes())?;
        Some(meaning)
    }

    fn take_bytes(&mut self, bytes: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(bytes).then(|| self.at += bytes.len())
    }

    fn take_string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut text = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(text).ok(),
                b'\\' => {
                    let character = self.take_escape()?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte => text.push(byte),
            }
        }
    }

    fn take_escape(&mut self) -> Option<char> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.take_hex()?;
                // Beyond the basic plane: two halves (RFC 8259, section 7).
                if code & 0xfc00 == 0xd800 {
                    self.take_bytes(b"\\u")?;
                    let low = self.take_hex()?;
                    code = 0x1_0000 + ((code & 0x3ff) << 10) + low.checked_sub(0xdc00)?;
                }
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn take_hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.bytes.get(self.at).and_then(|byte| char::from(*byte).to_digit(16))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Some(code)
    }

    fn take_number(&mut self) -> Option<Number> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let (mut digits, mut exponent) = (0_u64, 0);
        let mut is_whole = self.take_digits(&mut digits, &mut exponent, 0)?;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            is_whole = false;
            self.take_digits(&mut digits, &mut exponent, -1)?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            is_whole = false;
            exponent = self.take_exponent()?.saturating_add(exponent);
        }
        let negated = if negative { 0_i64.checked_sub_unsigned(digits) } else { None };
        let fraction = |exponent| {
            let value = compose(digits, exponent);
            Number::from_f64(if negative { -value } else { value })
        };
        match negated {
            _ if !is_whole => fraction(exponent),
            Some(value) => Some(value.into()),
            None if negative => fraction(0),
            None => Some(digits.into()),
        }
    }

    /// Reads digits behind those read; `place` is the exponent that each adds. Says whether all had room: those
    /// that do not are counted by the exponent.
    fn take_digits(&mut self, digits: &mut u64, exponent: &mut i32, place: i32) -> Option<bool> {
        let start = self.at;
        let mut had_room = true;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            self.at += 1;
            let longer = digits.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0')));
            match longer.filter(|_| had_room) {
                Some(longer) => {
                    *digits = longer;
                    *exponent += place;
                }
                None => {
                    had_room = false;
                    *exponent += place + 1;
                }
            }
        }
        if self.at == start { None } else { Some(had_room) }
    }

    fn take_exponent(&mut self) -> Option<i32> {
        let sign = self.bytes.get(self.at).copied();
        self.at += usize::from(matches!(sign, Some(b'+' | b'-')));
        let (mut digits, mut more) = (0, 0);
        self.take_digits(&mut digits, &mut more, 0)?;
        // Past this everything is zero or infinite.
        let exponent = i32::try_from(digits.min(9_999)).unwrap_or_default();
        Some(if sign == Some(b'-') { -exponent } else { exponent })
    }
}
