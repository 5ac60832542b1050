//! JSON for the end that pays for every byte: what a browser reads was written by a relay, a page or itself, so
//! that nobody needs to hear what was wrong with it. One reader of trees and one line for each member, where serde
//! makes a parser for each type: a quarter of its size. The relay uses serde; the tests hold both to the same bytes.

mod float;
mod reader;
mod record;
mod values;
mod wire;
mod writer;

pub use record::Members;
pub use writer::{Object, Writer};

use serde_json::Value;

/// What can be read from a tree. A member that nobody knows is no obstacle: it is of a newer end.
pub trait FromJson: Sized {
    /// Nothing when the value is of another kind.
    fn from_json(value: &Value) -> Option<Self>;
}

/// What can be written.
pub trait ToJson {
    fn to_json(&self, writer: &mut Writer);

    /// Whether it says nothing, so that an optional member with it is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Reads a whole text. Nothing when it is not JSON or not a `T`.
#[must_use]
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&reader::read(text)?)
}

/// Writes a value, members in the order in which they are declared.
#[must_use]
pub fn write<T: ToJson + ?Sized>(value: &T) -> String {
    let mut writer = Writer::default();
    value.to_json(&mut writer);
    writer.text
}

#[cfg(test)]
mod tests;
