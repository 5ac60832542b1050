//! The place where a part of a list ended, as an address carries it: hexadecimal, with a check of what it belongs to. It is
//! no secret and gives nobody anything; the check tells what was made up from what the relay wrote.

use crate::store::lists::{Place, Resource, Sort, Value};
use sha2::{Digest, Sha256};
use shared::Error;
use std::fmt::Write;

/// Bytes of the check.
const CHECK: usize = 6;

pub(super) fn write(resource: &Resource, sort: Sort, place: &Place) -> String {
    let mut bytes = place.key.to_be_bytes().to_vec();
    match &place.value {
        Some(Value::Number(number)) => {
            bytes.push(b'i');
            bytes.extend(number.to_be_bytes());
        }
        Some(Value::Text(text)) => {
            bytes.push(b't');
            bytes.extend(text.as_bytes());
        }
        Some(Value::Null | Value::Id(_) | Value::Time(_) | Value::Real(_) | Value::Bool(_)) | None => {}
    }
    let check = check(resource, sort, &bytes);
    let mut text = String::new();
    for byte in check.iter().chain(&bytes) {
        write!(text, "{byte:02x}").expect("a String takes everything");
    }
    text
}

pub(super) fn read(resource: &Resource, sort: Sort, text: &str) -> Result<Place, Error> {
    parse(resource, sort, text)
        .ok_or_else(|| Error::invalid("after", "not from a Link header of this list in this order"))
}

fn parse(resource: &Resource, sort: Sort, text: &str) -> Option<Place> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect::<Option<_>>()?;
    let (given, bytes) = bytes.split_at_checked(CHECK)?;
    if given != check(resource, sort, bytes) {
        return None;
    }
    let (key, value) = bytes.split_first_chunk::<8>()?;
    let value = match value.split_first() {
        None => None,
        Some((b'i', number)) => Some(Value::Number(i64::from_be_bytes(number.try_into().ok()?))),
        Some((_, text)) => Some(Value::Text(String::from_utf8(text.to_vec()).ok()?)),
    };
    Some(Place { value, key: i64::from_be_bytes(*key) })
}

fn check(resource: &Resource, sort: Sort, bytes: &[u8]) -> [u8; CHECK] {
    let hash = Sha256::new()
        .chain_update(resource.kind)
        .chain_update([0, u8::from(sort.is_descending)])
        .chain_update(sort.field.name)
        .chain_update([0])
        .chain_update(bytes)
        .finalize();
    *hash.first_chunk().expect("a hash has 32 bytes")
}
