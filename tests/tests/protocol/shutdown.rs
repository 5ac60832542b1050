//! SIGTERM: sockets are told, requests finish, nothing is lost.

use serde_json::json;
use shared::{ErrorCode, Seq};
use std::collections::HashSet;
use tests::{
    clock::patiently,
    greeting::{Refusal, greet, refusal},
    relay::Relay,
    rest::Rest,
    visitor::{VisitorClient, random_token},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Enough that equal hints would not be chance.
const VISITORS: usize = 8;

#[tokio::test]
async fn every_socket_is_told_when_to_come_back_and_the_exit_is_clean() {
    let mut relay = Relay::start().await;
    let mut sockets = Vec::with_capacity(VISITORS);
    for _ in 0..VISITORS {
        sockets.push(greet(&relay, &random_token(), Seq::ZERO).await.0);
    }

    relay.terminate();

    let mut hints = HashSet::new();
    for socket in &mut sockets {
        let Refusal { error, retry_after, close_code } = refusal(socket).await;
        assert_eq!((error.code, close_code), (ErrorCode::Unavailable, 1012));
        hints.insert(retry_after.expect("a hint"));
    }
    assert!(hints.len() > 1, "all come back in the same moment: {hints:?}");
    assert_eq!(relay.exited().await.code(), Some(0), "{}", relay.output());
}

#[tokio::test]
async fn a_restart_loses_nothing_and_visitors_come_back_by_themselves() {
    let mut relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    visitor.tell("Before").await;
    let under_way = visitor.say("Under way");

    relay.terminate();
    assert_eq!(relay.exited().await.code(), Some(0), "{}", relay.output());
    relay.restart().await;
    visitor.acked(&under_way).await;

    visitor.seen(Seq(2)).await;
    assert_eq!(visitor.texts(), ["Before", "Under way"]);
}

#[tokio::test]
async fn a_request_under_way_is_answered_while_the_relay_says_that_it_is_not_ready() {
    let mut relay = Relay::start().await;
    let body = json!({"organization": relay.organization(), "name": "Sales"}).to_string();
    let mut request = begin_post(&relay, "/v2/channels", body.len()).await;

    relay.terminate();
    not_ready(&relay).await;
    request.write_all(body.as_bytes()).await.unwrap();

    let mut answer = String::new();
    request.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(relay.exited().await.code(), Some(0), "{}", relay.output());
}

#[tokio::test]
async fn a_connection_made_before_the_signal_is_answered_once() {
    let mut relay = Relay::start().await;
    let body = json!({"organization": relay.organization(), "name": "Sales"}).to_string();
    // Keeps the relay draining until the end of this test.
    let mut under_way = begin_post(&relay, "/v2/channels", body.len()).await;
    let mut silent = TcpStream::connect(relay.address()).await.unwrap();
    // The relay accepts in order: an answer to a later connection says that it has the silent one.
    assert_eq!(Rest::new(relay.address()).get("/readyz").await.status, 200);

    relay.terminate();
    not_ready(&relay).await;
    silent.write_all(b"GET /readyz HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n").await.unwrap();

    let mut answer = String::new();
    silent.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    under_way.write_all(body.as_bytes()).await.unwrap();
    assert_eq!(relay.exited().await.code(), Some(0), "{}", relay.output());
}

async fn not_ready(relay: &Relay) {
    let not_ready = async { while Rest::new(relay.address()).get("/readyz").await.status != 503 {} };
    patiently("the relay to be not ready", not_ready).await;
}

/// A request whose headers the relay has read and whose body it waits for (RFC 9110, 10.1.1).
async fn begin_post(relay: &Relay, path: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(relay.address()).await.unwrap();
    let (host, token) = (relay.address(), relay.rest().token().unwrap());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let expected = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut go_on = [0; 25];
    patiently("a go-ahead", stream.read_exact(&mut go_on)).await.unwrap();
    assert_eq!(go_on, *expected);
    stream
}
