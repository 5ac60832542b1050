//! Webhooks: a real relay calls a real receiver.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use std::collections::{HashMap, HashSet};
use tests::{
    clock::patiently,
    receiver::{Call, Receiver},
    relay::Relay,
    visitor::VisitorClient,
};

const ALLOWED: [(&str, &str); 1] = [("RELAY_ALLOW_PRIVATE_WEBHOOKS", "true")];
const SAID: &str = "message.create.contact.chat";

/// A webhook of the relay's organization, as the answer to its making shows it.
async fn hook(relay: &Relay, receiver: &Receiver, events: &[&str]) -> Value {
    let new = json!({"organization": relay.organization(), "url": receiver.url(), "events": events});
    relay.rest().post("/v2/webhooks", &new).await.created()
}

/// A new conversation in which these were said, by its id.
async fn conversation(relay: &Relay, texts: &[&str]) -> String {
    let messages: Vec<_> = texts.iter().map(|text| json!({"role": "contact", "text": text})).collect();
    let email = format!("{}@shop.example", fastrand::u64(..));
    let new = json!({
        "organization": relay.organization(),
        "contact": {"profile": {"email": email}},
        "messages": messages,
    });
    relay.rest().post("/v2/conversations", &new).await.created()["id"].as_str().unwrap().to_owned()
}

async fn say(relay: &Relay, conversation: &str, text: &str) {
    let path = format!("/v2/conversations/{conversation}/messages");
    relay.rest().post(&path, &json!({"role": "contact", "text": text})).await.created();
}

/// Reads until it is as it should be.
async fn until(relay: &Relay, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let looking = async {
        loop {
            let shown = relay.rest().get(path).await.ok();
            if is_so(&shown) {
                return shown;
            }
        }
    };
    patiently(path, looking).await
}

#[tokio::test]
async fn what_a_visitor_says_arrives_signed_twice() {
    let relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    let hook = hook(&relay, &receiver, &[SAID]).await;
    let mut visitor = VisitorClient::new(&relay);

    let receipt = visitor.tell("Hello").await;

    let call = receiver.next().await;
    assert_eq!((call.event(), call.text()), (SAID, "Hello"));
    assert_eq!(call.json["data"]["conversation"]["id"], json!(receipt.conversation));
    assert_eq!(call.headers["webhook-id"], call.json["id"].as_str().unwrap());
    assert_signed(&call, hook["secret"].as_str().unwrap());
}

fn assert_signed(Call { headers, body, .. }: &Call, secret: &str) {
    let hub = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize();
    let hub: String = hub.into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(headers["x-hub-signature"], format!("sha1={hub}"));
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let text = |name: &str| headers[name].to_str().unwrap();
    let content = format!("{}.{}.{body}", text("webhook-id"), text("webhook-timestamp"));
    let standard = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(content).finalize();
    assert_eq!(text("webhook-signature"), format!("v1,{}", STANDARD.encode(standard.into_bytes())));
}

#[tokio::test]
async fn a_private_address_is_refused_without_the_flag() {
    let relay = Relay::start().await;
    let receiver = Receiver::start().await;
    for url in [receiver.url().to_owned(), receiver.url().replace("127.0.0.1", "localhost")] {
        let new = json!({"organization": relay.organization(), "url": url, "events": ["*"]});
        let refused = relay.rest().post("/v2/webhooks", &new).await;
        assert_eq!((refused.status, &refused.body["error"]["field"]), (422, &json!("url")), "{url}");
    }
}

#[tokio::test]
async fn only_what_the_patterns_name_arrives() {
    let relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    hook(&relay, &receiver, &["message.create.*.command", "conversation.create"]).await;
    let conversation = conversation(&relay, &["Hello"]).await;
    let path = format!("/v2/conversations/{conversation}/messages");
    relay.rest().post(&path, &json!({"type": "command", "text": "/set colour red"})).await.created();

    assert_eq!(receiver.next().await.event(), "conversation.create");
    let command = receiver.next().await;
    assert_eq!((command.event(), command.text()), ("message.create.contact.command", "/set colour red"));
}

#[tokio::test]
async fn a_conversation_that_waits_keeps_its_order_and_holds_up_no_other() {
    let relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    hook(&relay, &receiver, &[SAID]).await;
    receiver.answer(|body| if body["data"]["message"]["text"] == "first" { 500 } else { 200 });
    conversation(&relay, &["first", "second"]).await;
    let call = receiver.next().await;
    assert_eq!((call.text(), call.status), ("first", 500));

    conversation(&relay, &["another"]).await;

    // The first is tried again meanwhile; the second waits for it.
    while receiver.next().await.text() != "another" {}
    receiver.answer(|_| 200);
    let mut call = receiver.next().await;
    while call.status == 500 {
        call = receiver.next().await;
    }
    assert_eq!((call.text(), call.status), ("first", 200));
    assert_eq!(receiver.next().await.text(), "second");
}

const CONVERSATIONS: usize = 3;
const MESSAGES: usize = 30;

