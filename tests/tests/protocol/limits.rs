//! What one visitor may ask for, and what a slow one costs.

use shared::{
    ErrorCode, Seq,
    message::MessageType,
    wire::{Entry, RelayFrame, VisitorFrame},
};
use tests::{
    checker,
    clock::patiently,
    greeting::{greet, hello, welcome},
    relay::{Relay, UNLIMITED},
    socket::{Opening, Received, Socket},
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn who_says_too_much_at_once_is_told_when_to_go_on() {
    let relay = Relay::start().await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;

    for number in 0..25 {
        socket.send(&send(number, "Hello")).await.unwrap();
    }
    let (mut receipts, mut refused) = (Vec::new(), 0);
    while receipts.len() + refused < 25 {
        match socket.frame().await {
            RelayFrame::Ack(receipt) => receipts.push(receipt),
            RelayFrame::Nack { error, retry_after, .. } => {
                assert_eq!(error.code, ErrorCode::RateLimited);
                assert!(retry_after.is_some_and(|ms| (1..=10_000).contains(&ms)), "{retry_after:?}");
                refused += 1;
            }
            RelayFrame::Entry(_) => {}
            other => panic!("an answer was expected, not {other:?}"),
        }
    }

    // The allowance grows back while they are sent: one in half a second.
    assert!((20..=22).contains(&receipts.len()), "{} were stored", receipts.len());
    assert_eq!(checker::read_log(relay.rest(), receipts[0].conversation).await.len(), receipts.len());
}

#[tokio::test]
async fn new_conversations_of_one_address_are_limited_and_old_ones_are_not() {
    let relay = Relay::start_with(&[("RELAY_NEW_CONVERSATIONS", "2")]).await;
    let mut first = VisitorClient::new(&relay);
    first.tell("one").await;
    VisitorClient::new(&relay).tell("two").await;

    let (mut third, _) = greet(&relay, &random_token(), Seq::ZERO).await;
    third.send(&send(0, "three")).await.unwrap();

    let RelayFrame::Nack { error, retry_after, .. } = third.frame().await else {
        panic!("a refusal was expected")
    };
    assert_eq!(error.code, ErrorCode::RateLimited);
    assert!(retry_after.is_some());
    first.tell("one more").await;
}

#[tokio::test]
async fn visitors_behind_a_proxy_are_told_apart() {
    let settings = [("RELAY_NEW_CONVERSATIONS", "1"), ("RELAY_TRUSTED_PROXIES", "127.0.0.1")];
    let relay = Relay::start_with(&settings).await;
    for (address, has_room) in [("203.0.113.7", true), ("203.0.113.8", true), ("203.0.113.7", false)] {
        let headers = [("x-forwarded-for", address)];
        let opening = Opening { headers: &headers, ..Opening::default() };
        let mut socket = Socket::open_with(relay.address(), "/v2/widget", opening).await.unwrap();
        socket.send(&hello(relay.organization(), &random_token(), Seq::ZERO)).await.unwrap();
        welcome(&mut socket).await;

        socket.send(&send(0, "Hello")).await.unwrap();

        assert_eq!(matches!(socket.frame().await, RelayFrame::Ack(_)), has_room, "{address}");
    }
}

#[tokio::test]
async fn a_message_that_breaks_a_limit_is_refused_and_the_socket_lives() {
    let relay = Relay::start().await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;

    socket.send(&send(0, &"x".repeat(8_001))).await.unwrap();
    let RelayFrame::Nack { error, retry_after, .. } = socket.frame().await else {
        panic!("a refusal was expected")
    };
    assert_eq!((error.code, error.field.as_deref(), retry_after), (ErrorCode::TooLarge, Some("text"), None));

    socket.send(&send(1, &"é".repeat(8_000))).await.unwrap();
    assert_eq!(socket.receipt().await.seq, Seq(1));
}

/// Sockets that do not read what they are sent.
const SLOW: usize = 10;
/// 12 MB of text for each of them: more than the kernel keeps for a connection.
const MESSAGES: usize = 1_500;
/// What the relay may grow by: the tail of the log that it keeps in memory and a mebibyte for each slow socket, but
/// not the 120 MB that wait for them.
const GROWTH: u64 = 40 << 20;

#[tokio::test]
async fn readers_that_do_not_read_do_not_make_the_relay_grow_and_catch_up_later() {
    let relay = Relay::start_with(&UNLIMITED).await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    visitor.tell("Hello").await;
    let mut slow = Vec::with_capacity(SLOW);
    for _ in 0..SLOW {
        let opening = Opening { receive_buffer: Some(16 * 1024), ..Opening::default() };
        let mut socket = Socket::open_with(relay.address(), "/v2/widget", opening).await.unwrap();
        socket.send(&hello(relay.organization(), &token, Seq(1))).await.unwrap();
        welcome(&mut socket).await;
        slow.push(socket);
    }
    let before = relay.process().memory().anonymous;

    let text = "x".repeat(8_000);
    for _ in 0..MESSAGES {
        visitor.tell(&text).await;
    }

    let growth = relay.process().memory().anonymous.saturating_sub(before);
    assert!(growth < GROWTH, "the relay grew by {growth} bytes");
    let head = Seq(MESSAGES as u64 + 1);
    for mut socket in slow {
        let last = read_on(&mut socket, head).await;
        if last < head {
            // It was closed as a slow reader; what it has not seen is where it was.
            let (_socket, welcome) = greet(&relay, &token, last).await;
            assert_eq!(welcome.head, head);
        }
    }
}

/// Reads entries, each following the one before, until the log's end or the socket's.
async fn read_on(socket: &mut Socket, head: Seq) -> Seq {
    let mut last = Seq(1);
    while last < head {
        let Received::Text(text) = patiently("an entry or the end", socket.receive()).await else { break };
        if let Ok(RelayFrame::Entry(Entry { seq, .. })) = serde_json::from_str(&text) {
            assert_eq!(seq, last.next());
            last = seq;
        }
    }
    last
}

fn send(number: usize, text: &str) -> VisitorFrame {
    VisitorFrame::Send {
        key: format!("k-{number}").parse().unwrap(),
        kind: MessageType::Chat,
        text: text.to_owned(),
        content_type: None,
        payload: None,
        meta: serde_json::Map::new(),
    }
}
