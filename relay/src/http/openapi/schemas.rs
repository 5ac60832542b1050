//! The schemas of what is taken and given. A type that is taken otherwise than it is given (a default, a member that is
//! always shown) has two: `Form`, and `FormInput` for what is taken.

use super::operation::SchemaOf;
use schemars::{
    Schema, SchemaGenerator,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeSet};

pub(super) const PLACE: &str = "#/components/schemas/";

#[derive(Debug)]
pub(super) struct Schemas {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = Cow::Borrowed("/components/schemas");
            settings.meta_schema = None;
        });
        Self {
            taken: settings.clone().for_deserialize().into_generator(),
            given: settings.for_serialize().into_generator(),
        }
    }

    pub(super) fn taken(&mut self, schema: SchemaOf) -> Value {
        plain(schema(&mut self.taken))
    }

    pub(super) fn given(&mut self, schema: SchemaOf) -> Value {
        plain(schema(&mut self.given))
    }

    /// All that have names. `bodies` are what was taken, whose references follow where a name has become another.
    pub(super) fn finish(mut self, bodies: &mut [&mut Value]) -> Map<String, Value> {
        let definitions = |generator: &mut SchemaGenerator| -> Map<String, Value> {
            let named = generator.take_definitions(true).into_iter();
            named.map(|(name, schema)| (name, plain(Schema::try_from(schema).unwrap_or_default()))).collect()
        };
        let (taken, mut given) = (definitions(&mut self.taken), definitions(&mut self.given));
        let renamed = differing(&taken, &given);
        let rename = |schema: &mut Value| {
            visit_references(schema, &mut |reference| {
                let name = reference.trim_start_matches(PLACE);
                if renamed.contains(name) {
                    *reference = format!("{PLACE}{name}Input");
                }
            });
        };
        bodies.iter_mut().for_each(|body| rename(body));
        for (name, mut schema) in taken {
            rename(&mut schema);
            let name = if renamed.contains(&name) { format!("{name}Input") } else { name };
            given.insert(name, schema);
        }
        given
    }
}

/// Names that are taken and given in two ways, or lead to one.
fn differing(taken: &Map<String, Value>, given: &Map<String, Value>) -> BTreeSet<String> {
    let both = || taken.iter().filter(|(name, _)| given.contains_key(*name));
    let differs = both().filter(|(name, schema)| given.get(*name) != Some(*schema));
    let mut found: BTreeSet<String> = differs.map(|(name, _)| name.clone()).collect();
    loop {
        let leading: Vec<String> = both()
            .filter(|(name, schema)| {
                let mut leads = false;
                visit_references(&mut (*schema).clone(), &mut |reference| {
                    leads |= found.contains(reference.trim_start_matches(PLACE));
                });
                leads && !found.contains(*name)
            })
            .map(|(name, _)| name.clone())
            .collect();
        if leading.is_empty() {
            return found;
        }
        found.extend(leading);
    }
}

fn visit_references(schema: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                if let ("$ref", Value::String(reference)) = (name.as_str(), &mut *member) {
                    visit(reference);
                } else {
                    visit_references(member, visit);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| visit_references(element, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Without defaults that say nothing.
fn plain(mut schema: Schema) -> Value {
    let without_null = |schema: &mut Schema| {
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
    };
    RecursiveTransform(without_null).transform(&mut schema);
    schema.to_value()
}
