//! Frames that are none: each ends its own socket with a plain word, and the relay serves on.

use shared::{ErrorCode, Seq, limits};
use tests::{
    greeting::{Refusal, connect, greet, refusal},
    relay::Relay,
    socket::Socket,
    visitor::{VisitorClient, random_token},
};

const NO_FRAMES: [(&str, ErrorCode); 6] = [
    ("", ErrorCode::BadJson),
    ("hello", ErrorCode::BadJson),
    (r#"{"hello":"#, ErrorCode::BadJson),
    (r#"{"dance":{}}"#, ErrorCode::BadRequest),
    (r#"{"send":{"text":"without a key"}}"#, ErrorCode::BadRequest),
    (r#"[1,2,3]"#, ErrorCode::BadRequest),
];

#[tokio::test]
async fn a_text_that_is_no_frame_ends_the_socket() {
    let relay = Relay::start().await;
    for (text, code) in NO_FRAMES {
        for mut socket in both_kinds(&relay).await {
            socket.send_text(text).await.unwrap();
            let Refusal { error, retry_after, close_code } = refusal(&mut socket).await;
            assert_eq!((error.code, close_code, retry_after), (code, 4400, None), "{text}");
        }
    }
    serves_on(&relay).await;
}

#[tokio::test]
async fn a_frame_over_64_kib_ends_the_socket() {
    let relay = Relay::start().await;
    let text = "x".repeat(100_000);
    let frame = format!(r#"{{"send":{{"key":"k-1","text":"{text}"}}}}"#);
    for mut socket in both_kinds(&relay).await {
        socket.send_text(frame.clone()).await.unwrap();
        let Refusal { error, close_code, .. } = refusal(&mut socket).await;
        assert_eq!((error.code, close_code), (ErrorCode::TooLarge, 1009));
        assert!(error.message.contains(&limits::FRAME_BYTES.to_string()), "{error}");
    }
    serves_on(&relay).await;
}

#[tokio::test]
async fn a_binary_frame_ends_the_socket() {
    let relay = Relay::start().await;
    for mut socket in both_kinds(&relay).await {
        socket.send_binary(vec![0xff; 100]).await.unwrap();
        assert_eq!(refusal(&mut socket).await.error.code, ErrorCode::BadRequest);
    }
    serves_on(&relay).await;
}

#[tokio::test]
async fn a_socket_that_is_torn_away_in_the_middle_harms_nobody() {
    let relay = Relay::start().await;
    for socket in both_kinds(&relay).await {
        drop(socket);
    }
    serves_on(&relay).await;
}

/// One that has not greeted, one that is welcome.
async fn both_kinds(relay: &Relay) -> [Socket; 2] {
    [connect(relay).await, greet(relay, &random_token(), Seq::ZERO).await.0]
}

async fn serves_on(relay: &Relay) {
    assert_eq!(VisitorClient::new(relay).tell("Still there?").await.seq, Seq(1));
}
