//! Events: what a page tells the bot, and what a bot tells the page.

use serde_json::{Map, Value, json};
use shared::{
    ErrorCode, Seq,
    message::{MessageType, Role},
    wire::VisitorFrame,
};
use tests::{
    agent::AgentStream,
    greeting::greet,
    receiver::Receiver,
    relay::Relay,
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn events_of_the_page_are_applied_in_order_and_keep_their_place() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    visitor.say_event("StartEngagement", json!({"formData": {"name": "Ada"}}));
    visitor.say("Hello");
    for step in 1..=3 {
        visitor.say_event("UPDATE_SESSION", json!({"step": step, format!("was{step}"): true}));
    }
    let last = visitor.say_event("GO_TO_DIALOGSTATE", json!({"dialogState": "checkout"}));

    let receipt = visitor.acked(&last).await;

    assert_eq!(receipt.seq, Seq(6));
    let shown = relay.rest().get(&format!("/v2/conversations/{}", receipt.conversation)).await.ok();
    assert_eq!(shown["session"], json!({"step": 3, "was1": true, "was2": true, "was3": true}));
    assert_eq!(shown["dialogState"], "checkout");
    let contact = shown["contact"].as_str().unwrap();
    let contact = relay.rest().get(&format!("/v2/contacts/{contact}")).await.ok();
    assert_eq!(contact["profile"]["name"], "Ada");
    visitor.seen(Seq(6)).await;
    assert_eq!(visitor.texts(), ["Hello"], "the thread has no events of the page");
}

#[tokio::test]
async fn an_event_that_is_sent_again_is_applied_once() {
    let relay = Relay::start().await;
    let token = random_token();
    let event = |key: &str, step: u64| VisitorFrame::Send {
        key: key.parse().unwrap(),
        kind: MessageType::Event,
        text: "UPDATE_SESSION".into(),
        content_type: None,
        payload: Some(json!({ "step": step })),
        meta: Map::new(),
    };
    let mut receipts = Vec::new();
    for frame in [event("k-1", 1), event("k-2", 2), event("k-1", 1)] {
        let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;
        socket.send(&frame).await.unwrap();
        receipts.push(socket.receipt().await);
    }
    assert_eq!(receipts[0], receipts[2]);
    let shown = relay.rest().get(&format!("/v2/conversations/{}", receipts[0].conversation)).await.ok();
    assert_eq!((&shown["session"], &shown["head"]), (&json!({"step": 2}), &json!(2)));
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_refused_and_stores_nothing() {
    let relay = Relay::start().await;
    let path = format!("/v2/organizations/{}", relay.organization());
    relay.rest().patch(&path, &json!({"visitorCommands": []})).await.ok();
    let mut visitor = VisitorClient::new(&relay);
    for (name, payload, field) in [
        ("UPDATE_SESSION", json!("step"), "payload"),
        ("UPDATE_SESSION", json!({"note": "x".repeat(4_096)}), "payload.note"),
        ("GO_TO_DIALOGSTATE", json!({"dialogState": {}}), "payload.dialogState"),
        ("StartEngagement", json!({"formData": "name"}), "payload.formData"),
        ("SELF_DESTRUCT", json!({}), "text"),
    ] {
        let key = visitor.say_event(name, payload);
        let error = visitor.refused(&key).await;
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some(field)), "{name}");
    }
    let key = visitor.say_event("UPDATE_SESSION", json!({"step": 1}));
    assert_eq!(visitor.acked(&key).await.seq, Seq(1), "what is refused takes no number");
}

#[tokio::test]
async fn what_a_bot_tells_the_page_arrives_and_what_it_tells_agents_does_not() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let event = json!({"type": "event", "payload": {"language": "en"}});
    relay.rest().post(&messages, &json!([event, {"text": "for agents"}])).await.created();

    visitor.seen(Seq(3)).await;

    let shown: Vec<_> = visitor.peer().log().entries().map(|entry| entry.message.as_deref()).collect();
    let event = shown[1].unwrap();
    assert_eq!((event.kind, event.role), (MessageType::Event, Role::Bot));
    assert_eq!(event.payload, Some(json!({"language": "en"})));
    assert_eq!(shown[2], None);
    let bare: Value = json!({"type": "event", "text": "hello", "payload": "en"});
    let refused = relay.rest().post(&messages, &bare).await;
    assert_eq!((refused.status, &refused.body["error"]["field"]), (422, &json!("payload")));
}

#[tokio::test]
async fn what_a_page_tells_the_bot_reaches_webhooks_and_the_stream() {
    let relay = Relay::start_with(&[("RELAY_ALLOW_PRIVATE_WEBHOOKS", "true")]).await;
    let mut receiver = Receiver::start().await;
    let events = ["message.create.contact.event", "conversation.update"];
    let hook = json!({"organization": relay.organization(), "url": receiver.url(), "events": events});
    relay.rest().post("/v2/webhooks", &hook).await.created();
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    let mut stream = AgentStream::open(&relay).await;

    let told = [
        ("UPDATE_SESSION", json!({"step": 2}), "/session", json!({"step": 2})),
        ("GO_TO_DIALOGSTATE", json!({"dialogState": "checkout"}), "/dialogState", json!("checkout")),
    ];
    for (name, payload, member, value) in told {
        let key = visitor.say_event(name, payload.clone());
        visitor.acked(&key).await;

        let event = stream.next().await;
        let data: Value = serde_json::from_str(event.data.get()).unwrap();
        assert_eq!((event.event.as_str(), &data["text"]), ("message.create.contact.event", &json!(name)));
        let entry = receiver.next().await;
        assert_eq!((entry.event(), entry.text()), ("message.create.contact.event", name));
        assert_eq!(entry.json["data"]["message"]["payload"], payload);
        let change = receiver.next().await;
        assert_eq!(change.event(), "conversation.update");
        assert_eq!(change.json["data"]["conversation"]["id"], json!(conversation));
        assert_eq!(change.json["data"]["conversation"].pointer(member), Some(&value), "{name}");
    }
}
