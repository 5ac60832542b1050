//! A visitor and an agent talk.

use serde_json::json;
use shared::{
    ConversationId, Seq,
    message::{MessageType, Role},
    peer::UnsentState,
    wire::VisitorFrame,
};
use tests::{
    agent::AgentStream,
    checker,
    greeting::greet,
    relay::Relay,
    visitor::{VisitorClient, random_token, unsent},
};

#[tokio::test]
async fn what_is_said_is_stored_then_shown_to_everybody_in_order() {
    let relay = Relay::start().await;
    let mut agent = AgentStream::open(&relay).await;
    let mut visitor = VisitorClient::new(&relay);
    let texts: Vec<_> = (1..=10).map(|number| format!("message {number}")).collect();

    let mut last = visitor.say(&texts[0]);
    for text in &texts[1..] {
        last = visitor.say(text);
    }
    let receipt = visitor.acked(&last).await;
    visitor.seen(receipt.seq).await;

    assert_eq!(receipt.seq, Seq(10));
    assert_eq!(visitor.texts(), texts);
    for text in &texts {
        assert_eq!(agent.next_text().await, *text);
    }
    let stored = checker::read_log(relay.rest(), receipt.conversation).await;
    assert_eq!(stored[9].id, receipt.id.to_string());
    assert_eq!(stored[9].key.as_ref(), Some(&last));
    assert_eq!(visitor.peer().outbox().count(), 0);
}

#[tokio::test]
async fn an_event_says_what_happened_to_which_conversation() {
    let relay = Relay::start().await;
    let mut agent = AgentStream::open(&relay).await;

    let receipt = VisitorClient::new(&relay).tell("Hello").await;

    let event = agent.next().await;
    assert_eq!(
        (event.event.as_str(), event.conversation),
        ("message.create.contact.chat", receipt.conversation)
    );
    let told: serde_json::Value = serde_json::from_str(event.data.get()).unwrap();
    let shown = relay.rest().get(&messages(receipt.conversation)).await.ok();
    assert_eq!(told, shown[0], "the event shows the message as the API does");
}

#[tokio::test]
async fn an_agents_answer_reaches_every_tab_of_the_visitor_and_nobody_else() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    let mut second_tab = VisitorClient::with_token(&relay, token);
    let mut other = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    other.tell("Something else").await;

    let answer = json!({"role": "agent", "text": "How can I help?"});
    relay.rest().post(&messages(conversation), &answer).await.created();

    for client in [&mut visitor, &mut second_tab] {
        client.seen(Seq(2)).await;
        assert_eq!(client.texts(), ["Hello", "How can I help?"]);
    }
    let shown = visitor.peer().log().entries().last().and_then(|entry| entry.message.as_ref());
    assert_eq!(shown.map(|message| message.role), Some(Role::Agent));
    let receipt = other.tell("A second one").await;
    other.seen(receipt.seq).await;
    assert_eq!(other.texts(), ["Something else", "A second one"]);
}

#[tokio::test]
async fn what_bots_and_notes_say_takes_a_number_and_is_not_shown() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;

    let several = json!([
        {"role": "bot", "text": "The visitor seems to be in a hurry"},
        {"role": "agent", "text": "I take this one", "isBackchannel": true},
        {"role": "agent", "text": "Hi"},
    ]);
    relay.rest().post(&messages(conversation), &several).await.created();

    visitor.seen(Seq(4)).await;
    assert_eq!(visitor.texts(), ["Hello", "Hi"]);
}

#[tokio::test]
async fn a_key_that_comes_again_on_another_connection_stores_nothing_new() {
    let relay = Relay::start().await;
    let token = random_token();
    let (mut first, _) = greet(&relay, &token, Seq::ZERO).await;
    let (mut second, _) = greet(&relay, &token, Seq::ZERO).await;
    let send = VisitorFrame::Send {
        key: "k-1".parse().unwrap(),
        kind: MessageType::Chat,
        text: "Hello".to_owned(),
        content_type: None,
        payload: None,
        meta: serde_json::Map::new(),
    };

    let mut receipts = Vec::new();
    for socket in [&mut first, &mut second] {
        socket.send(&send).await.unwrap();
        receipts.push(socket.receipt().await);
    }

    assert_eq!(receipts[0], receipts[1]);
    assert_eq!(checker::read_log(relay.rest(), receipts[0].conversation).await.len(), 1);
}

#[tokio::test]
async fn a_first_message_whose_answer_is_lost_opens_one_conversation() {
    let relay = Relay::start().await;
    let mut agent = AgentStream::open(&relay).await;
    let token = random_token();
    let said = unsent(0, MessageType::Chat, "Hello".to_owned());

    let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;
    let (key, text) = (said.key.clone(), said.text.clone());
    let (payload, meta) = (None, serde_json::Map::new());
    let content_type = said.content_type.clone();
    let send = VisitorFrame::Send { key, kind: said.kind, text, content_type, payload, meta };
    socket.send(&send).await.unwrap();
    agent.next().await;
    drop(socket);
    assert_eq!(said.state, UnsentState::Waiting);
    let key = said.key.clone();
    let mut visitor = VisitorClient::with_outbox(&relay, relay.organization(), token, vec![said]);
    let receipt = visitor.acked(&key).await;

    assert_eq!(receipt.seq, Seq(1));
    let conversations = relay.rest().get("/v2/conversations").await.ok();
    assert_eq!(conversations.as_array().map(Vec::len), Some(1));
    assert_eq!(visitor.texts(), ["Hello"]);
}

#[tokio::test]
async fn what_is_said_while_the_relay_is_down_arrives_once_it_is_back() {
    let mut relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    visitor.tell("Before").await;

    relay.kill().await;
    let meanwhile = visitor.say("Meanwhile");
    visitor.lose_connection();
    relay.restart().await;
    visitor.come_online();
    visitor.acked(&meanwhile).await;
    visitor.tell("After").await;

    visitor.seen(Seq(3)).await;
    assert_eq!(visitor.texts(), ["Before", "Meanwhile", "After"]);
}

fn messages(conversation: ConversationId) -> String {
    format!("/v2/conversations/{conversation}/messages")
}
