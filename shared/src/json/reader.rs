//! A serde deserializer over text. It is lenient where it costs nothing (control characters in strings), and
//! strict where types are concerned. What does not depend on the type read is kept out of the functions that
//! do (`inline(never)`): there are a hundred of those.

use super::{Unfit, float::compose};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

pub(super) struct Reader<'de> {
    bytes: &'de [u8],
    at: usize,
    /// Lists and objects that may still be opened inside this one.
    depth: u8,
}

/// As serde_json: deep enough for everybody, shallow enough for every stack.
const DEPTH: u8 = 128;

enum Number {
    Unsigned(u64),
    Negative(i64),
    Float(f64),
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, depth: DEPTH }
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// The next byte that is not white space.
    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    #[inline(never)]
    fn take(&mut self, byte: u8) -> Result<(), Unfit> {
        if self.peek() != Some(byte) {
            return Err(Unfit);
        }
        self.at += 1;
        Ok(())
    }

    #[inline(never)]
    fn take_word(&mut self, word: &str) -> Result<(), Unfit> {
        self.peek();
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(Unfit);
        }
        self.at += word.len();
        Ok(())
    }

    fn take_bool(&mut self) -> Result<bool, Unfit> {
        let value = self.peek() == Some(b't');
        self.take_word(if value { "true" } else { "false" }).map(|()| value)
    }

    #[inline(never)]
    fn take_string(&mut self) -> Result<String, Unfit> {
        self.take(b'"')?;
        let mut text = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at).ok_or(Unfit)?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(text).map_err(|_| Unfit),
                b'\\' => {
                    let character = self.take_escape()?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                byte => text.push(byte),
            }
        }
    }

    fn take_escape(&mut self) -> Result<char, Unfit> {
        let byte = *self.bytes.get(self.at).ok_or(Unfit)?;
        self.at += 1;
        Ok(match byte {
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
                    self.take_word("\\u")?;
                    let low = self.take_hex()?;
                    code = 0x1_0000 + ((code & 0x3ff) << 10) + low.checked_sub(0xdc00).ok_or(Unfit)?;
                }
                char::from_u32(code).ok_or(Unfit)?
            }
            _ => return Err(Unfit),
        })
    }

    fn take_hex(&mut self) -> Result<u32, Unfit> {
        let mut code = 0;
        for _ in 0..4 {
            let digit =
                self.bytes.get(self.at).and_then(|byte| char::from(*byte).to_digit(16)).ok_or(Unfit)?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    #[inline(never)]
    fn take_number(&mut self) -> Result<Number, Unfit> {
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
        Ok(match negated {
            _ if !is_whole => {
                let value = compose(digits, exponent);
                Number::Float(if negative { -value } else { value })
            }
            Some(value) => Number::Negative(value),
            None if negative => Number::Float(-compose(digits, 0)),
            None => Number::Unsigned(digits),
        })
    }

    /// Reads digits behind those read; `place` is the exponent that each adds. Says whether all had room: those
    /// that do not are counted by the exponent.
    fn take_digits(&mut self, digits: &mut u64, exponent: &mut i32, place: i32) -> Result<bool, Unfit> {
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
        if self.at == start { Err(Unfit) } else { Ok(had_room) }
    }

    fn take_exponent(&mut self) -> Result<i32, Unfit> {
        let sign = self.bytes.get(self.at).copied();
        self.at += usize::from(matches!(sign, Some(b'+' | b'-')));
        let (mut digits, mut more) = (0, 0);
        self.take_digits(&mut digits, &mut more, 0)?;
        // Past this everything is zero or infinite.
        let exponent = i32::try_from(digits.min(9_999)).unwrap_or_default();
        Ok(if sign == Some(b'-') { -exponent } else { exponent })
    }

    /// Passes over a value of any kind.
    fn skip(&mut self) -> Result<(), Unfit> {
        match self.peek().ok_or(Unfit)? {
            b'"' => self.take_string().map(drop),
            b't' | b'f' => self.take_bool().map(drop),
            b'n' => self.take_word("null"),
            b'[' => self.inside(b'[', b']', |reader| {
                let mut items = Items::new(reader, b']');
                while items.has_next()? {
                    items.reader.skip()?;
                }
                Ok(())
            }),
            b'{' => self.inside(b'{', b'}', |reader| {
                let mut items = Items::new(reader, b'}');
                while items.has_next()? {
                    items.reader.take_string()?;
                    items.reader.take(b':')?;
                    items.reader.skip()?;
                }
                Ok(())
            }),
            _ => self.take_number().map(drop),
        }
    }

    fn inside<T>(
        &mut self,
        open: u8,
        close: u8,
        read: impl FnOnce(&mut Self) -> Result<T, Unfit>,
    ) -> Result<T, Unfit> {
        self.enter(open)?;
        let value = read(self)?;
        self.leave(close)?;
        Ok(value)
    }

    #[inline(never)]
    fn enter(&mut self, open: u8) -> Result<(), Unfit> {
        self.depth = self.depth.checked_sub(1).ok_or(Unfit)?;
        self.take(open)
    }

    #[inline(never)]
    fn leave(&mut self, close: u8) -> Result<(), Unfit> {
        self.depth += 1;
        self.take(close)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.peek().ok_or(Unfit)? {
            b'"' => self.deserialize_string(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'{' => self.deserialize_map(visitor),
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_bool(self.take_bool()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.take_number()? {
            Number::Unsigned(number) => visitor.visit_u64(number),
            Number::Negative(number) => visitor.visit_i64(number),
            Number::Float(number) => visitor.visit_f64(number),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.take_string()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.take_word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.peek() == Some(b'n') { self.deserialize_unit(visitor) } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.inside(b'[', b']', |reader| visitor.visit_seq(Items::new(reader, b']')))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.inside(b'{', b'}', |reader| visitor.visit_map(Items::new(reader, b'}')))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.peek() == Some(b'{') {
            self.inside(b'{', b'}', |reader| visitor.visit_enum(Variant { reader, has_content: true }))
        } else {
            visitor.visit_enum(Variant { reader: self, has_content: false })
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_string(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_f64(visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 f32 char bytes byte_buf unit_struct tuple tuple_struct
    }
}

/// What stands between the brackets of a list or an object.
struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    close: u8,
    is_first: bool,
}

impl<'a, 'de> Items<'a, 'de> {
    fn new(reader: &'a mut Reader<'de>, close: u8) -> Self {
        Self { reader, close, is_first: true }
    }

    #[inline(never)]
    fn has_next(&mut self) -> Result<bool, Unfit> {
        if self.reader.peek() == Some(self.close) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.is_first) {
            self.reader.take(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        if self.has_next()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        if self.has_next()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// `"name"`, or the inside of `{"name":content}`.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    has_content: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Unfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unfit> {
        let name = seed.deserialize(&mut *self.reader)?;
        if self.has_content {
            self.reader.take(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        if self.has_content { Err(Unfit) } else { Ok(()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        if self.has_content { seed.deserialize(self.reader) } else { Err(Unfit) }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        if self.has_content { self.reader.deserialize_seq(visitor) } else { Err(Unfit) }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.has_content { self.reader.deserialize_map(visitor) } else { Err(Unfit) }
    }
}
