//! The document: operations by their addresses, schemas, and what all have in common.

use super::{
    operation::{Access, Answered, Body, Content, Operation},
    schemas::{PLACE, Schemas},
};
use crate::http::envelope::ErrorBody;
use axum::http::StatusCode;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};
use shared::ErrorCode;
use std::collections::BTreeMap;

const DESCRIPTION: &str = "Frontdesk's REST API, for programs that work for an organization. What holds for all of it, and \
    what it is for, is told in docs/api.md; the two WebSocket endpoints are described in docs/protocol.md.";

pub(super) fn of(operations: &[Operation]) -> Value {
    let mut schemas = Schemas::new();
    schemas.given(SchemaGenerator::subschema_for::<ErrorBody<'_>>);
    let mut described: Vec<(&Operation, Value)> =
        operations.iter().map(|operation| (operation, describe(operation, &mut schemas))).collect();
    for (operation, description) in &mut described {
        link(operation, description, operations);
    }
    let mut bodies: Vec<&mut Value> =
        described.iter_mut().filter_map(|(_, description)| description.get_mut("requestBody")).collect();
    let named = schemas.finish(&mut bodies);
    bodies.into_iter().for_each(|body| require(body, &named));
    let mut paths = Map::new();
    for (operation, description) in described {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = description;
    }
    let mut tags: Vec<&str> = operations.iter().map(|operation| operation.tag).collect();
    tags.dedup();
    let tags: Vec<Value> = tags.into_iter().map(|tag| json!({"name": tag})).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Frontdesk",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This relay"}],
        "security": [{"token": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of a user of the organization, or of the admin of all.",
                },
                "visitor": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "What a visitor's browser says in `hello` (docs/protocol.md): its `identity` where it has one, else its `token`.",
                },
            },
            "headers": headers(),
            "schemas": named,
        },
    })
}

fn headers() -> Value {
    json!({
        "X-Request-Id": {
            "description": "The request's own id, if it had one of up to 64 letters, digits, `-` and `_`; else a new one.",
            "required": true,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
        },
        "X-Total-Count": {
            "description": "How many there are in all.",
            "required": true,
            "schema": {"type": "integer", "minimum": 0},
        },
        "Link": {
            "description": "`<…>; rel=\"next\"`: the address of the next part, as long as there is one.",
            "schema": {"type": "string"},
        },
        "Retry-After": {
            "description": "Seconds after which a repetition may help.",
            "required": true,
            "schema": {"type": "integer", "minimum": 0},
        },
    })
}

fn describe(operation: &Operation, schemas: &mut Schemas) -> Value {
    let in_path = names_in(operation.path).map(path_parameter);
    let others = operation.parameters.iter().map(super::operation::Parameter::document);
    let mut description = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": in_path.chain(others).collect::<Vec<_>>(),
        "responses": responses(operation, schemas),
    });
    match operation.access {
        Access::Anyone => description["security"] = json!([]),
        Access::Visitor => description["security"] = json!([{"visitor": []}]),
        Access::Agent => {}
        Access::Admin => description["description"] = json!("For admins."),
    }
    match operation.body {
        None => {}
        Some(Body::Json(schema)) => {
            let schema = schemas.taken(schema);
            description["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
        }
        Some(Body::File) => {
            let form = json!({
                "type": "object",
                "properties": {"file": {"type": "string", "minLength": 1, "contentMediaType": "application/octet-stream"}},
                "required": ["file"],
                "additionalProperties": false,
            });
            description["requestBody"] =
                json!({"required": true, "content": {"multipart/form-data": {"schema": form}}});
        }
    }
    description
}

fn responses(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        let response = responses.entry(answer.status.as_str()).or_insert_with(|| response(answer));
        match answer.content {
            None => {}
            Some(Content::Json(schema)) => {
                response["content"]["application/json"] = json!({"schema": schemas.given(schema)});
            }
            Some(Content::Other(media_type)) => response["content"][media_type] = json!({}),
        }
    }
    let mut refused: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for code in ErrorCode::ALL {
        let may = operation.codes.contains(code) || *code == ErrorCode::Unavailable;
        if may {
            refused.entry(code.http_status()).or_default().push(code.as_str());
        }
    }
    for (status, codes) in refused {
        responses.insert(status.to_string(), refusal(status, &codes));
    }
    Value::Object(responses)
}

fn response(answer: &Answered) -> Value {
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if answer.is_list {
        headers["X-Total-Count"] = json!({"$ref": "#/components/headers/X-Total-Count"});
        headers["Link"] = json!({"$ref": "#/components/headers/Link"});
    }
    json!({"description": answer.description, "headers": headers})
}

/// No body at all counts as one without members: it may be missing where every member may.
fn require(body: &mut Value, named: &Map<String, Value>) {
    let Some(schema) = body.pointer("/content/application~1json/schema") else { return };
    let name = schema["$ref"].as_str().map(|reference| reference.trim_start_matches(PLACE));
    let whole = name.and_then(|name| named.get(name));
    let is_optional =
        whole.is_some_and(|whole| whole.get("required").is_none()) && schema.get("required").is_none();
    body["required"] = Value::Bool(!is_optional);
}

/// An error with one of these codes.
fn refusal(status: u16, codes: &[&str]) -> Value {
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        headers["Retry-After"] = json!({"$ref": "#/components/headers/Retry-After"});
    }
    let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let schema = json!({
        "allOf": [{"$ref": "#/components/schemas/Error"}],
        "properties": {"error": {"properties": {"code": {"enum": codes}}}},
    });
    json!({
        "description": named.join(", "),
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    })
}

/// The names between the braces of an address.
fn names_in(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str) -> Value {
    let pattern = match name {
        "jti" => "^[0-9a-f]{32}$",
        "name" | "slug" => "^[^/]+$",
        _ => "^[0-9a-f]{24}$",
    };
    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": pattern}})
}

/// What was made is shown, changed and deleted at the addresses below the one where it was made.
fn link(operation: &Operation, description: &mut Value, operations: &[Operation]) {
    let Some(created) = description["responses"].get_mut("201") else { return };
    let below = operations.iter().filter_map(|other| {
        let rest = other.path.strip_prefix(operation.path)?.strip_prefix('/')?;
        let mut new = names_in(rest);
        match (new.next(), new.next()) {
            (Some(name), None) if rest.starts_with('{') => Some((other, name)),
            _ => None,
        }
    });
    for (other, name) in below {
        let mut parameters: Map<String, Value> = names_in(operation.path)
            .map(|known| (known.to_owned(), json!(format!("$request.path.{known}"))))
            .collect();
        let member = if name == "jti" { "jti" } else { "id" };
        parameters.insert(name.to_owned(), json!(format!("$response.body#/{member}")));
        created["links"][other.id] = json!({"operationId": other.id, "parameters": parameters});
    }
}
