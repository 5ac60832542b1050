//! Webhooks are made, changed, refused; their calls are signed twice.

use crate::asking::{Relay, Reply};
use axum::{
    Router,
    extract::Query,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use std::collections::HashMap;
use tokio::{net::TcpListener, sync::mpsc};

pub(crate) const ALLOWED: [(&str, &str); 1] = [("RELAY_ALLOW_PRIVATE_WEBHOOKS", "true")];

pub(crate) type Call = (HeaderMap, String);

/// An address that takes whatever comes and echoes challenges, and the calls that it got.
pub(crate) async fn receiver() -> (String, mpsc::UnboundedReceiver<Call>) {
    let (calls, received) = mpsc::unbounded_channel();
    let take = async move |headers: HeaderMap, body: String| {
        // A test that has ended wants no more calls.
        let _ = calls.send((headers, body));
    };
    let routes = get(echo).post(take);
    (serve(Router::new().route("/hook", routes)).await + "/hook", received)
}

async fn echo(Query(query): Query<HashMap<String, String>>) -> Result<String, StatusCode> {
    match query.get("type").map(String::as_str) {
        Some("subscribe") => Ok(query["challenge"].clone()),
        _ => Err(StatusCode::FORBIDDEN),
    }
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn make(relay: &Relay, url: &str, events: &[&str]) -> Reply {
    let admin = relay.user("admin").await;
    admin.post("/v2/webhooks", json!({"url": url, "events": events, "name": "Bot"})).await
}

#[tokio::test]
async fn a_webhook_is_made_shown_without_its_secret_changed_and_deleted() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, _received) = receiver().await;
    let made = make(&relay, &url, &["message.*"]).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(made.text("secret").starts_with("whsec_"));
    let admin = relay.user("admin").await;
    let path = format!("/v2/webhooks/{}", made.text("id"));

    let shown = admin.get(&path).await.body;

    let mut expected = made.body.clone();
    expected.as_object_mut().unwrap().remove("secret");
    assert_eq!(shown, expected);
    assert_eq!((&shown["enabled"], &shown["events"]), (&json!(true), &json!(["message.*"])));
    assert_eq!(admin.get("/v2/webhooks").await.body, json!([shown]));
    assert_eq!(admin.get(&format!("{path}/deliveries")).await.body, json!([]));
    let changed = admin.patch(&path, json!({"events": ["user.*"], "name": null, "enabled": false})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["events"]), (200, &json!(["user.*"])));
    assert_eq!((&changed.body["enabled"], &changed.body["name"]), (&json!(false), &Value::Null));
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(admin.get(&path).await.error(), (404, "not_found", None));
}

#[tokio::test]
async fn a_post_that_is_repeated_makes_one_webhook_and_shows_its_secret_again() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, _received) = receiver().await;
    let admin = relay.user("admin").await.with_key("hook-1");
    let new = json!({"url": url, "events": ["*"]});

    let (first, second) =
        (admin.post("/v2/webhooks", new.clone()).await, admin.post("/v2/webhooks", new).await);

    assert_eq!((first.status.as_u16(), first.body), (201, second.body));
    assert_eq!(admin.get("/v2/webhooks").await.header("x-total-count"), "1");
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_and_named() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, _received) = receiver().await;
    let silent = Router::new()
        .route("/silent", get(async || "ok"))
        .route("/gone", get(async || StatusCode::NOT_FOUND))
        .route("/moved", get(async || (StatusCode::FOUND, [("location", "/silent")])));
    let other = serve(silent).await;
    let long = format!("{url}?{}", "x".repeat(2_000));
    for (new, field) in [
        (json!({"events": ["*"]}), "url"),
        (json!({"url": url}), "events"),
        (json!({"url": url, "events": []}), "events"),
        (json!({"url": url, "events": ["*", "mesage.*"]}), "events[1]"),
        (json!({"url": url, "events": vec!["*"; 51]}), "events"),
        (json!({"url": url, "events": ["*"], "name": " "}), "name"),
        (json!({"url": url, "events": ["*"], "secret": "mine"}), "secret"),
        (json!({"url": long, "events": ["*"]}), "url"),
        (json!({"url": "ftp://127.0.0.1/", "events": ["*"]}), "url"),
        (json!({"url": "http://anna:pw@127.0.0.1/", "events": ["*"]}), "url"),
        (json!({"url": "hook", "events": ["*"]}), "url"),
        (json!({"url": "http://127.0.0.1:1/", "events": ["*"]}), "url"),
        (json!({"url": format!("{other}/silent"), "events": ["*"]}), "url"),
        (json!({"url": format!("{other}/gone"), "events": ["*"]}), "url"),
        (json!({"url": format!("{other}/moved"), "events": ["*"]}), "url"),
    ] {
        let refused = relay.user("admin").await.post("/v2/webhooks", new.clone()).await;
        assert_eq!(refused.error(), (422, "invalid", Some(field)), "{new}");
    }
    let admin = relay.user("admin").await;
    assert_eq!(admin.get("/v2/webhooks").await.body, json!([]));
    let path = format!("/v2/webhooks/{}", make(&relay, &url, &["*"]).await.text("id"));
    let moved = admin.patch(&path, json!({"url": format!("{other}/silent")})).await;
    assert_eq!(moved.error(), (422, "invalid", Some("url")));
    assert_eq!(admin.get(&path).await.body["url"], json!(url));
}

