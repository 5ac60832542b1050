//! The pages that are shown inside other pages.

use crate::asking::{Relay, Reply};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::json;

fn policy(reply: &Reply) -> String {
    reply.header("content-security-policy").to_owned()
}

fn ancestors(reply: &Reply) -> String {
    let policy = policy(reply);
    policy.split_once("frame-ancestors ").unwrap().1.to_owned()
}

#[tokio::test]
async fn the_widget_has_a_page_of_its_own() {
    let relay = Relay::start().await;
    let asked =
        Request::get(format!("/embed/{}?theme=dark", relay.demo().await)).header("host", "relay.test");
    let reply = relay.anonymous().send(asked.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("referrer-policy"), "strict-origin-when-cross-origin");
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert!(
        policy(&reply)
            .starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; ")
    );
    assert!(
        policy(&reply).contains("connect-src 'self' ws://relay.test wss://relay.test; "),
        "{}",
        policy(&reply)
    );
    let styles = relay.anonymous().get("/embed.css").await;
    assert_eq!(styles.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn who_may_frame_it_follows_the_organization() {
    let relay = Relay::start().await;
    let demo = relay.demo().await;
    let (embed, organization) = (format!("/embed/{demo}"), format!("/v2/organizations/{demo}"));
    let before = ancestors(&relay.anonymous().get(&embed).await);
    assert!(before.starts_with("'self' http://localhost:* "), "{before}");

    relay
        .admin()
        .patch(&organization, json!({"allowedOrigins": ["https://shop.example", "*.shop.example"]}))
        .await;
    let expected = "'self' https://shop.example http://*.shop.example:* https://*.shop.example:*";
    assert_eq!(ancestors(&relay.anonymous().get(&embed).await), expected);

    relay.admin().patch(&organization, json!({"allowedOrigins": ["https://other.example"]})).await;
    assert_eq!(ancestors(&relay.anonymous().get(&embed).await), "'self' https://other.example");
}

#[tokio::test]
async fn an_unknown_organization_is_said_in_words() {
    let relay = Relay::start().await;
    for path in [
        "/embed/5bad2f12e91d2c331be33364",
        "/embed/shop",
        "/frame/5bad2f12e91d2c331be33364",
        "/frame/%3Cb%3E",
    ] {
        let reply = relay.anonymous().get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(policy(&reply), "default-src 'none'");
    }
}

#[tokio::test]
async fn a_script_of_a_page_that_is_not_allowed_is_told_why_the_frame_stays_empty() {
    let relay = Relay::start().await;
    let demo = relay.demo().await;
    let ask = async |organization: &str, origin: &str| {
        let asked = Request::get(format!("/frame/{organization}")).header("origin", origin);
        relay.anonymous().send(asked.body(Body::empty()).unwrap()).await
    };
    relay
        .admin()
        .patch(&format!("/v2/organizations/{demo}"), json!({"allowedOrigins": ["https://shop.example"]}))
        .await;

    let refused = ask(&demo, "https://other.example").await;
    assert_eq!(refused.error(), (403, "origin_not_allowed", None));
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    let unknown = ask("5bad2f12e91d2c331be33364", "https://other.example").await;
    assert_eq!(unknown.error(), (404, "not_found", None));
    let allowed = ask(&demo, "https://shop.example").await;
    assert_ne!(allowed.status, StatusCode::FORBIDDEN);
}