#[tokio::test]
async fn a_killed_relay_delivers_the_rest_after_its_restart() {
    let mut relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    hook(&relay, &receiver, &["message.*"]).await;
    let texts: Vec<_> = (1..=MESSAGES).map(|number| number.to_string()).collect();
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    for _ in 0..CONVERSATIONS {
        conversation(&relay, &texts).await;
    }
    let mut calls = Vec::new();
    while calls.len() < MESSAGES {
        calls.push(receiver.next().await);
    }

    relay.kill().await;
    relay.restart().await;

    let id = |call: &Call| call.headers["webhook-id"].to_str().unwrap().to_owned();
    let mut known: HashSet<String> = calls.iter().map(id).collect();
    while known.len() < CONVERSATIONS * MESSAGES {
        let call = receiver.next().await;
        known.insert(id(&call));
        calls.push(call);
    }
    let mut seqs: HashMap<String, u64> = HashMap::new();
    for call in &calls {
        let message = &call.json["data"]["message"];
        let last = seqs.entry(message["conversation"].to_string()).or_default();
        let seq = message["seq"].as_u64().unwrap();
        // One whose answer the relay did not note is called for again.
        assert!(seq == *last + 1 || seq == *last, "{seq} after {last}");
        *last = seq;
    }
    assert_eq!(seqs.into_values().collect::<Vec<_>>(), [MESSAGES as u64; CONVERSATIONS]);
}

#[tokio::test]
async fn a_call_under_way_is_finished_and_noted_before_the_exit() {
    let mut relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    let hook = hook(&relay, &receiver, &[SAID]).await;
    receiver.hold(true);
    conversation(&relay, &["one", "two"]).await;
    assert_eq!(receiver.next().await.text(), "one");

    relay.terminate();
    // The connection of an earlier question may end with this one on its way.
    let asked = async || relay.rest().try_get("/readyz").await;
    let not_ready = async { while asked().await.is_none_or(|answer| answer.status != 503) {} };
    patiently("the relay to be not ready", not_ready).await;
    receiver.hold(false);
    assert_eq!(relay.exited().await.code(), Some(0), "{}", relay.output());
    relay.restart().await;

    assert_eq!(receiver.next().await.text(), "two", "what was answered is not called for again");
    let path = format!("/v2/webhooks/{}/deliveries", hook["id"].as_str().unwrap());
    let listed = until(&relay, &path, |listed| listed[0]["status"] == "delivered").await;
    assert_eq!((&listed[1]["status"], &listed[1]["attempts"]), (&json!("delivered"), &json!(1)));
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_disabled_until_somebody_enables_it() {
    let relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    let hook = hook(&relay, &receiver, &[SAID]).await;
    let path = format!("/v2/webhooks/{}", hook["id"].as_str().unwrap());
    receiver.answer(|_| 410);
    let conversation = conversation(&relay, &["Anybody there?"]).await;
    assert_eq!(receiver.next().await.status, 410);

    let shown = until(&relay, &path, |shown| shown["enabled"] == false).await;

    assert_eq!(shown["disabledReason"], "gone");
    let missed = relay.rest().get(&format!("{path}/deliveries")).await.ok();
    assert_eq!((&missed[0]["status"], &missed[0]["responseStatus"]), (&json!("failed"), &json!(410)));
    let again = format!("{path}/deliveries/{}/redeliver", missed[0]["id"].as_str().unwrap());
    assert_eq!(relay.rest().post(&again, &json!({})).await.status, 422);
    say(&relay, &conversation, "Nobody, it seems").await;
    receiver.answer(|_| 200);
    relay.rest().patch(&path, &json!({"enabled": true})).await.ok();
    say(&relay, &conversation, "And now?").await;
    assert_eq!(receiver.next().await.text(), "And now?", "it starts from now");
    let waiting = relay.rest().post(&again, &json!({})).await;
    assert_eq!((waiting.status, &waiting.body["status"]), (202, &json!("waiting")));
    assert_eq!(receiver.next().await.text(), "Anybody there?");
}

#[tokio::test]
async fn a_delivery_can_be_sent_again_under_the_same_id() {
    let relay = Relay::start_with(&ALLOWED).await;
    let mut receiver = Receiver::start().await;
    let hook = hook(&relay, &receiver, &["channel.*"]).await;
    let channel = json!({"organization": relay.organization(), "name": "Sales"});
    relay.rest().post("/v2/channels", &channel).await.created();
    let first = receiver.next().await;
    let path = format!("/v2/webhooks/{}/deliveries", hook["id"].as_str().unwrap());
    let listed = until(&relay, &path, |listed| listed[0]["status"] == "delivered").await;
    assert_eq!(listed[0]["id"], first.json["id"]);

    let again = format!("{path}/{}/redeliver", first.json["id"].as_str().unwrap());
    assert_eq!(relay.rest().post(&again, &json!({})).await.status, 202);

    let second = receiver.next().await;
    assert_eq!((second.body, &second.headers["webhook-id"]), (first.body, &first.headers["webhook-id"]));
}
