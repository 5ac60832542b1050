//! What is wrong with a request is said with its code, and the member is named.

use crate::asking::Relay;
use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::json;

#[tokio::test]
async fn an_unknown_member_is_named() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let demo = format!("/v2/organizations/{}", relay.demo().await);
    let admin = relay.admin();

    let message = admin.post(&messages, json!({"text": "a", "colour": "red"})).await;
    assert_eq!(message.error(), (422, "invalid", Some("colour")));
    let nested = admin.post(&messages, json!([{"text": "a"}, {"text": "b", "colour": "red"}])).await;
    assert_eq!(nested.error(), (422, "invalid", Some("[1].colour")));
    let patch = admin.patch(&demo, json!({"colour": "red"})).await;
    assert_eq!(patch.error(), (422, "invalid", Some("colour")));
    let parameter = admin.get("/v2/users?colour=red").await;
    assert_eq!(parameter.error(), (422, "invalid", Some("colour")));
}

#[tokio::test]
async fn a_member_that_is_missing_or_of_another_type_is_named() {
    let relay = Relay::start().await;
    let organization = relay.demo().await;
    let admin = relay.admin();
    for (path, body, field) in [
        ("/v2/users", json!({"organization": organization}), "name"),
        ("/v2/users", json!({"organization": organization, "name": 7}), "name"),
        ("/v2/users", json!({"organization": "me", "name": "Anna"}), "organization"),
        ("/v2/users", json!({"organization": organization, "name": "Anna", "role": "king"}), "role"),
        ("/v2/users", json!({"organization": organization, "name": " "}), "name"),
        ("/v2/users", json!({"organization": organization, "name": "Anna", "email": "anna"}), "email"),
        ("/v2/users", json!({"name": "Anna"}), "organization"),
        ("/v2/forms", json!({"organization": organization, "name": "Lead", "fields": [{}]}), "fields[0].key"),
        ("/v2/organizations", json!({"name": "B", "allowedOrigins": ["shop.example"]}), "allowedOrigins[0]"),
        ("/v2/organizations", json!({"name": null}), "name"),
        ("/v2/conversations", json!({"organization": organization, "contact": "me"}), "contact"),
        ("/v2/conversations", json!({"organization": organization, "contact": {"name": 1}}), "contact.name"),
    ] {
        let reply = admin.post(path, body.clone()).await;
        assert_eq!(reply.error(), (422, "invalid", Some(field)), "{path} {body} {}", reply.body);
    }
    assert_eq!(admin.get("/v2/users?limit=201").await.error(), (422, "invalid", Some("limit")));
    assert_eq!(admin.get("/v2/users?offset=-1").await.error(), (422, "invalid", Some("offset")));
}

#[tokio::test]
async fn what_is_not_json_is_refused_before_it_is_looked_at() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let token = relay.admin();
    let ask = |content_type: &'static str, body: Vec<u8>| {
        let path = relay.directory.path().join("admin-token");
        let token = std::fs::read_to_string(path).unwrap();
        Request::builder()
            .method(Method::POST)
            .uri("/v2/users")
            .header("authorization", format!("Bearer {}", token.trim()))
            .header("content-type", content_type)
            .body(Body::from(body))
            .unwrap()
    };

    let cut = token.send(ask("application/json", b"{\"name\": \"An".to_vec())).await;
    assert_eq!(cut.error(), (400, "bad_json", None));
    let form = token.send(ask("application/x-www-form-urlencoded", b"name=Anna".to_vec())).await;
    assert_eq!(form.error(), (415, "unsupported_media_type", None));
    let large = token.send(ask("application/json", vec![b' '; 1_048_577])).await;
    assert_eq!(large.error(), (413, "too_large", None));
    let none = agent.post("/v2/contacts", json!(null)).await;
    assert_eq!(none.error(), (422, "invalid", None));
}

#[tokio::test]
async fn what_is_not_there_is_an_error_like_every_other() {
    let relay = Relay::start().await;
    assert_eq!(relay.admin().get("/v2/nothing").await.error(), (404, "not_found", None));
    assert_eq!(relay.admin().get("/v2/users/me").await.error(), (404, "not_found", None));
    let not_done = relay.admin().delete("/v2/users").await;
    assert_eq!(not_done.error(), (405, "method_not_allowed", None));
    assert!(not_done.header("allow").contains("POST"));
    assert_eq!(not_done.header("content-type"), "application/json");
}

#[tokio::test]
async fn a_request_keeps_the_id_that_a_proxy_gave_it() {
    let relay = Relay::start().await;
    let request = Request::builder().uri("/v2/nothing").header("x-request-id", "edge-1234");
    let reply = relay.anonymous().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.header("x-request-id"), "edge-1234");
    assert_eq!(reply.body["error"]["requestId"], "edge-1234");
}
