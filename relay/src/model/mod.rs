//! The resources of the REST API as they are stored and shown. The messages of a conversation are
//! `shared::message`; what follows from them is `shared::conversation::State`.

mod act;
mod category;
mod channel;
mod contact;
mod conversation;
mod event;
mod file;
mod form;
mod identity;
mod name;
mod organization;
pub(crate) mod text;
mod token;
mod user;
mod webhook;

pub use act::{Act, Actor, Source};
pub use category::{Category, CategoryWithForms};
pub use channel::Channel;
pub use contact::Contact;
pub use conversation::{Conversation, ConversationType, TouchpointState, slug_of};
pub use event::{exists as event_exists, matches as event_matches};
pub use file::File;
pub use form::{Form, FormField};
pub use identity::Identity;
pub use name::made_up_name;
pub use organization::{Organization, Retention, all_commands};
pub use token::{ParseTokenIdError, TokenId, UserToken};
pub(crate) use user::email_key;
pub use user::{User, UserRole};
pub use webhook::{DisabledReason, Webhook};
