//! Every member of every body, as it may not be: the error names it, and nothing is stored. What may not be is read from
//! the schemas of `/openapi.json`; what fits is written down here, with every member that has members of its own.

use crate::{
    asking::{Client, Relay, Reply},
    openapi,
    records::{PASSWORD, Records},
    webhooks::ALLOWED,
};
use axum::http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A body that is answered with 2xx.
fn good(records: &Records, operation: &str) -> Value {
    let id = |name: &str| &records.ids[name];
    let message = json!({
        "text": "Hello",
        "actions": [{"type": "link", "text": "Look", "uri": "https://shop.example/"}],
        "items": [{"title": "Wren", "actions": [{"type": "reply", "text": "Yes"}]}],
        "results": [{"name": "Lead", "values": {}}],
        "iframe": {"url": "https://shop.example/", "title": "Shop"},
    });
    let field = json!({"key": "brand"});
    match operation {
        "createOrganization" | "updateOrganization" => json!({"name": "New"}),
        "createUser" => json!({"name": "New"}),
        "createChannel" => json!({"name": "New", "users": [id("user")]}),
        "createForm" => json!({"name": "New", "fields": [field]}),
        "updateForm" => json!({"fields": [field]}),
        "createConversation" => {
            json!({"contact": {"profile": {"email": "new@shop.example"}}, "messages": [message]})
        }
        "createWebhook" => json!({"url": records.hook, "events": ["*"]}),
        "createMessages" => message,
        "createMessagesWhereSaid" => {
            let mut message = message;
            message["conversation"] = json!(id("conversation"));
            message
        }
        "changeMessage" | "replaceMessage" => message,
        "signIn" => json!({"email": "ada@shop.example", "password": PASSWORD}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn what_a_member_may_not_be_is_refused_and_named() {
    let relay = Relay::start_with(&ALLOWED).await;
    tokio::spawn(relay::webhooks::run(relay.app.clone()));
    let document = openapi::document_of(&relay).await;
    let records = Records::new(&relay).await;
    let (admin, of_all) = (relay.user("admin").await, relay.admin());
    let (mut tried, mut surprises) = (0, Vec::new());
    for (method, path, operation) in openapi::operations(&document) {
        let Some(schema) = operation["requestBody"]["content"].get("application/json") else { continue };
        let name = operation["operationId"].as_str().unwrap();
        let client = if name == "createOrganization" { &of_all } else { &admin };
        let (method, path) =
            (Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), records.path(path));
        let good = good(&records, name);
        let mut bad = Vec::new();
        let whole =
            Place { document: &document, schema: &schema["schema"], value: &good, path: String::new() };
        whole.spoil(&|replaced| replaced, &mut bad);
        let before = stored(&of_all).await;

        for Bad { body, field, allowed } in &bad {
            let reply = send(client, &method, &path, body).await;
            let (status, code, named) = reply.error();
            let expected = (named.unwrap_or_default() == field) && allowed.contains(&code);
            if !expected {
                let body: String = body.to_string().chars().take(200).collect();
                surprises.push(format!("{name} {field}: {status} {code} {named:?} for {body}"));
            }
        }

        assert_eq!(stored(&of_all).await, before, "{name} has stored something");
        let reply = send(client, &method, &path, &good).await;
        assert!(reply.status.is_success(), "{name} {good} {}", reply.body);
        tried += bad.len();
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert!(tried > 500, "{tried}");
}

#[tokio::test]
async fn what_is_of_another_organization_does_not_exist_for_a_member() {
    let relay = Relay::start_with(&ALLOWED).await;
    tokio::spawn(relay::webhooks::run(relay.app.clone()));
    let records = Records::new(&relay).await;
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "admin").await;
    let user = stranger.post("/v2/users", json!({"name": "Eve"})).await.text("id");
    let contact = stranger.post("/v2/contacts", json!({})).await.text("id");
    let hello = json!([{"text": "Hello"}]);
    let (admin, of_all) = (relay.user("admin").await, relay.admin());
    let before = stored(&of_all).await;

    for (method, path, body, field) in [
        ("POST", "/v2/users", json!({"organization": other, "name": "New"}), None),
        ("POST", "/v2/channels", json!({"organization": other, "name": "New"}), None),
        (
            "POST",
            "/v2/channels",
            json!({"name": "New", "users": [records.ids["user"], user]}),
            Some("users[1]"),
        ),
        ("PATCH", "/v2/channels/{channel}", json!({"users": [user]}), Some("users[0]")),
        ("POST", "/v2/forms", json!({"organization": other, "name": "New"}), None),
        ("POST", "/v2/contacts", json!({"organization": other}), None),
        ("POST", "/v2/webhooks", json!({"organization": other, "url": records.hook, "events": ["*"]}), None),
        ("POST", "/v2/conversations", json!({"organization": other}), None),
        ("POST", "/v2/conversations", json!({"assignee": user}), Some("assignee")),
        ("POST", "/v2/conversations", json!({"contact": contact, "messages": hello}), Some("contact")),
        ("PATCH", "/v2/conversations/{conversation}", json!({"assignee": user}), Some("assignee")),
        (
            "POST",
            "/v2/conversations/{conversation}/messages",
            json!({"text": "Hello", "user": user}),
            Some("user"),
        ),
    ] {
        let reply = send(&admin, &method.parse().unwrap(), &records.path(path), &body).await;
        assert_eq!(reply.error(), (404, "not_found", field), "{method} {path} {body}");
    }

    assert_eq!(stored(&of_all).await, before);
}

async fn send(client: &Client<'_>, method: &Method, path: &str, body: &Value) -> Reply {
    match *method {
        Method::PATCH => client.patch(path, body.clone()).await,
        Method::PUT => client.put(path, body.clone()).await,
        _ => client.post(path, body.clone()).await,
    }
}

/// Everything that a request could change.
async fn stored(admin: &Client<'_>) -> Vec<Value> {
    let mut lists = Vec::new();
    for list in
        ["organizations", "users", "channels", "forms", "contacts", "conversations", "messages", "webhooks"]
    {
        let reply = admin.get(&format!("/v2/{list}?limit=200")).await;
        assert_eq!(reply.status, 200, "{list}");
        lists.push(reply.body);
    }
    lists
}

/// A body that does not fit.
struct Bad {
    body: Value,
    field: String,
    /// The codes that say so.
    allowed: &'static [&'static str],
}

/// A part of a body that fits, and its schema.
struct Place<'a> {
    document: &'a Value,
    schema: &'a Value,
    value: &'a Value,
    path: String,
}

