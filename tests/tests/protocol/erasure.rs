//! Whoever is connected when they are erased is told, and is somebody new.

use serde_json::{Value, json};
use shared::{ErrorCode, Seq, peer::VisitorEvent};
use tests::{
    agent::{self, AgentStream},
    clock::patiently,
    greeting::{greet, refusal},
    relay::Relay,
    socket::Received,
    visitor::{VisitorClient, random_token},
};

async fn contact(relay: &Relay, conversation: impl std::fmt::Display) -> String {
    let shown = relay.rest().get(&format!("/v2/conversations/{conversation}")).await.ok();
    format!("/v2/contacts/{}", shown["contact"].as_str().unwrap())
}

/// Until nothing is left of anybody's messages.
async fn swept(relay: &Relay) {
    let sweep = async {
        while relay.rest().get("/v2/messages").await.ok() != json!([]) {
            tokio::task::yield_now().await;
        }
    };
    patiently("the sweep", sweep).await;
}

#[tokio::test]
async fn an_open_widget_starts_over() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    let first = visitor.tell("Hello").await.conversation;
    let (mut other_tab, _) = greet(&relay, &token, Seq::ZERO).await;

    assert_eq!(relay.rest().delete(&contact(&relay, first).await).await.status, 204);

    let refused = refusal(&mut other_tab).await;
    assert_eq!((refused.error.code, refused.close_code), (ErrorCode::NotFound, 4404));
    assert!(refused.retry_after.is_some());
    visitor
        .until("an empty log", |event| match event {
            VisitorEvent::Reset(entries) => {
                assert_eq!(entries, []);
                Some(())
            }
            _ => None,
        })
        .await;
    swept(&relay).await;
    let second = visitor.tell("Hello again").await;
    visitor.seen(second.seq).await;
    assert_ne!(second.conversation, first);
    assert_eq!((second.seq, visitor.texts()), (Seq(1), vec!["Hello again"]));
}

#[tokio::test]
async fn the_sockets_of_an_erased_organization_end_and_a_restart_goes_on() {
    let mut relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    visitor.tell("Hello").await;
    let (mut known, _) = greet(&relay, &token, Seq::ZERO).await;
    let (mut silent, _) = greet(&relay, &random_token(), Seq::ZERO).await;
    let user = json!({"organization": relay.organization(), "name": "Ada", "role": "agent"});
    let user = relay.rest().post("/v2/users", &user).await.created();
    let mut own = agent::connect(relay.address(), user["token"].as_str().unwrap()).await;
    agent::greet(&mut own, relay.organization(), None).await;
    let _welcome: Value = own.frame().await;
    let mut stream = AgentStream::open(&relay).await;

    let path = format!("/v2/organizations/{}", relay.organization());
    assert_eq!(relay.rest().delete(&path).await.status, 204);

    for socket in [&mut known, &mut silent] {
        assert_eq!(refusal(socket).await.close_code, 4404);
    }
    let end = async |received: Received| match received {
        Received::Text(text) => Some(text),
        _ => None,
    };
    let last = end(own.receive().await).await.unwrap();
    assert!(last.contains("\"unauthorized\"") || last.contains("\"not_found\""), "{last}");
    assert!(end(stream.receive().await).await.unwrap().contains("\"not_found\""));
    assert_eq!(visitor.stopped().await.code, ErrorCode::NotFound);
    relay.kill().await;
    relay.restart().await;
    swept(&relay).await;
    assert_eq!(relay.rest().get(&path).await.status, 404);
}
