//! What an organization sets up so that its visitors are known.

use crate::asking::Relay;
use serde_json::{Value, json};

const SECRET: &str = "the secret of one organization, long enough";

#[tokio::test]
async fn an_identity_secret_is_set_and_never_shown() {
    let relay = Relay::start().await;
    let admin = relay.admin();
    let new = json!({"name": "Shop", "identitySecret": SECRET, "requireIdentity": true});
    let made = admin.post("/v2/organizations", new).await;
    let path = format!("/v2/organizations/{}", made.text("id"));
    let patched = admin.patch(&path, json!({"identitySecret": format!("another: {SECRET}")})).await;
    let read = admin.get(&path).await;
    let listed = admin.get("/v2/organizations").await;
    for reply in [&made, &patched, &read, &listed] {
        assert!(reply.status.is_success(), "{}", reply.body);
        assert!(!reply.body.to_string().contains(SECRET), "{}", reply.body);
    }
    assert_eq!(
        (&read.body["hasIdentitySecret"], &read.body["requireIdentity"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(read.body["identitySecret"], Value::Null);
}

#[tokio::test]
async fn a_short_secret_and_a_door_that_nobody_could_open_are_refused() {
    let relay = Relay::start().await;
    let (admin, path) = (relay.admin(), format!("/v2/organizations/{}", relay.demo().await));
    for secret in ["x".repeat(31), "x".repeat(1_025)] {
        let reply = admin.patch(&path, json!({ "identitySecret": secret })).await;
        assert_eq!(reply.error(), (422, "invalid", Some("identitySecret")));
    }
    let closed = admin.patch(&path, json!({"requireIdentity": true})).await;
    assert_eq!(closed.error(), (422, "invalid", Some("requireIdentity")));
    let shown = admin.patch(&path, json!({"hasIdentitySecret": true})).await;
    assert_eq!(shown.error(), (422, "invalid", Some("hasIdentitySecret")));
    admin.patch(&path, json!({"identitySecret": SECRET, "requireIdentity": true})).await;
    let cleared = admin.patch(&path, json!({"identitySecret": null})).await;
    assert_eq!(cleared.error(), (422, "invalid", Some("requireIdentity")));
}

#[tokio::test]
async fn a_link_is_made_for_a_contact_of_the_own_organization() {
    let relay = Relay::start().await;
    let contact =
        relay.admin().get(&format!("/v2/conversations/{}", relay.conversation().await)).await.text("contact");
    let path = format!("/v2/contacts/{contact}/links");
    let page = json!({"url": "https://shop.example/chat?a=b#top"});
    let agent = relay.user("agent").await.with_key("once");
    let (made, repeated) = (agent.post(&path, page.clone()).await, agent.post(&path, page).await);
    assert_eq!((made.status.as_u16(), made.text("id")), (201, contact.clone()));
    assert_eq!(made.body, repeated.body, "the same question gets the same answer");
    let token = made.text("token");
    assert!(token.len() >= 32, "{token}");
    assert_eq!(made.text("url"), format!("https://shop.example/chat?a=b&id={contact}&token={token}#top"));
    assert_ne!(relay.user("agent").await.post(&path, json!({})).await.text("token"), token);

    let bad = relay.admin().post(&path, json!({"url": "javascript:alert(1)"})).await;
    assert_eq!(bad.error(), (422, "invalid", Some("url")));
    let stranger = relay.user_of(&relay.organization("Other").await, "agent").await;
    assert_eq!(stranger.post(&path, json!({})).await.error(), (404, "not_found", None));
    assert_eq!(relay.anonymous().post(&path, json!({})).await.error(), (401, "unauthorized", None));
}
