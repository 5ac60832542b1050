//! Messages with a delay, said by a real relay in its own time.

use serde_json::{Value, json};
use shared::{Seq, wire::RelayFrame};
use tests::{
    agent::AgentStream,
    clock::patiently,
    greeting::greet,
    receiver::Receiver,
    relay::Relay,
    visitor::{VisitorClient, random_token},
};

async fn post(relay: &Relay, conversation: impl std::fmt::Display, messages: &Value) -> Value {
    relay.rest().post(&format!("/v2/conversations/{conversation}/messages"), messages).await.created()
}

async fn nothing_held(relay: &Relay) {
    loop {
        let metrics = relay.rest().get("/metrics").await;
        if String::from_utf8_lossy(&metrics.bytes).contains("relay_held_messages 0\n") {
            return;
        }
    }
}

#[tokio::test]
async fn a_visitor_sees_typing_then_the_message() {
    let relay = Relay::start().await;
    let token = random_token();
    let conversation = VisitorClient::with_token(&relay, token.clone()).tell("Hello").await.conversation;
    let (mut socket, _) = greet(&relay, &token, Seq(1)).await;

    let held =
        post(&relay, conversation, &json!({"role": "agent", "text": "Hello to you", "delay": 2_500})).await;

    let RelayFrame::Typing { name, lasts } = socket.frame().await else { panic!("typing comes first") };
    assert_eq!(name.as_deref(), Some("Front desk"));
    assert!((1..=2_000).contains(&lasts), "{lasts}");
    let RelayFrame::Entry(entry) = socket.frame().await else { panic!("then the message") };
    let message = entry.message.unwrap();
    assert_eq!(
        (entry.seq, json!(message.id), message.text.as_str()),
        (Seq(2), held["id"].clone(), "Hello to you")
    );
}

#[tokio::test]
async fn programs_hear_of_it_when_it_is_said() {
    let relay = Relay::start_with(&[("RELAY_ALLOW_PRIVATE_WEBHOOKS", "true")]).await;
    let mut receiver = Receiver::start().await;
    let hook = json!({"organization": relay.organization(), "url": receiver.url(), "events": ["message.*"]});
    relay.rest().post("/v2/webhooks", &hook).await.created();
    let conversation = VisitorClient::new(&relay).tell("Hello").await.conversation;
    assert_eq!(receiver.next().await.text(), "Hello");
    let mut stream = AgentStream::open(&relay).await;

    let held = post(&relay, conversation, &json!({"role": "agent", "text": "Later", "delay": 300})).await;

    assert_eq!(stream.next_text().await, "Later");
    let call = receiver.next().await;
    assert_eq!((call.text(), &call.json["data"]["message"]["id"]), ("Later", &held["id"]));
    assert_eq!(call.json["activity"]["object"]["id"], held["id"]);
    assert_eq!(call.json["data"]["message"]["seq"], 2);
}

#[tokio::test]
async fn what_was_accepted_is_said_once_though_the_relay_is_killed_meanwhile() {
    let mut relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    let messages: Value =
        (1..=20).map(|number| json!({"role": "agent", "text": format!("{number}"), "delay": 40})).collect();
    post(&relay, conversation, &messages).await;

    // Once while none is due, and then with each of them that comes.
    for seen in [1, 6, 11, 16] {
        visitor.seen(Seq(seen)).await;
        relay.kill().await;
        relay.restart().await;
    }

    visitor.seen(Seq(21)).await;
    patiently("the queue to be empty", nothing_held(&relay)).await;
    let log = relay.rest().get(&format!("/v2/conversations/{conversation}/messages")).await.ok();
    let texts: Vec<_> =
        log.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect();
    let said: Vec<_> = (1..=20).map(|number| number.to_string()).collect();
    assert_eq!(
        (texts[0], &texts[1..]),
        ("Hello", said.iter().map(String::as_str).collect::<Vec<_>>().as_slice())
    );
}