#[tokio::test]
async fn private_addresses_are_refused_unless_the_operator_allows_them() {
    let relay = Relay::start().await;
    let (url, _received) = receiver().await;
    for address in
        [url.as_str(), &url.replace("127.0.0.1", "localhost"), "http://[::1]/", "http://169.254.169.254/"]
    {
        let refused = make(&relay, address, &["*"]).await;
        assert_eq!(refused.error(), (422, "invalid", Some("url")), "{address}");
        let message = refused.body["error"]["message"].as_str().unwrap();
        assert!(message.contains("--allow-private-webhooks"), "{address}: {message}");
    }
}

#[tokio::test]
async fn webhooks_are_for_admins_of_their_organization() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, _received) = receiver().await;
    let path = format!("/v2/webhooks/{}", make(&relay, &url, &["*"]).await.text("id"));
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "admin").await;
    let deliveries = format!("{path}/deliveries");
    let again = format!("{deliveries}/{}/redeliver", "0".repeat(24));
    for (client, expected) in
        [(relay.user("agent").await, (403, "forbidden")), (stranger, (404, "not_found"))]
    {
        for reply in [
            client.get(&path).await,
            client.patch(&path, json!({"enabled": false})).await,
            client.delete(&path).await,
            client.get(&deliveries).await,
            client.post(&again, json!({})).await,
        ] {
            let (status, code, _) = reply.error();
            assert_eq!((status, code), expected);
        }
    }
    let admin = relay.user("admin").await;
    assert_eq!(admin.post(&again, json!({})).await.error(), (404, "not_found", None));
    let foreign = json!({"organization": other, "url": url, "events": ["*"]});
    assert_eq!(admin.post("/v2/webhooks", foreign).await.error(), (404, "not_found", None));
}

#[tokio::test]
async fn a_call_carries_both_signatures_and_what_happened() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, mut received) = receiver().await;
    let made = make(&relay, &url, &["message.create.contact.*", "contact.create"]).await;
    tokio::spawn(relay::webhooks::run(relay.app.clone()));

    let conversation = relay.conversation().await;

    let (_, first) = received.recv().await.unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(first["event"], "contact.create");
    assert_eq!(first["data"]["contact"]["profile"]["name"], "John Johnson");
    assert_eq!(first["activity"]["type"], "Create");
    let (headers, body) = received.recv().await.unwrap();
    let parsed: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(parsed["event"], "message.create.contact.chat");
    assert_eq!(parsed["organization"], json!(relay.demo().await));
    assert_eq!(parsed["data"]["message"]["text"], "Hey there.");
    assert_eq!(parsed["data"]["message"]["conversation"], json!(conversation));
    assert_eq!(parsed["data"]["conversation"]["id"], json!(conversation));
    assert_eq!(parsed["activity"]["object"]["id"], parsed["data"]["message"]["id"]);
    assert_signed(&headers, &body, &made.text("secret"));
    assert_eq!(headers["webhook-id"], parsed["id"].as_str().unwrap());
    relay.app.draining.cancel();
}

/// Recomputed as a receiver would.
fn assert_signed(headers: &HeaderMap, body: &str, secret: &str) {
    let hub = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize();
    let hub: String = hub.into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(headers["x-hub-signature"], format!("sha1={hub}"));
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let content = format!("{}.{}.{body}", text("webhook-id"), text("webhook-timestamp"));
    let standard = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(content).finalize();
    assert_eq!(text("webhook-signature"), format!("v1,{}", STANDARD.encode(standard.into_bytes())));
}

