//! Lists of everything that can be listed: the fields of each resource in one table, what is asked for in their terms, and
//! the SQL that follows from both.

mod condition;
mod field;
mod query;
mod resources;
mod words;

pub(super) use condition::Conditions;
pub use field::{Field, Kind, Order, Referred, Resource};
pub use query::{COUNTED, Filter, Found, Place, Query, Sort, Test, Value};
pub use resources::{
    ACTS, CHANNELS, CONTACTS, CONVERSATIONS, FORMS, MESSAGES, ORGANIZATIONS, USERS, WEBHOOKS,
};
pub(super) use words::{Wanted, folded};