const INVALID: &[&str] = &["invalid"];
/// The longest text has a code of its own, and so has a touchpoint that nobody serves.
const TOO_LONG: &[&str] = &["invalid", "too_large"];
const UNKNOWN: &[&str] = &["invalid", "touchpoint_unavailable"];

impl<'a> Place<'a> {
    /// `around` is the whole body with this part replaced.
    fn spoil(&self, around: &dyn Fn(Value) -> Value, bad: &mut Vec<Bad>) {
        for shape in shapes(self.document, self.schema) {
            if let (Some(properties), Value::Object(members)) = (shape["properties"].as_object(), self.value)
                && fits(&shape, members)
            {
                self.spoil_members(&shape, properties, members, around, bad);
            }
            if let (Some(items), Value::Array(elements)) = (shape.get("items"), self.value)
                && let Some(first) = elements.first()
            {
                let path = format!("{}[0]", self.path);
                let element = Place { schema: items, value: first, path, ..*self };
                let within = |replaced: Value| around(json!([replaced]));
                element.spoil_type(&within, bad);
                element.spoil(&within, bad);
            }
        }
    }

    fn spoil_members(
        &self,
        shape: &Value,
        properties: &'a Map<String, Value>,
        members: &'a Map<String, Value>,
        around: &dyn Fn(Value) -> Value,
        bad: &mut Vec<Bad>,
    ) {
        let path =
            |name: &str| if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let with = |name: &str, value: Value| {
            let mut members = members.clone();
            members.insert(name.to_owned(), value);
            around(Value::Object(members))
        };
        if shape["additionalProperties"] == false {
            let body = with("colour", json!("red"));
            bad.push(Bad { body, field: path("colour"), allowed: INVALID });
        }
        for name in shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut members = members.clone();
            members.remove(name);
            let body = around(Value::Object(members));
            bad.push(Bad { body, field: path(name), allowed: INVALID });
        }
        for (name, schema) in properties {
            let value = members.get(name).unwrap_or(&Value::Null);
            let member = Place { schema, value, path: path(name), ..*self };
            let within = |replaced: Value| with(name, replaced);
            member.spoil_type(&within, bad);
            member.spoil_length(&within, bad);
            member.spoil(&within, bad);
        }
    }

    fn spoil_type(&self, around: &dyn Fn(Value) -> Value, bad: &mut Vec<Bad>) {
        let shapes = shapes(self.document, self.schema);
        let is_free = shapes.iter().any(|shape| shape.get("type").is_none() && shape.get("enum").is_none());
        let types: BTreeSet<&str> = shapes.iter().flat_map(types).collect();
        if is_free {
            return;
        }
        for (kind, value) in [
            ("null", Value::Null),
            ("boolean", json!(true)),
            ("integer", json!(-7)),
            ("string", json!("7")),
            ("array", json!([])),
            ("object", json!({})),
        ] {
            // A negative number is none of the integers that there are.
            if kind == "integer" || !types.contains(kind) {
                bad.push(Bad { body: around(value), field: self.path.clone(), allowed: INVALID });
            }
        }
        let is_limited = shapes.iter().filter(|shape| types_of_text(shape)).all(|shape| {
            shape.get("enum").is_some()
                || shape["pattern"].as_str().is_some_and(|pattern| pattern.contains("[0-9a-f]{24}"))
        });
        if types.contains("string") && is_limited {
            let body = around(json!("nonsense"));
            bad.push(Bad { body, field: self.path.clone(), allowed: UNKNOWN });
        }
    }

    fn spoil_length(&self, around: &dyn Fn(Value) -> Value, bad: &mut Vec<Bad>) {
        for shape in shapes(self.document, self.schema) {
            let most = |limit: &str| usize::try_from(shape[limit].as_u64()?).ok();
            if let Some(most) = most("maxLength") {
                let body = around(json!("x".repeat(most + 1)));
                bad.push(Bad { body, field: self.path.clone(), allowed: TOO_LONG });
            }
            if shape["minLength"].as_u64().is_some_and(|least| least > 0) {
                bad.push(Bad { body: around(json!("")), field: self.path.clone(), allowed: INVALID });
            }
            if let (Some(most), Value::Array(elements)) = (most("maxItems"), self.value)
                && let Some(first) = elements.first()
            {
                let body = around(Value::Array(vec![first.clone(); most + 1]));
                bad.push(Bad { body, field: self.path.clone(), allowed: INVALID });
            }
            if let Some(most) = most("maxProperties") {
                let members = (0..=most).map(|at| (format!("member{at}"), json!(1)));
                let body = around(Value::Object(members.collect()));
                bad.push(Bad { body, field: self.path.clone(), allowed: INVALID });
            }
        }
    }
}

/// The schemas that a value may fit, references resolved.
fn shapes<'a>(document: &'a Value, schema: &'a Value) -> Vec<Value> {
    let mut schema = schema.clone();
    if let Some(reference) = schema["$ref"].as_str() {
        let mut whole = document.pointer(&reference[1..]).unwrap().clone();
        let own = schema.as_object().unwrap().iter().filter(|(name, _)| *name != "$ref");
        let own: Vec<_> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        whole.as_object_mut().unwrap().extend(own);
        schema = whole;
    }
    match schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
        Some(several) => several.iter().flat_map(|one| shapes(document, one)).collect(),
        None => vec![schema],
    }
}

fn types(shape: &Value) -> Vec<&str> {
    let several = shape["type"].as_array().into_iter().flatten();
    several.chain([&shape["type"]]).filter_map(Value::as_str).collect()
}

fn types_of_text(shape: &Value) -> bool {
    types(shape).contains(&"string")
}

/// Whether this is the one of several shapes that the value has.
fn fits(shape: &Value, members: &Map<String, Value>) -> bool {
    members
        .keys()
        .all(|name| shape["properties"].get(name).is_some() || shape["additionalProperties"] != false)
}
