//! The agents' stream: everything of one organization, resumable.

use serde_json::json;
use shared::{ErrorCode, OrganizationId, wire::StreamFrame};
use tests::{
    agent::{self, AgentStream},
    clock::patiently,
    relay::Relay,
    socket::{Received, Socket},
    visitor::VisitorClient,
};

#[tokio::test]
async fn a_reader_that_comes_back_gets_what_it_missed() {
    let relay = Relay::start().await;
    let mut stream = AgentStream::open(&relay).await;
    let mut visitor = VisitorClient::new(&relay);
    visitor.tell("seen").await;
    assert_eq!(stream.next_text().await, "seen");
    let cursor = stream.cursor();
    drop(stream);

    visitor.tell("missed").await;
    VisitorClient::new(&relay).tell("missed too").await;
    let mut stream = AgentStream::resume(&relay, Some(cursor)).await;

    assert_eq!(stream.next_text().await, "missed");
    assert_eq!(stream.next_text().await, "missed too");
    visitor.tell("live").await;
    assert_eq!(stream.next_text().await, "live");
}

#[tokio::test]
async fn a_cursor_outlives_the_relay() {
    let mut relay = Relay::start().await;
    let mut stream = AgentStream::open(&relay).await;
    let mut visitor = VisitorClient::new(&relay);
    visitor.tell("seen").await;
    stream.next().await;
    let cursor = stream.cursor();
    visitor.tell("missed").await;

    relay.kill().await;
    relay.restart().await;

    let mut stream = AgentStream::resume(&relay, Some(cursor)).await;
    assert_eq!(stream.next_text().await, "missed");
    VisitorClient::new(&relay).tell("after").await;
    assert_eq!(stream.next_text().await, "after", "cursors go on growing");
}

#[tokio::test]
async fn everything_is_read_from_the_beginning_with_cursor_0() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    for number in 1..=15 {
        visitor.tell(&format!("message {number}")).await;
    }

    let mut stream = AgentStream::resume(&relay, Some(0)).await;

    for number in 1..=15 {
        assert_eq!(stream.next_text().await, format!("message {number}"));
    }
}

#[tokio::test]
async fn nothing_of_other_organizations_is_seen() {
    let relay = Relay::start().await;
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let user = json!({"organization": other["id"], "name": "Ada", "role": "agent"});
    let token = relay.rest().post("/v2/users", &user).await.created()["token"].as_str().unwrap().to_owned();
    let other: OrganizationId = other["id"].as_str().unwrap().parse().unwrap();

    let mut foreign = agent::connect(relay.address(), &token).await;
    agent::greet(&mut foreign, other, Some(0)).await;
    assert!(
        matches!(foreign.frame().await, StreamFrame::Welcome { organization, .. } if organization == other)
    );
    let mut own = AgentStream::open(&relay).await;
    VisitorClient::new(&relay).tell("Not for Ada").await;
    own.next().await;
    let conversation = json!({
        "organization": other, "type": "contact", "contact": {"profile": {"email": "a@example.org"}},
        "touchpoint": "web", "messages": [{"text": "For Ada", "role": "agent"}],
    });
    relay.rest().post("/v2/conversations", &conversation).await.created();

    let StreamFrame::Event(event) = foreign.frame().await else { panic!("an event was expected") };
    assert!(event.data.get().contains("For Ada"), "{}", event.data);
}

#[tokio::test]
async fn a_token_opens_its_own_organization_only() {
    let relay = Relay::start().await;
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let user = json!({"organization": other["id"], "name": "Ada"});
    let token = relay.rest().post("/v2/users", &user).await.created()["token"].as_str().unwrap().to_owned();

    let mut socket = agent::connect(relay.address(), &token).await;
    agent::greet(&mut socket, relay.organization(), None).await;

    let (code, close_code) = refusal(&mut socket).await;
    assert!(matches!(code, ErrorCode::Forbidden | ErrorCode::NotFound), "{code}");
    assert_eq!(close_code, code.close_code());
}

#[tokio::test]
async fn without_a_valid_token_there_is_no_stream() {
    let relay = Relay::start().await;

    let mut socket = agent::connect(relay.address(), "eyJhbGciOiJIUzI1NiJ9.e30.c2ln").await;
    agent::greet(&mut socket, relay.organization(), None).await;

    assert_eq!(refusal(&mut socket).await, (ErrorCode::Unauthorized, 4401));
}

async fn refusal(socket: &mut Socket) -> (ErrorCode, u16) {
    let StreamFrame::Error { error, .. } = socket.frame().await else { panic!("an error was expected") };
    match patiently("the end of the socket", socket.receive()).await {
        Received::Closed(code) => (error.code, code),
        other @ (Received::Text(_) | Received::Broken) => panic!("a close was expected, not {other:?}"),
    }
}
