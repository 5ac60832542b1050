//! A record as lists and its own address show it: whole, or in part with `select`, and with `populate` the records
//! themselves in the place of references.

use super::lists::is_reference;
use crate::{
    http::lists::{Item, Listable},
    model::{Channel, Contact, Conversation, Form, Organization, User},
    store::lists::{Field, Kind, Referred},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::{borrow::Cow, marker::PhantomData};

impl<T: Listable + JsonSchema> JsonSchema for Item<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Shown{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (whole, part) = (generator.subschema_for::<T>(), generator.subschema_for::<Part<T>>());
        json_schema!({"anyOf": [whole, part]})
    }
}

/// With `select` or `populate`.
struct Part<T>(PhantomData<T>);

impl<T: Listable + JsonSchema> JsonSchema for Part<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Part", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let kind = T::RESOURCE.kind;
        schema.insert(
            "description".into(),
            format!("Of a {kind}, what `select` and `populate` ask for.").into(),
        );
        schema.insert("required".into(), json!(["id"]));
        let references = T::RESOURCE.fields.iter().filter(|field| field.is_shown && is_reference(field));
        for field in references {
            let populated = populated(field, generator);
            let member = schema.pointer_mut(&format!("/properties/{}", field.name));
            if let Some(member) = member {
                *member = json!({"anyOf": [member.take(), populated]});
            }
        }
        schema
    }
}

fn populated(field: &Field, generator: &mut SchemaGenerator) -> Value {
    if let Kind::References(to) = field.kind {
        // One that does not exist any more stays an id.
        return json!({"type": "array", "items": {"anyOf": [{"type": "string"}, record(to, generator)]}});
    }
    if let Kind::Parts(fields) = field.kind {
        let references = fields.iter().filter(|field| is_reference(field));
        let members: Map<String, Value> =
            references.map(|field| (field.name.to_owned(), populated(field, generator))).collect();
        let object = json!({"type": "object", "properties": members});
        return json!({"type": "array", "items": {"anyOf": [{"type": "string"}, object]}});
    }
    let Kind::Reference(to) = field.kind else { return json!(false) };
    record(to, generator).to_value()
}

fn record(to: Referred, generator: &mut SchemaGenerator) -> Schema {
    match to {
        Referred::Organization => generator.subschema_for::<Part<Organization>>(),
        Referred::User => generator.subschema_for::<Part<User>>(),
        Referred::Channel => generator.subschema_for::<Part<Channel>>(),
        Referred::Form => generator.subschema_for::<Part<Form>>(),
        Referred::Contact => generator.subschema_for::<Part<Contact>>(),
        Referred::Conversation => generator.subschema_for::<Part<Conversation>>(),
    }
}
