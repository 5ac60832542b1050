//! Who may ask what.

use crate::asking::Relay;
use relay::auth::{Issued, TokenKind};
use relay::model::UserRole;
use serde_json::json;
use shared::Millis;

#[tokio::test]
async fn without_a_good_token_nothing_is_answered() {
    let relay = Relay::start().await;
    for client in [relay.anonymous(), relay.with_token("no.token.atall"), relay.with_token("")] {
        let reply = client.get("/v2/users").await;
        assert_eq!(reply.error(), (401, "unauthorized", None));
        assert_eq!(reply.body["error"]["requestId"], reply.header("x-request-id"));
    }
}

#[tokio::test]
async fn an_expired_token_says_so_in_the_words_that_clients_look_for() {
    let relay = Relay::start().await;
    let admin = relay.admin().get("/v2/users").await.body[0].clone();
    let user = serde_json::from_value(admin).unwrap();
    let issued = Issued::new(&user, TokenKind::Admin, Millis(0), Some(Millis::from_secs(1)));

    let reply = relay.with_token(relay.app.tokens.sign(&issued.claims)).get("/v2/users").await;

    assert_eq!(reply.error(), (401, "unauthorized", None));
    assert!(reply.body["error"]["message"].as_str().unwrap().contains("jwt expired"), "{}", reply.body);
}

#[tokio::test]
async fn a_signed_token_that_was_never_handed_out_is_invalid() {
    let relay = Relay::start().await;
    let admin = relay.admin().get("/v2/users").await.body[0].clone();
    let user = serde_json::from_value(admin).unwrap();
    let never_stored = Issued::new(&user, UserRole::Admin.into(), Millis(0), None);

    let reply = relay.with_token(relay.app.tokens.sign(&never_stored.claims)).get("/v2/users").await;

    assert!(reply.body["error"]["message"].as_str().unwrap().contains("invalid token"), "{}", reply.body);
}

#[tokio::test]
async fn a_revoked_token_is_refused_from_that_moment_on() {
    let relay = Relay::start().await;
    let new = json!({"organization": relay.demo().await, "name": "Anna"});
    let user = relay.admin().post("/v2/users", new).await.text("id");
    let token = relay.admin().post(&format!("/v2/users/{user}/tokens"), json!({})).await;
    let anna = relay.with_token(token.text("token"));
    assert_eq!(anna.get("/v2/channels").await.status, 200);

    let revoked = relay.admin().delete(&format!("/v2/users/{user}/tokens/{}", token.text("jti"))).await;

    assert_eq!(revoked.status, 204);
    assert_eq!(anna.get("/v2/channels").await.error(), (401, "unauthorized", None));
    let unknown = format!("/v2/users/{user}/tokens/{}", "0".repeat(32));
    assert_eq!(relay.admin().delete(&unknown).await.error(), (404, "not_found", None));
}

#[tokio::test]
async fn a_refresh_token_is_not_for_requests() {
    let relay = Relay::start().await;
    let new = json!({"organization": relay.demo().await, "name": "Anna"});
    let refresh = relay.admin().post("/v2/users", new).await.text("refreshToken");
    assert_eq!(relay.with_token(refresh).get("/v2/users").await.error(), (401, "unauthorized", None));
}

#[tokio::test]
async fn an_agent_changes_no_settings_and_an_admin_makes_no_organizations() {
    let relay = Relay::start().await;
    let (agent, admin) = (relay.user("agent").await, relay.user("admin").await);
    let demo = format!("/v2/organizations/{}", relay.demo().await);

    assert_eq!(agent.patch(&demo, json!({"name": "Mine"})).await.error(), (403, "forbidden", None));
    assert_eq!(agent.post("/v2/users", json!({"name": "Eve"})).await.error(), (403, "forbidden", None));
    assert_eq!(admin.patch(&demo, json!({"name": "Ours"})).await.status, 200);
    assert_eq!(admin.post("/v2/organizations", json!({"name": "B"})).await.error(), (403, "forbidden", None));
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_from_tokens_that_exist() {
    let relay = Relay::start().await;
    let new = json!({"organization": relay.demo().await, "name": "Anna", "role": "admin"});
    let created = relay.admin().post("/v2/users", new).await;
    let anna = relay.with_token(created.text("token"));
    assert_eq!(anna.post("/v2/channels", json!({"name": "Sales"})).await.status, 201);

    relay.admin().patch(&format!("/v2/users/{}", created.text("id")), json!({"role": "agent"})).await;

    assert_eq!(anna.post("/v2/channels", json!({"name": "Service"})).await.error(), (403, "forbidden", None));
}

#[tokio::test]
async fn what_belongs_to_another_organization_does_not_exist() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let contact = relay.admin().get(&format!("/v2/conversations/{conversation}")).await.text("contact");
    let message =
        relay.admin().get(&format!("/v2/conversations/{conversation}/messages")).await.body[0].clone();
    let message = message["id"].as_str().unwrap().to_owned();
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "admin").await;

    for path in [
        format!("/v2/organizations/{}", relay.demo().await),
        format!("/v2/conversations/{conversation}"),
        format!("/v2/conversations/{conversation}/messages"),
        format!("/v2/contacts/{contact}"),
        format!("/v2/messages/{message}"),
    ] {
        assert_eq!(stranger.get(&path).await.error(), (404, "not_found", None), "{path}");
    }
    let messages = format!("/v2/conversations/{conversation}/messages");
    let post = stranger.post(&messages, json!({"text": "Hello"})).await;
    assert_eq!(post.error(), (404, "not_found", None));
    let patch = stranger.patch(&format!("/v2/contacts/{contact}"), json!({"profile": {}})).await;
    assert_eq!(patch.error(), (404, "not_found", None));
    let create = stranger.post("/v2/forms", json!({"organization": relay.demo().await, "name": "Lead"}));
    assert_eq!(create.await.error(), (404, "not_found", None));
    assert_eq!(stranger.get("/v2/conversations").await.body, json!([]));
}
