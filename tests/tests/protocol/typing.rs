//! Somebody is typing: told to those who look, and to nobody else.

use serde_json::{Map, Value, json};
use shared::{
    Seq,
    message::MessageType,
    wire::{RelayFrame, VisitorFrame},
};
use tests::{
    agent::{AgentStream, Heard},
    greeting::greet,
    relay::Relay,
    socket::Socket,
    visitor::{VisitorClient, random_token},
};

fn says(key: &str, text: &str) -> VisitorFrame {
    VisitorFrame::Send {
        key: key.parse().unwrap(),
        kind: MessageType::Chat,
        text: text.into(),
        content_type: None,
        payload: None,
        meta: Map::new(),
    }
}

async fn post(relay: &Relay, conversation: impl std::fmt::Display, body: &Value) -> u16 {
    relay.rest().post(&format!("/v2/conversations/{conversation}/typing"), body).await.status
}

async fn typing(socket: &mut Socket) -> (Option<String>, u64) {
    match socket.frame().await {
        RelayFrame::Typing { name, lasts } => (name, lasts),
        other => panic!("typing was expected, not {other:?}"),
    }
}

#[tokio::test]
async fn agents_hear_that_a_visitor_is_typing_and_the_log_does_not() {
    let relay = Relay::start().await;
    let mut agents = AgentStream::open(&relay).await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;
    socket.send(&VisitorFrame::Typing {}).await.unwrap();
    socket.send(&says("k-1", "Hello")).await.unwrap();
    let Heard::Event(event) = agents.hear().await else { panic!("nobody knows that conversation yet") };
    let receipt = socket.receipt().await;

    socket.send(&VisitorFrame::Typing {}).await.unwrap();

    let Heard::Typing { conversation, lasts } = agents.hear().await else { panic!("typing was expected") };
    assert_eq!((conversation, lasts), (receipt.conversation, 6_000));
    socket.send(&says("k-2", "A bike")).await.unwrap();
    assert_eq!(agents.next().await.cursor, event.cursor + 1);
    let mut later = AgentStream::resume(&relay, Some(event.cursor)).await;
    assert!(matches!(later.hear().await, Heard::Event(_)), "it is not told again");
}

#[tokio::test]
async fn the_sockets_of_one_visitor_hear_that_an_agent_is_typing() {
    let relay = Relay::start().await;
    let token = random_token();
    let conversation = VisitorClient::with_token(&relay, token.clone()).tell("Hello").await.conversation;
    let (mut tab, _) = greet(&relay, &token, Seq(1)).await;
    let (mut other_tab, _) = greet(&relay, &token, Seq(1)).await;
    let stranger_token = random_token();
    let stranger = VisitorClient::with_token(&relay, stranger_token.clone()).tell("Hello").await.conversation;
    let (mut stranger_socket, _) = greet(&relay, &stranger_token, Seq(1)).await;

    assert_eq!(post(&relay, conversation, &json!({})).await, 204);
    assert_eq!(post(&relay, conversation, &json!({"typing": false})).await, 204);

    for socket in [&mut tab, &mut other_tab] {
        assert_eq!(typing(socket).await, (Some("Front desk".into()), 6_000));
        assert_eq!(typing(socket).await, (Some("Front desk".into()), 0));
    }
    let path = format!("/v2/conversations/{stranger}/messages");
    relay.rest().post(&path, &json!({"role": "agent", "text": "Hi"})).await.created();
    assert!(matches!(stranger_socket.frame().await, RelayFrame::Entry(entry) if entry.seq == Seq(2)));
    let log = relay.rest().get(&format!("/v2/conversations/{conversation}")).await.ok();
    assert_eq!(log["head"], 1);
}

#[tokio::test]
async fn nobody_types_in_a_conversation_of_others_or_without_end() {
    let relay = Relay::start().await;
    let conversation = VisitorClient::new(&relay).tell("Hello").await.conversation;
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let new = json!({"organization": other["id"], "name": "Eve"});
    let eve = relay.rest().post("/v2/users", &new).await.created();
    let eve = relay.rest().with_token(eve["token"].as_str().unwrap());
    let path = format!("/v2/conversations/{conversation}/typing");
    assert_eq!(eve.post(&path, &json!({})).await.status, 404);
    assert_eq!(post(&relay, conversation, &json!({"typing": "yes"})).await, 422);

    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(post(&relay, conversation, &json!({})).await);
    }
    assert_eq!(answers[..10], [204; 10], "nobody listens, and that is no error");
    assert!(answers.contains(&429), "{answers:?}");
}

#[tokio::test]
async fn a_visitor_who_says_it_without_end_is_heard_now_and_then() {
    let relay = Relay::start().await;
    let mut agents = AgentStream::open(&relay).await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;
    socket.send(&says("k-1", "Hello")).await.unwrap();
    socket.receipt().await;
    agents.next().await;

    for _ in 0..500 {
        socket.send(&VisitorFrame::Typing {}).await.unwrap();
    }
    socket.send(&says("k-2", "Done")).await.unwrap();

    let mut heard = 0;
    while let Heard::Typing { .. } = agents.hear().await {
        heard += 1;
    }
    assert!((1..=30).contains(&heard), "{heard} times");
}
