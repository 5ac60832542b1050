//! Persons whom the organization's own server names.

use serde_json::{Map, Value, json};
use shared::{
    ConversationId, ErrorCode, Seq, VisitorToken,
    message::MessageType,
    wire::{VisitorFrame, Welcome},
};
use tests::{
    greeting::{greet, greet_as, refusal, welcome},
    identity::{seconds_from_now, sign},
    relay::Relay,
    socket::Socket,
    visitor::random_token,
};

const SECRET: &str = "the secret of one organization, long enough";

async fn relay_with_secret() -> Relay {
    let relay = Relay::start().await;
    patch(&relay, json!({"identitySecret": SECRET})).await;
    relay
}

async fn patch(relay: &Relay, members: Value) -> Value {
    relay.rest().patch(&format!("/v2/organizations/{}", relay.organization()), &members).await.ok()
}

fn person(subject: &str, profile: Value) -> String {
    let mut claims = profile;
    claims["sub"] = json!(subject);
    claims["exp"] = json!(seconds_from_now(600));
    sign(&claims, SECRET)
}

async fn greet_with(relay: &Relay, token: &VisitorToken, identity: &str) -> (Socket, Welcome) {
    let mut socket = greet_as(relay, token, |hello| hello.identity = Some(identity.to_owned())).await;
    let welcome = welcome(&mut socket).await;
    (socket, welcome)
}

/// Says something by hand; the conversation in which it landed.
async fn say(socket: &mut Socket, key: &str) -> ConversationId {
    let send = VisitorFrame::Send {
        key: key.parse().unwrap(),
        kind: MessageType::Chat,
        text: "Hello".into(),
        content_type: None,
        payload: None,
        meta: Map::new(),
    };
    socket.send(&send).await.unwrap();
    socket.receipt().await.conversation
}

async fn contact(relay: &Relay, conversation: ConversationId) -> Value {
    relay.rest().get(&format!("/v2/conversations/{conversation}?populate=contact")).await.ok()["contact"]
        .clone()
}

#[tokio::test]
async fn a_person_meets_the_same_conversation_on_every_device() {
    let mut relay = relay_with_secret().await;
    let (phone, laptop) = (random_token(), random_token());
    let (mut anonymous, _) = greet(&relay, &phone, Seq::ZERO).await;
    let left_behind = say(&mut anonymous, "k-0").await;

    let ada = person("ada", json!({"name": "Ada", "email": "ada@shop.example"}));
    let (mut socket, first) = greet_with(&relay, &phone, &ada).await;
    assert_eq!(first.conversation, None, "what was said before is not theirs");
    let conversation = say(&mut socket, "k-1").await;
    assert_ne!(conversation, left_behind);
    let shown = contact(&relay, conversation).await;
    assert_eq!(shown["externalId"], "ada");
    assert_eq!(shown["profile"], json!({"name": "Ada", "email": "ada@shop.example"}));

    relay.kill().await;
    relay.restart().await;

    let ada = person("ada", json!({"name": "Ada Lovelace", "telephone": "+31646280994"}));
    let (mut socket, second) = greet_with(&relay, &laptop, &ada).await;
    assert_eq!((second.conversation, second.head), (Some(conversation), Seq(1)));
    assert_eq!(say(&mut socket, "k-2").await, conversation);
    let shown = contact(&relay, conversation).await;
    let profile = json!({"name": "Ada Lovelace", "email": "ada@shop.example", "telephone": "+31646280994"});
    assert_eq!(shown["profile"], profile);

    let (_, anonymous) = greet(&relay, &phone, Seq::ZERO).await;
    assert_eq!((anonymous.conversation, anonymous.head), (Some(left_behind), Seq(1)));
    assert_eq!(contact(&relay, left_behind).await["profile"], json!({}));
    let (_, stranger) = greet_with(&relay, &phone, &person("grace", json!({}))).await;
    assert_eq!(stranger.conversation, None);
}

#[tokio::test]
async fn an_identity_that_does_not_hold_is_sent_away_for_good() {
    let relay = relay_with_secret().await;
    let claims = |exp: i64| json!({"sub": "ada", "exp": seconds_from_now(exp)});
    let good = sign(&claims(600), SECRET);
    let (head, _) = good.rsplit_once('.').unwrap();
    let (_, body) = head.split_once('.').unwrap();
    let elsewhere = "the secret of another organization altogether";
    for (identity, words) in [
        (sign(&claims(600), elsewhere), "invalid token"),
        // {"alg":"none","typ":"JWT"}
        (format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}."), "invalid token"),
        (sign(&json!({"sub": "ada"}), SECRET), "invalid token"),
        (sign(&claims(-90), SECRET), "jwt expired"),
        (sign(&claims(25 * 3_600), SECRET), "24 h"),
        ("ada".to_owned(), "invalid token"),
    ] {
        let mut socket =
            greet_as(&relay, &random_token(), |hello| hello.identity = Some(identity.clone())).await;
        let refusal = refusal(&mut socket).await;
        assert_eq!(
            (refusal.error.code, refusal.retry_after, refusal.close_code),
            (ErrorCode::Unauthorized, None, 4401)
        );
        assert!(refusal.error.message.contains(words), "{}", refusal.error.message);
    }
}

#[tokio::test]
async fn without_a_secret_nobody_is_believed() {
    let relay = relay_with_secret().await;
    patch(&relay, json!({"identitySecret": null})).await;
    let ada = person("ada", json!({}));
    let mut socket = greet_as(&relay, &random_token(), |hello| hello.identity = Some(ada)).await;
    assert_eq!(refusal(&mut socket).await.error.code, ErrorCode::Unauthorized);
}

#[tokio::test]
async fn an_organization_can_insist_on_identities() {
    let relay = relay_with_secret().await;
    patch(&relay, json!({"requireIdentity": true})).await;
    let mut socket = greet_as(&relay, &random_token(), |_| {}).await;
    let refusal = refusal(&mut socket).await;
    assert_eq!((refusal.error.code, refusal.retry_after), (ErrorCode::Unauthorized, None));
    let (mut socket, _) = greet_with(&relay, &random_token(), &person("ada", json!({}))).await;
    say(&mut socket, "k-1").await;
}
