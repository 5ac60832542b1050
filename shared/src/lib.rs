//! What a conversation means and how two ends keep it in step. Pure: no clock, no randomness, no
//! socket, no browser, no database, no async. Time comes in as [`Millis`], randomness as a seed.
//! Reading order: `wire` (what is said), `conversation` (what it means), `peer` (how two ends agree).

pub mod command;
pub mod conversation;
pub mod error;
pub mod event;
pub mod id;
pub mod json;
pub mod limits;
pub mod message;
pub mod peer;
#[cfg(feature = "schema")]
mod schema;
pub mod time;
pub mod wire;

pub use error::{Error, ErrorCode};
pub use id::{
    ChannelId, ClientKey, ContactId, ConversationId, EventId, FileId, FormId, MessageId, OrganizationId, Seq,
    UserId, VisitorToken, WebhookId,
};
pub use time::Millis;
