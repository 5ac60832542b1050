//! A log that is longer than one page, and clients that have part of it.

use serde_json::json;
use shared::{
    ConversationId, Seq, VisitorToken, limits,
    peer::VisitorEvent,
    wire::{RelayFrame, VisitorFrame},
};
use tests::{
    greeting::greet,
    relay::{Relay, UNLIMITED},
    socket::Socket,
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn the_newest_page_comes_first_and_earlier_ones_on_demand() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let (token, _) = conversation_of(&relay, 120).await;

    let mut visitor = VisitorClient::with_token(&relay, token);
    visitor.welcomed().await;
    assert_eq!(places(&visitor), (71..=120).collect::<Vec<_>>());
    while visitor.peer().has_earlier() {
        visitor.load_earlier();
        visitor.until("a page", |event| matches!(event, VisitorEvent::Prepended(_)).then_some(())).await;
    }

    assert_eq!(places(&visitor), (1..=120).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_that_has_a_part_gets_the_rest() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let (token, _) = conversation_of(&relay, 120).await;

    let (mut socket, welcome) = greet(&relay, &token, Seq(10)).await;

    assert!(!welcome.reload);
    assert_eq!(welcome.head, Seq(120));
    let mut seqs: Vec<_> = welcome.entries.iter().map(|entry| entry.seq.0).collect();
    assert_eq!(seqs.len(), limits::HISTORY_PAGE);
    while seqs.len() < 110 {
        seqs.push(next_entry(&mut socket).await.0);
    }
    assert_eq!(seqs, (11..=120).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_that_is_too_far_behind_or_ahead_starts_over() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let (token, _) = conversation_of(&relay, 520).await;

    for last in [Seq(5), Seq(521)] {
        let (_socket, welcome) = greet(&relay, &token, last).await;
        assert!(welcome.reload);
        let seqs: Vec<_> = welcome.entries.iter().map(|entry| entry.seq.0).collect();
        assert_eq!(seqs, (471..=520).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_gap_is_filled_on_request() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let (token, _) = conversation_of(&relay, 30).await;
    let (mut socket, _) = greet(&relay, &token, Seq(30)).await;

    socket.send(&VisitorFrame::Since { after: Seq(27) }).await.unwrap();

    for seq in 28..=30 {
        assert_eq!(next_entry(&mut socket).await, Seq(seq));
    }
}

#[tokio::test]
async fn a_page_of_history_ends_before_what_was_asked_for() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let (token, _) = conversation_of(&relay, 60).await;
    let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;

    for (before, expected) in [(11, 1..11), (61, 11..61), (1, 1..1)] {
        socket.send(&VisitorFrame::Before { before: Seq(before) }).await.unwrap();
        let RelayFrame::History { entries, .. } = socket.frame().await else { panic!("a page was expected") };
        let seqs: Vec<_> = entries.iter().map(|entry| entry.seq.0).collect();
        assert_eq!(seqs, expected.collect::<Vec<_>>(), "before {before}");
    }
}

/// A conversation with this many messages: one of the visitor, the rest of an agent.
async fn conversation_of(relay: &Relay, length: usize) -> (VisitorToken, ConversationId) {
    let token = random_token();
    let conversation = VisitorClient::with_token(relay, token.clone()).tell("message 1").await.conversation;
    let path = format!("/v2/conversations/{conversation}/messages");
    let numbers: Vec<_> = (2..=length).collect();
    for page in numbers.chunks(50) {
        let messages: Vec<_> =
            page.iter().map(|number| json!({"role": "agent", "text": format!("message {number}")})).collect();
        relay.rest().post(&path, &json!(messages)).await.created();
    }
    (token, conversation)
}

fn places(visitor: &VisitorClient) -> Vec<u64> {
    visitor.peer().log().entries().map(|entry| entry.seq.0).collect()
}

async fn next_entry(socket: &mut Socket) -> Seq {
    match socket.frame().await {
        RelayFrame::Entry(entry) => entry.seq,
        other => panic!("an entry was expected, not {other:?}"),
    }
}
