//! One-time links: a conversation moves to the browser that opens one.

use serde_json::{Value, json};
use shared::{
    ConversationId, Seq, VisitorToken,
    wire::{Claim, ClaimOutcome, Welcome},
};
use tests::{
    greeting::{greet, greet_as, welcome},
    relay::Relay,
    rest::Rest,
    visitor::{VisitorClient, random_token},
};

/// A conversation that began elsewhere, by itself and by its contact.
async fn outbound(relay: &Relay) -> (ConversationId, String) {
    let conversation = json!({
        "organization": relay.organization(),
        "contact": {"profile": {"name": "John", "telephone": "+31646280994"}},
        "messages": [{"role": "agent", "text": "Your bike is ready."}],
    });
    let made = relay.rest().post("/v2/conversations", &conversation).await.created();
    (made["id"].as_str().unwrap().parse().unwrap(), made["contact"].as_str().unwrap().to_owned())
}

async fn link(relay: &Relay, contact: &str) -> Claim {
    let made = relay.rest().post(&format!("/v2/contacts/{contact}/links"), &json!({})).await.created();
    let text = |member: &Value| member.as_str().unwrap().to_owned();
    Claim { id: text(&made["id"]), token: text(&made["token"]) }
}

async fn open(relay: &Relay, token: &VisitorToken, claim: &Claim) -> Welcome {
    let mut socket = greet_as(relay, token, |hello| hello.claim = Some(claim.clone())).await;
    welcome(&mut socket).await
}

#[tokio::test]
async fn the_conversation_moves_to_whoever_opens_the_link_first() {
    let mut relay = Relay::start().await;
    let (conversation, contact) = outbound(&relay).await;
    let claim = link(&relay, &contact).await;
    let (mine, other) = (random_token(), random_token());

    let opened = open(&relay, &mine, &claim).await;
    assert_eq!((opened.claim, opened.conversation), (Some(ClaimOutcome::Accepted), Some(conversation)));
    assert_eq!(opened.entries.len(), 1);

    relay.kill().await;
    relay.restart().await;

    let again = open(&relay, &mine, &claim).await;
    assert_eq!((again.claim, again.conversation), (Some(ClaimOutcome::Accepted), Some(conversation)));
    let late = open(&relay, &other, &claim).await;
    assert_eq!((late.claim, late.conversation, late.head), (Some(ClaimOutcome::Refused), None, Seq::ZERO));
    let (_, without) = greet(&relay, &mine, Seq::ZERO).await;
    assert_eq!((without.claim, without.conversation), (None, Some(conversation)));
    let mut visitor = VisitorClient::with_token(&relay, mine);
    assert_eq!(visitor.tell("On my way").await.conversation, conversation);
}

#[tokio::test]
async fn a_visitor_with_a_conversation_leaves_it_behind() {
    let relay = Relay::start().await;
    let (conversation, contact) = outbound(&relay).await;
    let token = random_token();
    let mut before = VisitorClient::with_token(&relay, token.clone());
    let left = before.tell("Hello").await.conversation;

    let opened = open(&relay, &token, &link(&relay, &contact).await).await;

    assert_eq!((opened.claim, opened.conversation), (Some(ClaimOutcome::Accepted), Some(conversation)));
    let shown = relay.rest().get(&format!("/v2/conversations/{left}")).await.ok();
    assert_eq!(shown["head"], 1);
}

#[tokio::test]
async fn what_is_no_credential_leaves_the_visitor_anonymous() {
    let relay = Relay::start().await;
    let (_, contact) = outbound(&relay).await;
    let claim = link(&relay, &contact).await;
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let other = other["id"].as_str().unwrap().parse().unwrap();
    let token = random_token();
    for forged in [
        Claim { token: claim.token.to_uppercase(), ..claim.clone() },
        Claim { id: "5bb01d0dd99faf11a3f4a36f".into(), ..claim.clone() },
        Claim { id: "42".into(), token: String::new() },
    ] {
        let welcome = open(&relay, &token, &forged).await;
        assert_eq!((welcome.claim, welcome.conversation), (Some(ClaimOutcome::Refused), None), "{forged:?}");
    }
    let mut socket = greet_as(&relay, &token, |hello| {
        hello.organization = other;
        hello.claim = Some(claim.clone());
    })
    .await;
    assert_eq!(welcome(&mut socket).await.claim, Some(ClaimOutcome::Refused), "another organization");
    assert_eq!(
        open(&relay, &token, &claim).await.claim,
        Some(ClaimOutcome::Accepted),
        "nothing has used it up"
    );
}

/// What the address that a short link leads to carries.
async fn followed(relay: &Relay, action: &Value) -> Claim {
    let uri = action["uri"].as_str().unwrap();
    let answer = Rest::new(relay.address()).get(&uri[uri.find("/l/").unwrap()..]).await;
    assert_eq!(answer.status, 302);
    let location = answer.headers["location"].to_str().unwrap();
    let (_, carried) = location.split_once("?id=").unwrap();
    let (id, token) = carried.split_once("&token=").unwrap();
    Claim { id: id.to_owned(), token: token.to_owned() }
}

#[tokio::test]
async fn a_link_in_a_message_brings_whoever_follows_it_first() {
    let mut relay = Relay::start().await;
    let (conversation, _) = outbound(&relay).await;
    let uri = "https://shop.example/chat?id={authuser}&token={authtoken}";
    let message = json!({"role": "agent", "text": "Go on here", "actions": [{"type": "link", "text": "Go", "uri": uri}]});
    let path = format!("/v2/conversations/{conversation}/messages");
    let said = relay.rest().post(&path, &message).await.created();
    relay.kill().await;
    relay.restart().await;
    let (mine, other) = (random_token(), random_token());

    let claim = followed(&relay, &said["actions"][0]).await;
    assert_eq!(
        followed(&relay, &said["actions"][0]).await,
        claim,
        "a program that looks first uses nothing up"
    );
    let opened = open(&relay, &mine, &claim).await;
    assert_eq!((opened.claim, opened.conversation), (Some(ClaimOutcome::Accepted), Some(conversation)));
    assert_eq!(opened.entries.len(), 2);

    let forwarded = open(&relay, &other, &followed(&relay, &said["actions"][0]).await).await;
    assert_eq!((forwarded.claim, forwarded.conversation), (Some(ClaimOutcome::Refused), None));
}
