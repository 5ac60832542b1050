//! What members are made of: texts, numbers, names, lists, and what is absent.

use super::{FromJson, ToJson, Writer};
use crate::{
    ClientKey, ConversationId, ErrorCode, MessageId, Millis, OrganizationId, Seq, UserId, VisitorToken,
    message::{ActionType, MessageType, Role},
};
use serde_json::{Map, Value};

impl FromJson for Value {
    fn from_json(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl ToJson for Value {
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Self::Null => writer.literal("null"),
            Self::Bool(value) => value.to_json(writer),
            Self::Number(number) => writer.number(number),
            Self::String(text) => writer.string(text),
            Self::Array(items) => writer.list(items),
            Self::Object(members) => members.to_json(writer),
        }
    }
}

impl FromJson for Map<String, Value> {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}

impl ToJson for Map<String, Value> {
    fn to_json(&self, writer: &mut Writer) {
        writer.object(|object| {
            for (name, value) in self {
                object.member(name, value);
            }
        });
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Option<Self> {
        // A loop is a third of `collect`, for each type. What is no `T` is left out: one bad button costs no message, and one bad
        // message no other.
        let mut items = Self::new();
        for item in value.as_array()? {
            if let Some(item) = T::from_json(item) {
                items.push(item);
            }
        }
        Some(items)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, writer: &mut Writer) {
        writer.list(self);
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.to_json(writer),
            None => writer.literal("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(value: &Value) -> Option<Self> {
        T::from_json(value).map(Self::new)
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json(&self, writer: &mut Writer) {
        (**self).to_json(writer);
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl ToJson for String {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl ToJson for bool {
    fn to_json(&self, writer: &mut Writer) {
        writer.literal(if *self { "true" } else { "false" });
    }

    fn is_absent(&self) -> bool {
        !self
    }
}

impl FromJson for u64 {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl ToJson for u64 {
    fn to_json(&self, writer: &mut Writer) {
        writer.whole(*self);
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl ToJson for u32 {
    fn to_json(&self, writer: &mut Writer) {
        writer.whole((*self).into());
    }
}

impl FromJson for Seq {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64().map(Self)
    }
}

impl ToJson for Seq {
    fn to_json(&self, writer: &mut Writer) {
        writer.whole(self.0);
    }

    fn is_absent(&self) -> bool {
        *self == Self::ZERO
    }
}

/// Types that are a text on the wire.
macro_rules! texts {
    ($($type:ty => $write:expr;)*) => {$(
        impl FromJson for $type {
            fn from_json(value: &Value) -> Option<Self> {
                value.as_str()?.parse().ok()
            }
        }

        impl ToJson for $type {
            fn to_json(&self, writer: &mut Writer) {
                let write: fn(&Self) -> String = $write;
                writer.string(&write(self));
            }
        }
    )*};
}

texts! {
    OrganizationId => Self::to_string;
    ConversationId => Self::to_string;
    MessageId => Self::to_string;
    UserId => Self::to_string;
    Millis => Self::to_string;
    VisitorToken => Self::reveal;
    ClientKey => |key| key.as_str().to_owned();
    Role => |role| role.as_str().to_owned();
}

impl FromJson for MessageType {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

impl ToJson for MessageType {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }

    fn is_absent(&self) -> bool {
        *self == Self::default()
    }
}

impl FromJson for ActionType {
    fn from_json(value: &Value) -> Option<Self> {
        let name = value.as_str()?;
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl ToJson for ActionType {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }
}

impl FromJson for ErrorCode {
    fn from_json(value: &Value) -> Option<Self> {
        let name = value.as_str()?;
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl ToJson for ErrorCode {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }
}
