//! What the fields of a resource are: their names, the values they take, and where the database has them. Lists, and what
//! describes them to others, follow from these tables.

use super::resources;

/// A member of a resource, or a part of one, as a list's parameters call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub order: Order,
    /// It is a member of the answer, so that it can be selected. The others are for filters.
    pub is_shown: bool,
    pub(in crate::store) place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 24 hex digits.
    Id,
    /// The id of another resource.
    Reference(Referred),
    Text,
    /// RFC 3339.
    Time,
    Number,
    Bool,
    /// One of a few names.
    Name(&'static [&'static str]),
    /// Several texts. A filter is about any of them.
    Texts,
    /// Several ids, in the same way.
    References(Referred),
    /// Several, each a name or an object of these members. A filter is about any of the names.
    Parts(&'static [Field]),
    /// Names and values of the user's choice; a filter names one: `meta.colour`.
    Map,
    /// Shown, not filtered.
    Whole,
}

/// What a reference refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referred {
    Organization,
    User,
    Channel,
    Form,
    Contact,
    Conversation,
}

/// Whether lists can be sorted by a field, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Never,
    /// Rows are kept in the order of their making: by their key.
    Made,
    /// By the value, and by the key where values are equal.
    Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Place {
    /// An expression of columns: ids are 12 bytes, times milliseconds.
    Column(&'static str),
    /// A member of this JSON document, under the field's name: ids and times are texts.
    Member(&'static str),
    /// Rows of a table that belong to the record, and the column that has the value.
    Rows { rows: &'static str, value: &'static str },
    /// The elements of an array in this JSON document.
    Elements(&'static str),
    /// Follows from the rest.
    Nowhere,
}

impl Field {
    const fn new(name: &'static str, kind: Kind, place: Place) -> Self {
        Self { name, kind, place, order: Order::Never, is_shown: true }
    }

    pub(super) const fn column(name: &'static str, kind: Kind, sql: &'static str) -> Self {
        Self::new(name, kind, Place::Column(sql))
    }

    pub(super) const fn member(name: &'static str, kind: Kind, document: &'static str) -> Self {
        Self::new(name, kind, Place::Member(document))
    }

    pub(super) const fn elements(name: &'static str, kind: Kind, document: &'static str) -> Self {
        Self::new(name, kind, Place::Elements(document))
    }

    pub(super) const fn rows(
        name: &'static str,
        kind: Kind,
        rows: &'static str,
        value: &'static str,
    ) -> Self {
        Self::new(name, kind, Place::Rows { rows, value })
    }

    pub(super) const fn whole(name: &'static str) -> Self {
        Self::part(name, Kind::Whole)
    }

    /// A member of [`Kind::Parts`].
    pub(super) const fn part(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Place::Nowhere)
    }

    pub(super) const fn sorted(self) -> Self {
        Self { order: Order::Value, ..self }
    }

    /// The time of the making.
    pub(super) const fn made(self) -> Self {
        Self { order: Order::Made, ..self }
    }

    /// For filters alone.
    pub(super) const fn hidden(self) -> Self {
        Self { is_shown: false, ..self }
    }

    /// Whether its ids and times are as JSON has them.
    pub(super) const fn is_json(&self) -> bool {
        matches!(self.place, Place::Member(_) | Place::Elements(_))
    }

    /// The SQL of its value, where it has one.
    pub(in crate::store) fn sql(&self) -> String {
        match self.place {
            Place::Column(sql) => sql.to_owned(),
            Place::Member(document) => format!("json_extract({document}, '$.{}')", self.name),
            Place::Rows { value, .. } => value.to_owned(),
            Place::Elements(_) if matches!(self.kind, Kind::Parts(_)) => {
                "iif(e.type = 'object', e.value ->> 'name', e.value)".to_owned()
            }
            Place::Elements(_) => "e.value".to_owned(),
            Place::Nowhere => "NULL".to_owned(),
        }
    }
}

/// A resource that can be listed.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    /// What errors call it.
    pub kind: &'static str,
    pub fields: &'static [Field],
    /// Whether `q` searches what was said in it.
    pub is_searched: bool,
    /// The condition that it is an organization's, with a mark in the place of that one's id.
    pub(in crate::store) organization: &'static str,
    pub(in crate::store) key: &'static str,
}

impl Resource {
    /// The field with this name, or the map that has it and the names below.
    #[must_use]
    pub fn find<'a>(&'static self, name: &'a str) -> Option<(&'static Field, Option<&'a str>)> {
        if let Some(field) = self.fields.iter().find(|field| field.name == name) {
            return Some((field, None));
        }
        let (map, below) = name.split_once('.')?;
        let field = self.fields.iter().find(|field| field.name == map && field.kind == Kind::Map)?;
        Some((field, Some(below)))
    }

    /// The time at which the record was made.
    #[must_use]
    pub fn made(&'static self) -> &'static Field {
        let made = self.fields.iter().find(|field| field.order == Order::Made);
        made.expect("every resource has the time of its making")
    }
}

impl Referred {
    #[must_use]
    pub const fn resource(self) -> &'static Resource {
        match self {
            Self::Organization => &resources::ORGANIZATIONS,
            Self::User => &resources::USERS,
            Self::Channel => &resources::CHANNELS,
            Self::Form => &resources::FORMS,
            Self::Contact => &resources::CONTACTS,
            Self::Conversation => &resources::CONVERSATIONS,
        }
    }
}
