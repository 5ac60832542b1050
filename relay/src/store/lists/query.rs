//! What is asked of a list.

use super::field::{Field, Order, Resource};
use crate::store::{Scope, sql::integer};
use rusqlite::types::Value as Stored;
use shared::{MessageId, Millis};

/// Which records of a resource, in which order, and which part of them.
#[derive(Debug, Clone)]
pub struct Query {
    pub resource: &'static Resource,
    pub scope: Scope,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Words that must all stand in a message.
    pub words: Option<String>,
    pub sort: Sort,
    /// Begins after the record that was here.
    pub after: Option<Place>,
    pub limit: u32,
    pub offset: u32,
}

#[derive(Debug, Clone, Copy)]
pub struct Sort {
    pub field: &'static Field,
    pub is_descending: bool,
}

/// Where a record is in an order: its key, and its value where that is what the order is by.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub value: Option<Value>,
    pub key: i64,
}

#[derive(Debug, Clone)]
pub struct Filter {
    pub field: &'static Field,
    /// Below the field, where that is a map: the names, joined by dots.
    pub below: Option<String>,
    pub test: Test,
}

/// A value as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    /// Of any kind of resource.
    Id([u8; 12]),
    Time(Millis),
    Number(i64),
    Real(f64),
    Bool(bool),
    Text(String),
}

/// What must be true of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// It is one of these.
    Is(Vec<Value>),
    /// It has this text in it, whatever the case.
    Contains(String),
    Above(Value),
    Below(Value),
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    pub items: Vec<T>,
    /// How many there are in all; see [`COUNTED`].
    pub total: u64,
    /// Where the next part begins, if there is one.
    pub next: Option<Place>,
}

/// Filtered records are counted up to this many, so that a page costs the same however many there are. What is
/// counted as it comes (everything, or one status, assignee, category or channel) has no such bound.
pub const COUNTED: u32 = 10_000;

impl Query {
    /// Everything of a resource, newest first.
    #[must_use]
    pub fn all(resource: &'static Resource, scope: Scope, limit: u32) -> Self {
        let sort = Sort { field: resource.made(), is_descending: true };
        Self { resource, scope, filters: vec![], words: None, sort, after: None, limit, offset: 0 }
    }

    pub(in crate::store) fn is_by_value(&self) -> bool {
        self.sort.field.order == Order::Value
    }

    pub(in crate::store) fn filters_by(&self, name: &str) -> bool {
        self.filters.iter().any(|filter| filter.field.name == name)
    }
}

impl Value {
    /// As it is stored in a column or, with `in_json`, in a document.
    pub(in crate::store) fn stored(&self, in_json: bool) -> Stored {
        match self {
            Self::Null => Stored::Null,
            Self::Id(bytes) if in_json => Stored::Text(MessageId::from_bytes(*bytes).to_string()),
            Self::Id(bytes) => Stored::Blob(bytes.to_vec()),
            Self::Time(time) if in_json => Stored::Text(time.to_string()),
            Self::Time(time) => Stored::Integer(integer(time.0)),
            Self::Number(number) => Stored::Integer(*number),
            Self::Real(number) => Stored::Real(*number),
            Self::Bool(is_true) => Stored::Integer(i64::from(*is_true)),
            Self::Text(text) => Stored::Text(text.clone()),
        }
    }

    /// The value by which a record is sorted.
    pub(in crate::store) fn of_order(stored: Stored) -> Self {
        match stored {
            Stored::Integer(number) => Self::Number(number),
            Stored::Text(text) => Self::Text(text),
            Stored::Null | Stored::Real(_) | Stored::Blob(_) => Self::Null,
        }
    }
}
