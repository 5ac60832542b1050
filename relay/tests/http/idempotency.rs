//! A POST that is repeated with its key is done once.

use crate::asking::Relay;
use serde_json::json;

#[tokio::test]
async fn the_same_key_and_body_give_the_same_answer() {
    let relay = Relay::start().await;
    let messages = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let admin = relay.admin().with_key("order-1");

    let first = admin.post(&messages, json!({"role": "agent", "text": "Once"})).await;
    let again = admin.post(&messages, json!({"role": "agent", "text": "Once"})).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(relay.admin().get(&messages).await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_conflict() {
    let relay = Relay::start().await;
    let messages = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let admin = relay.admin().with_key("order-1");
    admin.post(&messages, json!({"text": "Once"})).await;

    let other = admin.post(&messages, json!({"text": "Twice"})).await;

    assert_eq!(other.error(), (409, "idempotency_conflict", None));
    assert_eq!(relay.admin().get(&messages).await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_belongs_to_its_user_and_its_address() {
    let relay = Relay::start().await;
    let (anna, ben) = (relay.user("agent").await.with_key("k"), relay.user("agent").await.with_key("k"));

    let contacts = [
        anna.post("/v2/contacts", json!({})).await.text("id"),
        ben.post("/v2/contacts", json!({})).await.text("id"),
        anna.post("/v2/contacts", json!({})).await.text("id"),
    ];
    let elsewhere = anna.post("/v2/conversations", json!({})).await;

    assert_ne!(contacts[0], contacts[1]);
    assert_eq!(contacts[0], contacts[2]);
    assert_eq!(elsewhere.status, 201);
}

#[tokio::test]
async fn a_user_made_twice_with_one_key_has_one_pair_of_tokens_and_no_store_has_them() {
    let relay = Relay::start().await;
    let new = json!({"organization": relay.demo().await, "name": "Anna"});
    let admin = relay.admin().with_key("anna");

    let first = admin.post("/v2/users", new.clone()).await;
    let again = admin.post("/v2/users", new).await;

    assert_eq!(first.body, again.body);
    assert_eq!(relay.with_token(again.text("token")).get("/v2/users").await.status, 200);
    let key = first.text("token").rsplit('.').next().unwrap().to_owned();
    for file in ["relay.db", "relay.db-wal"] {
        let bytes = std::fs::read(relay.directory.path().join(file)).unwrap();
        assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()), "{file}");
    }
}

#[tokio::test]
async fn a_refusal_uses_no_key_up() {
    let relay = Relay::start().await;
    let messages = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let admin = relay.admin().with_key("order-1");
    assert_eq!(admin.post(&messages, json!({"text": ""})).await.error(), (422, "invalid", Some("text")));
    assert_eq!(admin.post(&messages, json!({"text": "Now with text"})).await.status, 201);
}