#[tokio::test]
async fn events_come_in_the_order_in_which_they_happened_and_are_listed() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, mut received) = receiver().await;
    let made = make(&relay, &url, &["*"]).await;
    let running = tokio::spawn(relay::webhooks::run(relay.app.clone()));
    let admin = relay.admin();
    let conversation = relay.conversation().await;
    let channel = json!({"organization": relay.demo().await, "name": "Sales"});
    let channel = admin.post("/v2/channels", channel).await.text("id");
    let notify = json!({"type": "command", "text": format!("/notify {channel}")});
    admin.post(&format!("/v2/conversations/{conversation}/messages"), notify).await;
    admin.patch(&format!("/v2/channels/{channel}"), json!({"name": "Service"})).await;

    let mut of_conversation = Vec::new();
    let mut of_channel = Vec::new();
    while of_conversation.last().is_none_or(|event| event != "channel.notify") || of_channel.len() < 2 {
        let (_, body) = received.recv().await.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let event = body["event"].as_str().unwrap().to_owned();
        if body["data"]["conversation"]["id"] == json!(conversation) {
            of_conversation.push(event);
        } else if body["data"]["channel"]["id"] == json!(channel) {
            of_channel.push(event);
        }
    }

    assert_eq!(
        of_conversation,
        [
            "conversation.create",
            "message.create.contact.chat",
            "conversation.update",
            "message.create.contact.command",
            "conversation.update",
            "channel.notify",
        ]
    );
    assert_eq!(of_channel, ["channel.create", "channel.update"]);
    // What was called for is noted before the worker ends.
    relay.app.draining.cancel();
    running.await.unwrap();
    let deliveries = admin.get(&format!("/v2/webhooks/{}/deliveries", made.text("id"))).await;
    let listed = deliveries.body.as_array().unwrap();
    assert_eq!(listed[0]["event"], "channel.update", "newest first");
    assert!(
        listed.iter().all(|one| one["status"] == "delivered" && one["responseStatus"] == 200),
        "{listed:?}"
    );
    let page = admin.get("/metrics").await;
    assert_eq!(page.status, 200);
    let page = relay.app.metrics.render(&relay.app.store.counters(), relay.app.store.commit_times());
    assert!(page.contains(&format!("relay_webhooks_delivered_total {}\n", listed.len())), "{page}");
    assert!(page.contains("relay_webhook_queue 0\n"), "{page}");
    assert!(page.contains(&format!("relay_webhook_delivery_seconds_count {}\n", listed.len())), "{page}");
}

#[tokio::test]
async fn signing_in_is_told_and_refreshing_is_not() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, mut received) = receiver().await;
    make(&relay, &url, &["user.*"]).await;
    tokio::spawn(relay::webhooks::run(relay.app.clone()));
    let (email, password) = ("ben@shop.example", "correct horse battery staple");
    let new =
        json!({"organization": relay.demo().await, "name": "Ben", "email": email, "password": password});
    let ben = relay.admin().post("/v2/users", new).await.text("id");
    let sign_in = async |credentials: Value| relay.anonymous().post("/v2/auth/token", credentials).await;
    let signed_in = sign_in(json!({"email": email, "password": password})).await;
    sign_in(json!({"refreshToken": signed_in.text("refreshToken")})).await;
    relay.admin().patch(&format!("/v2/users/{ben}"), json!({"name": "Benjamin"})).await;

    let mut events = Vec::new();
    while events.len() < 3 {
        let (_, body) = received.recv().await.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        if body["data"]["user"]["id"] == json!(ben) {
            events.push(body["event"].clone());
        }
    }
    assert_eq!(events, ["user.create", "user.login", "user.update"]);
    relay.app.draining.cancel();
}

#[tokio::test]
async fn a_change_and_a_deletion_are_told_and_what_was_erased_is_not() {
    let relay = Relay::start_with(&ALLOWED).await;
    let (url, mut received) = receiver().await;
    make(&relay, &url, &["message.create.contact.chat", "message.update", "message.delete"]).await;
    let conversation = relay.conversation().await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let said = async |text: &str| relay.admin().post(&messages, json!({"text": text})).await.text("id");
    let (changed, deleted) = (said("One").await, said("Two").await);
    relay.admin().patch(&format!("/v2/messages/{changed}"), json!({"text": "Three"})).await;
    relay.admin().delete(&format!("/v2/messages/{deleted}")).await;
    tokio::spawn(relay::webhooks::run(relay.app.clone()));

    let mut told = Vec::new();
    while told.len() < 4 {
        let (_, body) = received.recv().await.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let (message, activity) = (&body["data"]["message"], &body["activity"]["type"]);
        told.push(json!([body["event"], activity, message["text"], message["status"]]));
    }
    assert_eq!(
        told,
        [
            json!(["message.create.contact.chat", "Create", "Hey there.", "sent"]),
            json!(["message.create.contact.chat", "Create", "Three", "sent"]),
            json!(["message.update", "Update", "Three", "sent"]),
            json!(["message.delete", "Delete", "", "deleted"]),
        ]
    );
    relay.app.draining.cancel();
}
