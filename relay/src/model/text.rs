//! Kinds of texts and maps that members take, as JSON Schemas: for `#[schemars(with = "Name")]`. `http::valid` checks them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use shared::limits;
use std::borrow::Cow;

/// Characters of a name. Longer ones fit no list that a person reads.
pub(crate) const NAME_CHARS: usize = 200;
/// Members of a profile.
pub(crate) const PROFILE_MEMBERS: usize = 256;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $schema:tt;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $kind;

        impl JsonSchema for $kind {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($kind).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

kinds! {
    /// Not empty, and not white space alone.
    Name: {"type": "string", "minLength": 1, "maxLength": NAME_CHARS, "pattern": r"\S"};
    /// May be empty.
    Short: {"type": "string", "maxLength": NAME_CHARS};
    /// A name without white space.
    Key: {"type": "string", "minLength": 1, "maxLength": NAME_CHARS, "pattern": r"^\S+$"};
    Email: {"type": "string", "minLength": 3, "maxLength": NAME_CHARS, "pattern": r"^[^@\s]+@\S+$"};
    /// Of `allowedOrigins`.
    Entry: {
        "type": "string",
        "pattern": r"^(\*|\*\.[A-Za-z0-9._-]*\.[A-Za-z0-9._-]*|[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,4}|:[1-5][0-9]{4})?/?)$"
    };
    /// As of a conversation.
    Meta: {"type": "object", "maxProperties": limits::META_KEYS, "additionalProperties": true};
    /// Of a contact.
    Profile: {
        "type": "object",
        "maxProperties": PROFILE_MEMBERS,
        "properties": {
            "email": {"type": "string", "minLength": 1, "maxLength": NAME_CHARS, "pattern": r"\S"},
            "telephone": {"type": "string", "minLength": 1, "maxLength": NAME_CHARS, "pattern": r"\S"}
        },
        "additionalProperties": true
    };
    /// The bot's variables.
    Session: {"type": "object", "maxProperties": limits::SESSION_VARIABLES, "additionalProperties": true};
}
