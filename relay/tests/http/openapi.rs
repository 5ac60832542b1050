//! The document at `/openapi.json` describes what the relay does.

use crate::asking::Relay;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_reference_leads_to_something() {
    let document = document().await;
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn operations_are_told_apart_by_their_names() {
    let document = document().await;
    let operations = operations(&document);
    let names: BTreeSet<&str> =
        operations.iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len());
    for (method, path, operation) in &operations {
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{method} {path}");
        let answered =
            operation["responses"].as_object().unwrap().keys().any(|status| status < &"300".to_owned());
        assert!(answered, "{method} {path} tells no answer");
        for parameter in path.split('/').filter(|part| part.starts_with('{')) {
            let name = parameter.trim_matches(['{', '}']);
            assert!(
                parameters(operation).any(|known| known["name"] == name && known["in"] == "path"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn members_that_can_be_selected_are_members_of_the_schema() {
    let document = document().await;
    let mut lists = 0;
    for (method, path, operation) in operations(&document) {
        let Some(select) = parameters(operation).find(|parameter| parameter["name"] == "select") else {
            continue;
        };
        let pattern = select["schema"]["pattern"].as_str().unwrap();
        let (names, _) = pattern.strip_prefix("^((").unwrap().split_once(')').unwrap();
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let shown = schema.get("items").unwrap_or(schema);
        let whole = shown["anyOf"][0]["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
        let members = document.pointer(whole).unwrap()["properties"].as_object().unwrap();
        let members: BTreeSet<&str> =
            members.keys().map(String::as_str).filter(|name| *name != "messages").collect();
        assert_eq!(names.split('|').collect::<BTreeSet<_>>(), members, "{method} {path}");
        lists += 1;
    }
    assert_eq!(lists, 17);
}

#[tokio::test]
async fn limits_are_those_that_are_checked() {
    let relay = Relay::start().await;
    let document = document_of(&relay).await;
    let admin = relay.user("admin").await;
    let name = &document["components"]["schemas"]["NewChannel"]["properties"]["name"];
    let most = usize::try_from(name["maxLength"].as_u64().unwrap()).unwrap();
    assert_eq!(admin.post("/v2/channels", json!({"name": "é".repeat(most)})).await.status, 201);
    let longer = admin.post("/v2/channels", json!({"name": "é".repeat(most + 1)})).await;
    assert_eq!(longer.error(), (422, "invalid", Some("name")));
}

#[tokio::test]
async fn what_was_made_leads_to_its_own_address() {
    let document = document().await;
    let made = &document["paths"]["/v2/users"]["post"]["responses"]["201"];
    assert_eq!(made["links"]["deleteUser"]["parameters"], json!({"user": "$response.body#/id"}));
    let made = &document["paths"]["/v2/users/{user}/tokens"]["post"]["responses"]["201"];
    assert_eq!(
        made["links"]["revokeToken"]["parameters"],
        json!({"user": "$request.path.user", "jti": "$response.body#/jti"})
    );
}

pub(crate) fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
        })
        .collect()
}

pub(crate) async fn document_of(relay: &Relay) -> Value {
    let reply = relay.anonymous().get("/openapi.json").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    reply.body
}

async fn document() -> Value {
    document_of(&Relay::start().await).await
}

fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation["parameters"].as_array().unwrap().iter()
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let ("$ref", Value::String(reference)) = (name.as_str(), member) {
                    references.insert(reference.clone());
                } else {
                    collect(member, references);
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
