//! Objects by their members: a table for each type says what they are called and which may be missing.

use super::FromJson;
use serde_json::{Map, Value};

/// The members of an object, by name.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    /// Nothing when the value is no object.
    #[must_use]
    pub fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The one member of `{"name":…}`; nothing when there are more.
    pub(super) fn only(self) -> Option<(&'a str, &'a Value)> {
        let (name, value) = self.0.iter().next()?;
        (self.0.len() == 1).then_some((name, value))
    }

    /// Nothing when it is missing or of another kind.
    #[inline(never)]
    #[must_use]
    pub fn required<T: FromJson>(self, name: &str) -> Option<T> {
        T::from_json(self.0.get(name)?)
    }

    /// The default when it is missing or null, nothing when it is of another kind.
    #[inline(never)]
    #[must_use]
    pub fn optional<T: FromJson + Default>(self, name: &str) -> Option<T> {
        match self.0.get(name) {
            None | Some(Value::Null) => Some(T::default()),
            Some(value) => T::from_json(value),
        }
    }
}

/// Makes a type readable and writable. Members are `required`, `optional` (left out when they say nothing), `defaulted`
/// (may be missing, is always written) or `lenient` (optional, and nothing when it is of another kind).
#[macro_export]
macro_rules! json_record {
    ($type:ident { $($rule:ident $field:ident $name:literal,)* }) => {
        $crate::json_record!(read $type { $($rule $field $name,)* });
        $crate::json_record!(write $type { $($rule $field $name,)* });
    };
    (read $type:ident { $($rule:ident $field:ident $name:literal,)* }) => {
        impl $crate::json::FromJson for $type {
            fn from_json(value: &serde_json::Value) -> Option<Self> {
                let members = $crate::json::Members::of(value)?;
                Some(Self { $($field: $crate::json_record!(@read members $rule $name),)* })
            }
        }
    };
    (write $type:ident { $($rule:ident $field:ident $name:literal,)* }) => {
        impl $crate::json::ToJson for $type {
            fn to_json(&self, writer: &mut $crate::json::Writer) {
                writer.object(|object| {
                    $($crate::json_record!(@write object $rule $name self.$field);)*
                });
            }
        }
    };
    (@read $members:ident required $name:literal) => { $members.required($name)? };
    (@read $members:ident lenient $name:literal) => { $members.required($name).unwrap_or_default() };
    (@read $members:ident $rule:ident $name:literal) => { $members.optional($name)? };
    (@write $object:ident optional $name:literal $value:expr) => { $object.optional($name, &$value) };
    (@write $object:ident lenient $name:literal $value:expr) => { $object.optional($name, &$value) };
    (@write $object:ident $rule:ident $name:literal $value:expr) => { $object.member($name, &$value) };
}
