//! JSON Schemas of the values that are written as texts. Those of structures are derived beside them.

use crate::{
    ChannelId, ClientKey, ContactId, ConversationId, EventId, FileId, FormId, MessageId, Millis,
    OrganizationId, UserId, WebhookId,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

macro_rules! texts {
    ($($type:ident: $schema:tt;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

/// 24 lower-case hex digits.
const ID: &str = "^[0-9a-f]{24}$";

texts! {
    OrganizationId: {"type": "string", "pattern": ID, "description": "The id of an organization."};
    UserId: {"type": "string", "pattern": ID, "description": "The id of a user."};
    ChannelId: {"type": "string", "pattern": ID, "description": "The id of a channel."};
    FormId: {"type": "string", "pattern": ID, "description": "The id of a form."};
    ContactId: {"type": "string", "pattern": ID, "description": "The id of a contact."};
    ConversationId: {"type": "string", "pattern": ID, "description": "The id of a conversation."};
    MessageId: {"type": "string", "pattern": ID, "description": "The id of a message."};
    WebhookId: {"type": "string", "pattern": ID, "description": "The id of a webhook."};
    EventId: {"type": "string", "pattern": ID, "description": "The id of something that happened."};
    FileId: {"type": "string", "pattern": ID, "description": "The id of a file."};
    ClientKey: {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,64}$",
        "description": "The sender's own name for a message."
    };
    Millis: {
        "type": "string",
        "format": "date-time",
        "pattern": "Z$",
        "description": "RFC 3339 in UTC, with seconds or milliseconds, from 1970 on."
    };
}
