//! How things stand is told beside the log: who is there, who takes part, who waits.

use serde_json::{Value, json};
use shared::{
    Seq, VisitorToken,
    conversation::Status,
    wire::{ConversationView, Welcome},
};
use tests::{
    agent::{self, AgentStream},
    greeting::greet,
    relay::Relay,
    rest::Rest,
    socket::Socket,
    visitor::{VisitorClient, random_token},
};

/// An agent of the relay's first organization.
async fn ada(relay: &Relay) -> Rest {
    let new = json!({
        "organization": relay.organization(), "name": "Ada", "avatar": "https://example.org/ada.png",
    });
    let ada = relay.rest().post("/v2/users", &new).await.created();
    relay.rest().with_token(ada["token"].as_str().unwrap())
}

fn state(welcome: Welcome) -> ConversationView {
    welcome.state.expect("this relay tells it")
}

/// Names, and whether they take part and are there.
fn agents(state: &ConversationView) -> Vec<(&str, bool, bool)> {
    state.agents.iter().map(|agent| (agent.name.as_str(), !agent.has_left, agent.is_online)).collect()
}

/// A visitor who has said something, and looks on.
async fn visitor(relay: &Relay) -> (VisitorToken, String, Socket) {
    let token = random_token();
    let conversation = VisitorClient::with_token(relay, token.clone()).tell("Hello").await.conversation;
    let (socket, _) = greet(relay, &token, Seq(1)).await;
    (token, conversation.to_string(), socket)
}

#[tokio::test]
async fn who_comes_and_goes_is_seen_before_the_first_word_and_after_it() {
    let relay = Relay::start().await;
    let (mut guest, welcome) = greet(&relay, &random_token(), Seq::ZERO).await;
    let (_, _, mut visitor) = visitor(&relay).await;
    assert_eq!(state(welcome), ConversationView::default());

    let stream = AgentStream::open(&relay).await;
    for socket in [&mut guest, &mut visitor] {
        socket.state(|state| state.is_online).await;
    }
    let (_, welcome) = greet(&relay, &random_token(), Seq::ZERO).await;
    assert!(state(welcome).is_online);

    drop(stream);
    for socket in [&mut guest, &mut visitor] {
        socket.state(|state| !state.is_online).await;
    }
}

#[tokio::test]
async fn a_program_that_listens_is_nobody_who_is_there() {
    let relay = Relay::start().await;
    let new = json!({"organization": relay.organization(), "name": "Robbie", "role": "bot"});
    let robbie = relay.rest().post("/v2/users", &new).await.created();
    let mut stream = agent::connect(relay.address(), robbie["token"].as_str().unwrap()).await;
    agent::greet(&mut stream, relay.organization(), None).await;
    let _: Value = stream.frame().await;
    let (_, welcome) = greet(&relay, &random_token(), Seq::ZERO).await;
    assert!(!state(welcome).is_online);
}

#[tokio::test]
async fn a_conversation_waits_is_taken_is_closed_and_waits_again() {
    let relay = Relay::start().await;
    let ada = ada(&relay).await;
    let (token, conversation, mut socket) = visitor(&relay).await;
    let path = format!("/v2/conversations/{conversation}");
    let (_, welcome) = greet(&relay, &token, Seq(1)).await;
    assert_eq!(state(welcome).status, Some(Status::Queued));

    ada.post(&format!("{path}/messages"), &json!({"role": "agent", "text": "Hi"})).await.created();
    let taken = socket.state(|state| state.status == Some(Status::Active)).await;
    // Who writes is there, with a stream or without.
    assert_eq!((agents(&taken), taken.is_online), (vec![("Ada", true, true)], true));
    assert_eq!(taken.agents[0].avatar_url.as_deref(), Some("https://example.org/ada.png"));
    assert_eq!((taken.read_by_agents, taken.position), (Seq(2), None));

    ada.patch(&path, &json!({"status": "closed"})).await.ok();
    socket.state(|state| state.status == Some(Status::Closed)).await;
    let mut client = VisitorClient::with_token(&relay, token.clone());
    client.tell("One more thing").await;
    let queued = socket.state(|state| state.status == Some(Status::Queued)).await;
    assert_eq!(queued.position, Some(0));

    let (_, welcome) = greet(&relay, &token, Seq(1)).await;
    assert_eq!(state(welcome), queued, "who comes back finds it as it is");
}

#[tokio::test]
async fn who_leaves_is_known_by_name_still() {
    let relay = Relay::start().await;
    let ada = ada(&relay).await;
    let (_, conversation, mut socket) = visitor(&relay).await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    ada.post(&messages, &json!({"role": "agent", "text": "Hi"})).await.created();
    ada.post(&messages, &json!({"type": "command", "text": "/leave"})).await.created();
    let left = socket.state(|state| state.status == Some(Status::Closed)).await;
    assert_eq!(agents(&left), [("Ada", false, true)]);
}

#[tokio::test]
async fn the_queue_moves_on() {
    let relay = Relay::start().await;
    let ada = ada(&relay).await;
    let (_, first, _first_socket) = visitor(&relay).await;
    let (_, second, _second_socket) = visitor(&relay).await;
    let (token, _, mut third) = visitor(&relay).await;
    let (_, welcome) = greet(&relay, &token, Seq(1)).await;
    assert_eq!(state(welcome).position, Some(2));

    for (conversation, left) in [(second, 1), (first, 0)] {
        let messages = format!("/v2/conversations/{conversation}/messages");
        ada.post(&messages, &json!({"role": "agent", "text": "Hi"})).await.created();
        third.state(|state| state.position == Some(left)).await;
    }
}

#[tokio::test]
async fn things_stand_as_they_did_after_a_restart() {
    let mut relay = Relay::start().await;
    let ada = ada(&relay).await;
    let (token, conversation, _) = visitor(&relay).await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    ada.post(&messages, &json!({"role": "agent", "text": "Hi"})).await.created();
    relay.kill().await;
    relay.restart().await;
    let (mut socket, welcome) = greet(&relay, &token, Seq(2)).await;
    let state = state(welcome);
    assert_eq!((state.status, agents(&state)), (Some(Status::Active), vec![("Ada", true, false)]));
    let _stream = AgentStream::open(&relay).await;
    socket.state(|state| state.is_online).await;
}
