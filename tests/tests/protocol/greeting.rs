//! Who gets in, and what they get to know.

use serde_json::json;
use shared::{ErrorCode, OrganizationId, Seq, wire::VisitorFrame};
use tests::{
    greeting::{Refusal, connect, greet, hello, refusal, welcome},
    relay::Relay,
    socket::{Opening, Socket},
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn a_new_visitor_is_welcome_and_leaves_no_trace() {
    let relay = Relay::start().await;

    let (_socket, welcome) = greet(&relay, &random_token(), Seq::ZERO).await;

    assert_eq!((welcome.conversation, welcome.head, welcome.entries.len()), (None, Seq::ZERO, 0));
    assert_eq!(welcome.organization.name, "Rook Lane Cycles");
    assert_eq!(relay.rest().get("/v2/conversations").await.ok(), json!([]));
    assert_eq!(relay.rest().get("/v2/contacts").await.ok(), json!([]));
}

#[tokio::test]
async fn an_unknown_organization_is_named() {
    let relay = Relay::start().await;
    let unknown = OrganizationId::from_bytes([9; 12]);

    let mut socket = connect(&relay).await;
    socket.send(&hello(unknown, &random_token(), Seq::ZERO)).await.unwrap();

    let Refusal { error, retry_after, close_code } = refusal(&mut socket).await;
    assert_eq!((error.code, close_code, retry_after), (ErrorCode::NotFound, 4404, None));
    assert!(error.message.contains(&unknown.to_string()), "{error}");
}

#[tokio::test]
async fn a_widget_stays_away_from_an_organization_that_does_not_exist() {
    let relay = Relay::start().await;
    let unknown = OrganizationId::from_bytes([9; 12]);

    let mut visitor = VisitorClient::with_outbox(&relay, unknown, random_token(), Vec::new());

    assert_eq!(visitor.stopped().await.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn pages_of_other_origins_may_not_show_the_chat() {
    let relay = Relay::start().await;
    let organization = format!("/v2/organizations/{}", relay.organization());
    let listed = json!({"allowedOrigins": ["https://shop.example"]});
    assert_eq!(relay.rest().patch(&organization, &listed).await.status, 200);

    let mut socket = greet_from(&relay, "https://evil.example").await;
    let Refusal { error, retry_after, close_code } = refusal(&mut socket).await;
    assert_eq!((error.code, close_code, retry_after), (ErrorCode::OriginNotAllowed, 4403, None));
    assert!(error.message.contains("https://evil.example"), "{error}");

    welcome(&mut greet_from(&relay, "https://shop.example").await).await;
    let own = format!("http://{}", relay.address());
    welcome(&mut greet_from(&relay, &own).await).await;
}

#[tokio::test]
async fn the_first_frame_is_a_greeting_of_a_version_that_is_spoken() {
    let relay = Relay::start().await;

    let mut socket = connect(&relay).await;
    socket.send(&VisitorFrame::Pong {}).await.unwrap();
    let refused = refusal(&mut socket).await;
    assert_eq!((refused.error.code, refused.close_code), (ErrorCode::BadRequest, 4400));

    let VisitorFrame::Hello(mut newer) = hello(relay.organization(), &random_token(), Seq::ZERO) else {
        unreachable!("hello() makes a greeting")
    };
    newer.version = 99;
    let mut socket = connect(&relay).await;
    socket.send(&VisitorFrame::Hello(newer)).await.unwrap();
    let refused = refusal(&mut socket).await;
    assert_eq!(refused.error.field.as_deref(), Some("version"));
}

#[tokio::test]
async fn a_greeting_is_said_once() {
    let relay = Relay::start().await;
    let token = random_token();
    let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;

    socket.send(&hello(relay.organization(), &token, Seq::ZERO)).await.unwrap();

    assert_eq!(refusal(&mut socket).await.error.code, ErrorCode::BadRequest);
}

async fn greet_from(relay: &Relay, origin: &str) -> Socket {
    let headers = [("origin", origin)];
    let opening = Opening { headers: &headers, ..Opening::default() };
    let mut socket = Socket::open_with(relay.address(), "/v2/widget", opening).await.unwrap();
    socket.send(&hello(relay.organization(), &random_token(), Seq::ZERO)).await.unwrap();
    socket
}
