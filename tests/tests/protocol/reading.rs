//! Who has read how far: a visitor and the organization hear it of each other.

use serde_json::json;
use shared::{
    Seq,
    wire::{ConversationView, VisitorFrame},
};
use tests::{
    agent::{AgentStream, Heard},
    greeting::greet,
    relay::Relay,
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn what_a_visitor_has_read_is_known_on_their_other_devices_and_to_the_organization() {
    let relay = Relay::start().await;
    let token = random_token();
    let conversation = VisitorClient::with_token(&relay, token.clone()).tell("Hello").await.conversation;
    let messages = format!("/v2/conversations/{conversation}/messages");
    for text in ["One", "Two"] {
        relay.rest().post(&messages, &json!({"role": "agent", "text": text})).await.created();
    }
    let mut agents = AgentStream::open(&relay).await;
    let (mut other_device, _) = greet(&relay, &token, Seq(3)).await;
    let (mut socket, _) = greet(&relay, &token, Seq(3)).await;

    // What was not said is not read.
    socket.send(&VisitorFrame::Read { seq: Seq(900) }).await.unwrap();
    let read = |seq| move |state: &ConversationView| state.read_by_visitor == seq;
    other_device.state(read(Seq(3))).await;
    socket.state(read(Seq(3))).await;
    let Heard::Read { conversation: of, user, seq } = agents.hear().await else {
        panic!("a mark was expected")
    };
    assert_eq!((of, user, seq), (conversation, None, Seq(3)));
    let shown = relay.rest().get(&format!("/v2/conversations/{conversation}")).await.ok();
    assert_eq!((&shown["contactReadSeq"], &shown["head"]), (&json!(3), &json!(3)));

    // A mark is never taken back, and one that says nothing new is told to nobody.
    socket.send(&VisitorFrame::Read { seq: Seq(2) }).await.unwrap();
    relay.rest().post(&messages, &json!({"role": "agent", "text": "Three"})).await.created();
    assert!(matches!(agents.hear().await, Heard::Event(_)));
    let (_, welcome) = greet(&relay, &token, Seq(3)).await;
    assert_eq!(welcome.state.unwrap().read_by_visitor, Seq(3));
}

#[tokio::test]
async fn what_people_have_read_is_seen_by_the_visitor_and_what_bots_have_is_not() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    let conversation = visitor.tell("Hello").await.conversation;
    visitor.tell("Anybody?").await;
    let (mut socket, _) = greet(&relay, &token, Seq(2)).await;
    let mut agents = AgentStream::open(&relay).await;
    let path = format!("/v2/conversations/{conversation}/read");
    let bot = json!({"organization": relay.organization(), "name": "Robbie", "role": "bot"});
    let bot = relay.rest().post("/v2/users", &bot).await.created();
    let bot = relay.rest().with_token(bot["token"].as_str().unwrap());

    assert_eq!(bot.post(&path, &json!({})).await.status, 204);
    assert_eq!(relay.rest().post(&path, &json!({"seq": 1})).await.status, 204);

    let state = socket.state(|state| state.read_by_agents > Seq::ZERO).await;
    assert_eq!(state.read_by_agents, Seq(1));
    let mut heard = Vec::new();
    while heard.len() < 2 {
        if let Heard::Read { user, seq, .. } = agents.hear().await {
            heard.push((user.is_some(), seq));
        }
    }
    assert_eq!(heard, [(true, Seq(2)), (true, Seq(1))]);
    relay.rest().post(&path, &json!({})).await;
    socket.state(|state| state.read_by_agents == Seq(2)).await;
}

#[tokio::test]
async fn a_mark_before_there_is_a_conversation_means_nothing() {
    let relay = Relay::start().await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;
    socket.send(&VisitorFrame::Read { seq: Seq(1) }).await.unwrap();
    socket.send(&VisitorFrame::Before { before: Seq(1) }).await.unwrap();
    let _: shared::wire::RelayFrame = socket.frame().await;
}
