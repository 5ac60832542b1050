//! `name=value`: the field that a filter is about, and what it asks of its values.

use crate::store::lists::{Field, Filter, Kind, Resource, Test, Value};
use shared::{Error, MessageId, Millis};

/// Values of one `=[a,b]`.
const MOST_VALUES: usize = 200;

pub(super) fn read(resource: &'static Resource, name: &str, text: &str) -> Result<Filter, Error> {
    let (field, below) = resource
        .find(name)
        .ok_or_else(|| Error::invalid(name, format!("{}s have no '{name}'", resource.kind)))?;
    if below.is_some_and(|below| below.split('.').any(|name| name.is_empty() || name.contains('"'))) {
        return Err(Error::invalid(name, "expected names, joined by dots"));
    }
    match (field.kind, below) {
        (Kind::Whole, _) => Err(Error::invalid(name, format!("{}s are not filtered by it", resource.kind))),
        (Kind::Map, None) => Err(Error::invalid(name, format!("which member of it? As in {name}.colour"))),
        (_, _) => {
            let test = test(field, text).map_err(|message| Error::invalid(name, message))?;
            Ok(Filter { field, below: below.map(str::to_owned), test })
        }
    }
}

fn test(field: &Field, text: &str) -> Result<Test, String> {
    if let Some(part) = text.strip_prefix('~') {
        return if matches!(field.kind, Kind::Text | Kind::Texts | Kind::Parts(_) | Kind::Map) {
            Ok(Test::Contains(part.to_owned()))
        } else {
            Err("only texts are asked what they contain".to_owned())
        };
    }
    if let Some(bound) = text.strip_prefix('>') {
        return bounded(field, bound).map(Test::Above);
    }
    if let Some(bound) = text.strip_prefix('<') {
        return bounded(field, bound).map(Test::Below);
    }
    let values = match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(several) => several.split(',').collect(),
        None => vec![text],
    };
    if values.len() > MOST_VALUES {
        return Err(format!("at most {MOST_VALUES} values"));
    }
    values.into_iter().map(|text| value(field, text)).collect::<Result<_, _>>().map(Test::Is)
}

/// Something that is less or more than another.
fn bounded(field: &Field, text: &str) -> Result<Value, String> {
    if field.kind == Kind::Map {
        // By size with other numbers, else as texts.
        return Ok(text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Real));
    }
    if matches!(field.kind, Kind::Time | Kind::Number | Kind::Text) {
        return value(field, text);
    }
    Err("only texts, numbers and times are compared".to_owned())
}

fn value(field: &Field, text: &str) -> Result<Value, String> {
    match field.kind {
        Kind::Reference(_) if text == "null" => Ok(Value::Null),
        Kind::Id | Kind::Reference(_) | Kind::References(_) => {
            let id: MessageId = text.parse().map_err(|_| "expected an id of 24 hex digits".to_owned())?;
            Ok(Value::Id(*id.as_bytes()))
        }
        Kind::Time => {
            // A date alone is its first moment.
            let time = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse::<Millis>());
            let expected = "expected a time, as in 2026-01-31T12:00:00Z, or a date";
            time.map(Value::Time).map_err(|_| expected.to_owned())
        }
        Kind::Number => text.parse().map(Value::Number).map_err(|_| "expected a whole number".to_owned()),
        Kind::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("expected true or false".to_owned()),
        },
        Kind::Name(names) if !names.contains(&text) => Err(format!("expected one of {}", names.join(", "))),
        Kind::Name(_) | Kind::Text | Kind::Texts | Kind::Parts(_) | Kind::Map | Kind::Whole => {
            Ok(Value::Text(text.to_owned()))
        }
    }
}
