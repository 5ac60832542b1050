//! What is shown of a record: all of it, or the members that `select` names; and in place of a reference, with `populate`,
//! what it refers to.

use crate::{
    http::params::Params,
    model::{Channel, Contact, Conversation, Form, Organization, User},
    store::{
        Read, Record, Scope, StoreError,
        lists::{CONVERSATIONS, Field, Kind, MESSAGES, Referred, Resource},
    },
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use shared::{Error, ErrorCode, OrganizationId, message::Message};
use std::str::FromStr;

/// Populated members of one record, each with the names below it: a look-up for each.
pub(in crate::http) const MOST: usize = 10;
/// Names from a member down: `contact.conversation`.
const DEPTH: usize = 3;

#[derive(Debug)]
pub(in crate::http) struct Shown {
    resource: &'static Resource,
    /// All where nothing is said.
    selected: Option<Vec<&'static str>>,
    /// Paths of members.
    populated: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in crate::http) enum Item<T> {
    Whole(T),
    Part(Map<String, Value>),
}

/// What is shown by its fields.
pub(in crate::http) trait Listable {
    const RESOURCE: &'static Resource;
}

impl<R: Record> Listable for R {
    const RESOURCE: &'static Resource = R::RESOURCE;
}

impl Listable for Conversation {
    const RESOURCE: &'static Resource = &CONVERSATIONS;
}

impl Listable for Message {
    const RESOURCE: &'static Resource = &MESSAGES;
}

impl<T: Serialize> IntoResponse for Item<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl Shown {
    /// Takes `select` and `populate`.
    pub(super) fn take(params: &mut Params, resource: &'static Resource) -> Result<Self, Error> {
        let selected = params.text("select")?.map(|text| {
            let names = names(&text).map(|name| {
                let field = resource.fields.iter().find(|field| field.is_shown && field.name == name);
                field
                    .map(|field| field.name)
                    .ok_or_else(|| Error::invalid("select", format!("{}s have no '{name}'", resource.kind)))
            });
            names.collect::<Result<_, _>>()
        });
        let populated = params.text("populate")?.unwrap_or_default();
        let populated: Vec<String> = names(&populated).map(str::to_owned).collect();
        if populated.len() > MOST {
            return Err(Error::invalid("populate", format!("at most {MOST} members")));
        }
        for path in &populated {
            check_path(&format!("{}s", resource.kind), resource.fields, path)?;
        }
        Ok(Self { resource, selected: selected.transpose()?, populated })
    }

    pub(super) fn show<T: Serialize>(&self, read: &Read<'_>, item: T) -> Result<Item<T>, StoreError> {
        if self.selected.is_none() && self.populated.is_empty() {
            return Ok(Item::Whole(item));
        }
        let Ok(Value::Object(mut members)) = serde_json::to_value(&item) else {
            return Ok(Item::Whole(item));
        };
        if let Some(selected) = &self.selected {
            // The organization is what references are looked up in.
            members.retain(|name, _| {
                name == "id" || name == "organization" || selected.contains(&name.as_str())
            });
        }
        let organization = members.get("organization").or(members.get("id")).and_then(id);
        for path in &self.populated {
            let Some(organization) = organization else { continue };
            populate(read, organization, self.resource.fields, &mut members, path)?;
        }
        if self.selected.as_ref().is_some_and(|selected| !selected.contains(&"organization")) {
            members.remove("organization");
        }
        Ok(Item::Part(members))
    }
}

/// `a,b`, or `[a,b]` as some clients write arrays.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// Every name of a path must be a member of what the one before refers to. A member that refers to nothing stays as it is,
/// with whatever is said of the names below.
fn check_path(of: &str, fields: &'static [Field], path: &str) -> Result<(), Error> {
    if path.split('.').count() > DEPTH {
        return Err(Error::invalid("populate", format!("at most {DEPTH} names in '{path}'")));
    }
    let (name, below) = path.split_once('.').map_or((path, None), |(name, below)| (name, Some(below)));
    let field = fields.iter().find(|field| field.is_shown && field.name == name);
    let field = field.ok_or_else(|| Error::invalid("populate", format!("{of} have no '{name}'")))?;
    match (field.kind, below) {
        (Kind::Reference(to) | Kind::References(to), Some(below)) => {
            check_path(&format!("{}s", to.resource().kind), to.resource().fields, below)
        }
        (Kind::Parts(members), Some(below)) => check_path(field.name, members, below),
        (_, _) => Ok(()),
    }
}

fn populate(
    read: &Read<'_>,
    organization: OrganizationId,
    fields: &'static [Field],
    members: &mut Map<String, Value>,
    path: &str,
) -> Result<(), StoreError> {
    let (name, below) = path.split_once('.').map_or((path, None), |(name, below)| (name, Some(below)));
    let kind = fields.iter().find(|field| field.name == name).map(|field| field.kind);
    let (Some(kind), Some(member)) = (kind, members.get_mut(name)) else { return Ok(()) };
    let values = if let Value::Array(several) = member {
        several.as_mut_slice()
    } else {
        std::slice::from_mut(member)
    };
    if let Kind::Reference(to) | Kind::References(to) = kind {
        return put_in_place(read, organization, to, values, below);
    }
    let (Kind::Parts(fields), Some(below)) = (kind, below) else { return Ok(()) };
    let mut parts = values.iter_mut().filter_map(Value::as_object_mut);
    parts.try_for_each(|part| populate(read, organization, fields, part, below))
}

/// Puts records in the place of references to them.
fn put_in_place(
    read: &Read<'_>,
    organization: OrganizationId,
    to: Referred,
    references: &mut [Value],
    below: Option<&str>,
) -> Result<(), StoreError> {
    for reference in references {
        if let Some(found) =
            reference.as_str().map(|id| find(read, organization, to, id)).transpose()?.flatten()
        {
            *reference = found;
        }
        if let (Some(below), Value::Object(members)) = (below, reference) {
            populate(read, organization, to.resource().fields, members, below)?;
        }
    }
    Ok(())
}

/// What a reference refers to, as far as it belongs to the organization; a user may also belong to all.
fn find(
    read: &Read<'_>,
    organization: OrganizationId,
    to: Referred,
    id: &str,
) -> Result<Option<Value>, StoreError> {
    let scope = Scope::from(organization);
    match to {
        Referred::Organization => record::<Organization>(read, scope, id),
        Referred::Channel => record::<Channel>(read, scope, id),
        Referred::Form => record::<Form>(read, scope, id),
        Referred::Contact => record::<Contact>(read, scope, id),
        Referred::User => {
            let user = id.parse().ok().map(|id| read.find::<User>(Scope::All, id)).transpose()?.flatten();
            let user = user.filter(|user| user.organization.is_none_or(|own| own == organization));
            Ok(user.and_then(|user| serde_json::to_value(user).ok()))
        }
        Referred::Conversation => match id.parse().ok().map(|id| read.conversation(scope, id)) {
            Some(Ok(conversation)) => Ok(serde_json::to_value(conversation).ok()),
            Some(Err(StoreError::Refused(error))) if error.code == ErrorCode::NotFound => Ok(None),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        },
    }
}

fn record<R: Record>(read: &Read<'_>, scope: Scope, id: &str) -> Result<Option<Value>, StoreError>
where
    R::Id: FromStr,
{
    let Ok(id) = id.parse() else { return Ok(None) };
    Ok(read.find::<R>(scope, id)?.and_then(|record| serde_json::to_value(record).ok()))
}

fn id(value: &Value) -> Option<OrganizationId> {
    value.as_str()?.parse().ok()
}
