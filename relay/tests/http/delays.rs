//! Messages with a delay. The clock of what is due is moved by hand.

use crate::asking::{Client, Relay};
use axum::extract::ws::Utf8Bytes;
use relay::{bus::Subscription, delays::Delays};
use serde_json::{Value, json};
use shared::{ConversationId, Millis, OrganizationId};

const DAYS: u64 = 24 * 3_600_000;

struct Scene {
    relay: Relay,
    organization: OrganizationId,
    conversation: String,
    delays: Delays,
    start: Millis,
}

impl Scene {
    async fn new() -> Self {
        let relay = Relay::start().await;
        let conversation = relay.conversation().await;
        let organization = relay.demo().await.parse().unwrap();
        let (delays, start) = (Delays::new(relay.app.clone()), relay.app.now());
        Self { relay, organization, conversation, delays, start }
    }

    fn messages(&self) -> String {
        format!("/v2/conversations/{}/messages", self.conversation)
    }

    async fn post(&self, body: Value) -> Value {
        let reply = self.relay.admin().post(&self.messages(), body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.body
    }

    /// What the log has after the first message.
    async fn texts(&self) -> Vec<String> {
        let log = self.relay.admin().get(&self.messages()).await.body;
        let texts = log.as_array().unwrap().iter().skip(1);
        texts.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn message(&self, id: &Value) -> Value {
        self.relay.admin().get(&format!("/v2/messages/{}", id.as_str().unwrap())).await.body
    }

    /// Lets so many milliseconds pass since the start, and at least as many since anything that was posted.
    async fn after(&mut self, ms: u64) -> Option<Millis> {
        let passed = self.relay.app.now().since(self.start);
        self.delays.round(self.start + passed + Millis(ms)).await.unwrap()
    }

    fn listen(&self) -> Subscription<ConversationId> {
        let conversation = self.conversation.parse().unwrap();
        self.relay.app.bus.subscribe_conversation(self.organization, conversation)
    }
}

fn typing(whispers: &[Utf8Bytes]) -> Vec<Value> {
    whispers.iter().map(|frame| serde_json::from_str::<Value>(frame).unwrap()["typing"].clone()).collect()
}

#[tokio::test]
async fn a_message_is_said_when_it_is_due_under_the_id_it_always_had() {
    let mut scene = Scene::new().await;
    let held = scene.post(json!({"role": "agent", "text": "Later", "delay": 3_600_000})).await;
    assert_eq!(
        (&held["status"], &held["seq"], &held["delay"]),
        (&json!("held"), &json!(0), &json!(3_600_000))
    );
    assert_eq!(scene.message(&held["id"]).await, held);
    scene.post(json!({"role": "agent", "text": "Now"})).await;

    scene.after(3_500_000).await;
    assert_eq!(scene.texts().await, ["Now"]);
    let next = scene.after(3_600_000).await;

    assert_eq!((scene.texts().await, next), (vec!["Now".to_owned(), "Later".to_owned()], None));
    let said = scene.message(&held["id"]).await;
    assert_eq!((&said["status"], &said["seq"], &said["id"]), (&json!("sent"), &json!(3), &held["id"]));
    assert_eq!(said["name"], "Front desk");
    assert!(said["createdAt"].as_str() > held["createdAt"].as_str(), "{said}");
    let filtered = format!("/v2/messages?id={}", held["id"].as_str().unwrap());
    assert_eq!(scene.relay.admin().get(&filtered).await.body, json!([said]));
}

#[tokio::test]
async fn messages_posted_together_keep_their_order() {
    let mut scene = Scene::new().await;
    let posted = scene
        .post(json!([
            {"role": "agent", "text": "One"},
            {"role": "agent", "text": "Two", "delay": 60_000},
            {"role": "agent", "text": "Three"},
            {"role": "agent", "text": "Four", "delay": 30_000},
            {"type": "command", "text": "/leave", "delay": 1},
        ]))
        .await;
    let statuses: Vec<_> = posted.as_array().unwrap().iter().map(|message| &message["status"]).collect();
    assert_eq!(statuses, ["sent", "held", "held", "held", "held"]);
    scene.post(json!({"text": "in between"})).await;

    scene.after(60_000).await;
    assert_eq!(scene.texts().await, ["One", "in between", "Two", "Three"]);
    scene.after(89_000).await;
    assert_eq!(scene.texts().await.len(), 4, "its delay counts from the one before");
    scene.after(91_000).await;
    assert_eq!(scene.texts().await[4..], ["Four", "/leave"]);
    let shown = scene.relay.admin().get(&format!("/v2/conversations/{}", scene.conversation)).await;
    assert_eq!(shown.text("status"), "closed");
}

#[tokio::test]
async fn the_contact_sees_its_author_typing_shortly_before() {
    for (text, delay, typed) in [
        ("Short", 1_500, 1_000),
        ("Short", 2_000, 1_000),
        ("Short", 2_001, 2_000),
        (&"x".repeat(40), 1_500, 1_000),
        (&"x".repeat(41), 1_500, 1_500),
        (&"x".repeat(41), 10_000, 2_000),
        ("Short", 500, 500),
    ] {
        let mut scene = Scene::new().await;
        let mut listener = scene.listen();
        let held = scene.post(json!({"role": "agent", "text": text, "delay": delay})).await;
        let accepted: Millis = held["createdAt"].as_str().unwrap().parse().unwrap();
        let start = accepted + Millis(delay - typed);
        if typed < delay {
            assert_eq!(
                scene.delays.round(start.since(Millis(1))).await.unwrap(),
                Some(start),
                "{text} {delay}"
            );
            assert!(listener.whispers().is_empty(), "{text} {delay}");
        }

        assert_eq!(scene.delays.round(start).await.unwrap(), Some(accepted + Millis(delay)));
        scene.delays.round(start + Millis(1)).await.unwrap();

        let expected = json!({"name": "Front desk", "for": typed});
        assert_eq!(typing(&listener.whispers()), [expected], "{text} {delay}");
        scene.delays.round(accepted + Millis(delay)).await.unwrap();
        assert_eq!(scene.texts().await, [text]);
        assert!(listener.whispers().is_empty());
    }
}

#[tokio::test]
async fn nobody_is_seen_typing_what_the_contact_will_not_see() {
    let mut scene = Scene::new().await;
    let mut listener = scene.listen();
    for message in [
        json!({"role": "bot", "text": "for agents", "delay": 1_000}),
        json!({"role": "agent", "text": "a note", "isBackchannel": true, "delay": 1_000}),
        json!({"role": "contact", "text": "said elsewhere", "delay": 1_000}),
        json!({"type": "command", "text": "/leave", "delay": 1_000}),
    ] {
        scene.post(message).await;
    }
    scene.after(900).await;
    scene.after(1_000).await;
    assert_eq!((typing(&listener.whispers()), scene.texts().await.len()), (vec![], 4));
}

#[tokio::test]
async fn a_key_that_is_repeated_finds_the_message_held_and_said() {
    let mut scene = Scene::new().await;
    let message = json!({"role": "agent", "text": "Once", "delay": 5_000, "clientKey": "k-1"});
    let first = scene.post(message.clone()).await;
    assert_eq!(scene.post(message.clone()).await, first);
    assert_eq!(scene.post(json!({"text": "another", "clientKey": "k-1"})).await, first);
    let with_key = scene.relay.admin().with_key("once");
    let body = json!({"role": "agent", "text": "Twice?", "delay": 5_000});
    let answers =
        [with_key.post(&scene.messages(), body.clone()).await, with_key.post(&scene.messages(), body).await];
    assert_eq!(answers[0].body, answers[1].body);

    scene.after(5_000).await;
    scene.after(5_000).await;

    assert_eq!(scene.texts().await, ["Once", "Twice?"]);
    let again = scene.post(message).await;
    assert_eq!((&again["id"], &again["seq"]), (&first["id"], &json!(2)));
    assert_eq!(scene.texts().await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_said_or_waits_too_long_is_refused_at_once_and_nothing_is_held() {
    let mut scene = Scene::new().await;
    let admin = scene.relay.admin();
    for (body, code, field) in [
        (json!({"text": "a", "delay": 7 * DAYS + 1}), "invalid", Some("delay")),
        (json!({"text": "a", "delay": -1}), "invalid", Some("delay")),
        (json!({"text": "a", "delay": "soon"}), "invalid", Some("delay")),
        (
            json!([{"text": "a", "delay": 4 * DAYS}, {"text": "b", "delay": 4 * DAYS}]),
            "invalid",
            Some("[1].delay"),
        ),
        (json!([{"text": "a", "delay": 1}, {"text": "", "delay": 1}]), "invalid", Some("[1].text")),
        (json!({"type": "command", "text": "/fly", "delay": 1}), "bad_command", None),
        (json!({"type": "status", "text": "a", "delay": 1}), "invalid", Some("type")),
        (json!({"text": "a", "delay": 1, "touchpoint": "sms"}), "touchpoint_unavailable", Some("touchpoint")),
    ] {
        let reply = admin.post(&scene.messages(), body.clone()).await;
        assert_eq!((reply.error().1, reply.error().2), (code, field), "{body}");
    }
    scene.post(json!({"text": "as late as can be", "delay": 7 * DAYS})).await;
    scene.after(7 * DAYS).await;
    assert_eq!(scene.texts().await, ["as late as can be"]);
}

#[tokio::test]
async fn a_message_that_can_no_longer_be_said_has_failed_and_holds_up_no_other() {
    let mut scene = Scene::new().await;
    let admin = scene.relay.admin();
    let channel = json!({"organization": scene.relay.demo().await, "name": "Desk"});
    let channel = admin.post("/v2/channels", channel).await.text("id");
    let notify = json!({"type": "command", "text": format!("/notify {channel}"), "delay": 1_000});
    let held = scene.post(json!([notify, {"text": "after it"}])).await;
    assert_eq!(admin.delete(&format!("/v2/channels/{channel}")).await.status, 204);

    scene.after(1_000).await;

    assert_eq!(scene.texts().await, ["after it"]);
    let failed = scene.message(&held[0]["id"]).await;
    assert_eq!((&failed["status"], &failed["seq"]), (&json!("failed"), &json!(0)));
    assert_eq!(scene.after(9_000).await, None, "it is not tried again");
}

#[tokio::test]
async fn a_held_message_is_for_its_organization_and_keeps_its_files() {
    let mut scene = Scene::new().await;
    let admin = scene.relay.admin();
    let upload = format!("/v2/files?organization={}", scene.relay.demo().await);
    let file = admin.post_form(&upload, &[("file", Some("offer.txt"), b"an offer")]).await.text("url");
    let held = scene.post(json!({"role": "agent", "text": file, "delay": 5 * DAYS})).await;
    let other = scene.relay.organization("Other").await;
    let stranger: Client<'_> = scene.relay.user_of(&other, "agent").await;
    let path = format!("/v2/messages/{}", held["id"].as_str().unwrap());
    assert_eq!(stranger.get(&path).await.error(), (404, "not_found", None));

    let sweep = async |days: u64| {
        let now = scene.start + Millis(days * DAYS);
        scene.relay.app.files.remove_unused(&scene.relay.app.store, now).await.unwrap()
    };
    assert_eq!(sweep(4).await, 0);
    let due = scene.relay.app.now() + Millis(5 * DAYS);
    scene.delays.round(due).await.unwrap();
    assert_eq!(sweep(9).await, 0, "the message in the log names it");
    let at = file.find("/files/").unwrap();
    assert_eq!(scene.relay.anonymous().get(&file[at..]).await.status, 200);
}

#[tokio::test]
async fn a_conversation_holds_a_thousand_messages_and_no_more() {
    let scene = Scene::new().await;
    let hundred: Value = (0..100).map(|n| json!({"text": format!("{n}"), "delay": 1_000})).collect();
    for _ in 0..10 {
        scene.post(hundred.clone()).await;
    }
    let over = scene.relay.admin().post(&scene.messages(), json!({"text": "one more", "delay": 1_000})).await;
    assert_eq!(over.error(), (422, "invalid", Some("delay")));
    scene.post(json!({"text": "at once"})).await;
}

#[tokio::test]
async fn a_held_message_is_changed_or_taken_back_and_nobody_has_heard_of_it() {
    let mut scene = Scene::new().await;
    let admin = scene.relay.admin();
    let held = scene
        .post(json!([
            {"role": "agent", "text": "Wednesday", "delay": 60_000, "clientKey": "k-1"},
            {"role": "agent", "text": "Forget it"},
            {"role": "agent", "text": "See you"},
        ]))
        .await;
    let path = |at: usize| format!("/v2/messages/{}", held[at]["id"].as_str().unwrap());

    let changed = admin.patch(&path(0), json!({"text": "Thursday"})).await;
    assert_eq!((changed.text("text"), changed.text("status")), ("Thursday".into(), "held".into()));
    assert_eq!(admin.delete(&path(1)).await.status, 204);
    assert_eq!(admin.get(&path(1)).await.error(), (404, "not_found", None));
    assert_eq!(scene.post(json!({"text": "again", "clientKey": "k-1"})).await["text"], "Thursday");
    assert!(scene.texts().await.is_empty());

    scene.after(60_000).await;
    assert_eq!(scene.texts().await, ["Thursday", "See you"]);

    // Once it is said it is a message like any other.
    let admin = scene.relay.admin();
    assert_eq!(admin.patch(&path(0), json!({"text": "Friday"})).await.text("text"), "Friday");
    assert_eq!(admin.delete(&path(2)).await.status, 204);
    assert_eq!(scene.texts().await, ["Friday", "", "", ""]);
    let shown = scene.message(&held[2]["id"]).await;
    assert_eq!((&shown["status"], &shown["id"]), (&json!("deleted"), &held[2]["id"]));
}
