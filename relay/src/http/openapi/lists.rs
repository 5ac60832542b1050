//! The parameters of lists and of single records, by the fields of the resource.

use super::operation::Parameter;
use crate::{
    http::{
        lists::{self, shown},
        params,
    },
    store::lists::{Field, Kind, Order, Resource},
};
use serde_json::{Value, json};

/// Digits of a whole number that fits the database.
const NUMBER: &str = "-?[0-9]{1,18}";
const ID: &str = "[0-9a-f]{24}";
const TIME: &str = "(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?Z";

/// Of a list.
pub(super) fn asked(resource: &'static Resource) -> Vec<Parameter> {
    let sorted: Vec<String> = resource
        .fields
        .iter()
        .filter(|field| field.order != Order::Never)
        .flat_map(|field| [field.name.to_owned(), format!("-{}", field.name)])
        .collect();
    let most_offset = lists::MOST_OFFSET;
    let mut parameters = vec![
        limit(),
        Parameter::query(
            "offset",
            json!({"type": "integer", "minimum": 0, "maximum": most_offset, "default": 0}),
            "Leaves out the first. To read all of a list, follow `Link`.",
        ),
        Parameter::query(
            "sort",
            json!({"type": "string", "enum": sorted, "default": "-createdAt"}),
            "A field, or `-` and a field for the other way round.",
        ),
        Parameter::query(
            "after",
            json!({"type": "string", "pattern": "^[0-9a-f]+$"}),
            "From a `Link`, and of no other use.",
        ),
    ];
    if resource.is_searched {
        let schema = json!({"type": "string", "maxLength": lists::WORDS});
        let description = "Words that all stand in one message, whatever their case and accents.";
        parameters.push(Parameter::query("q", schema, description));
    }
    parameters.extend(shown(resource));
    parameters.extend(resource.fields.iter().filter_map(filter));
    parameters
}

/// What is shown of each record.
pub(super) fn shown(resource: &'static Resource) -> [Parameter; 2] {
    let select = format!("({})", names(resource.fields));
    let populate = format!("({})", references(resource).join("|"));
    let most = shown::MOST - 1;
    [
        Parameter::query(
            "select",
            json!({"type": "string", "pattern": format!("^({select}(,{select})*)?$")}),
            "Members of the answer, by comma; `id` always stays.",
        ),
        Parameter::query(
            "populate",
            json!({"type": "string", "pattern": format!("^({populate}(,{populate}){{0,{most}}})?$")}),
            "References in whose place the record itself is shown, by comma, also from one to the next: `contact.conversation`.",
        ),
    ]
}

fn names(fields: &[Field]) -> String {
    let names: Vec<&str> = fields.iter().filter(|field| field.is_shown).map(|field| field.name).collect();
    names.join("|")
}

/// Each with what may stand below it.
fn references(resource: &'static Resource) -> Vec<String> {
    let fields = resource.fields.iter().filter(|field| field.is_shown);
    let reference = |field: &Field| {
        let below = if let Kind::Parts(members) = field.kind {
            members
        } else {
            let (Kind::Reference(to) | Kind::References(to)) = field.kind else { return None };
            to.resource().fields
        };
        Some(format!("{}(\\.({}))?", field.name, names(below)))
    };
    fields.filter_map(reference).collect()
}

pub(super) fn limit() -> Parameter {
    let schema =
        json!({"type": "integer", "minimum": 1, "maximum": params::MOST, "default": params::DEFAULT_LIMIT});
    Parameter::query("limit", schema, "Items of the answer.")
}

pub(super) fn is_reference(field: &Field) -> bool {
    matches!(field.kind, Kind::Reference(_) | Kind::References(_) | Kind::Parts(_))
}

/// None for what is not filtered by, and for maps, whose members have names of the user's choice.
fn filter(field: &Field) -> Option<Parameter> {
    let (schema, description) = match field.kind {
        Kind::Whole | Kind::Map => return None,
        Kind::Id | Kind::References(_) => (several(ID), "One id, or `[a,b]` for any of them."),
        // One only: it is looked up.
        Kind::Reference(_) if field.name == "organization" => {
            (json!({"type": "string", "pattern": format!("^{ID}$")}), "One organization's.")
        }
        Kind::Reference(_) => (
            several(&format!("({ID}|null)")),
            "One id, `null` where there is none, or `[a,b]` for any of them.",
        ),
        Kind::Name(names) => {
            (several(&format!("({})", names.join("|"))), "One of these, or `[a,b]` for any of them.")
        }
        Kind::Bool => (several("(true|false)"), "`true` or `false`."),
        Kind::Number => {
            (compared(NUMBER), "That number; `>n` and `<n` for more and less; `[a,b]` for any of them.")
        }
        Kind::Time => (compared(TIME), "That time; `>time` and `<time` for later and earlier."),
        Kind::Text => (
            json!({"type": "string"}),
            "That text; `~part` for one with that in it; `>text` and `<text` for after and before it; `[a,b]` for any of them.",
        ),
        Kind::Texts | Kind::Parts(_) => (
            json!({"type": "string", "pattern": "^($|[^<>])"}),
            "One of its texts is that; `~part`; `[a,b]`.",
        ),
    };
    Some(Parameter::query(field.name, schema, description))
}

fn several(one: &str) -> Value {
    json!({"type": "string", "pattern": format!("^({one}|\\[{one}(,{one}){{0,199}}\\])$")})
}

fn compared(one: &str) -> Value {
    json!({"type": "string", "pattern": format!("^([<>]?{one}|\\[{one}(,{one}){{0,199}}\\])$")})
}
