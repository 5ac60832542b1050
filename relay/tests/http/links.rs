//! Links in messages that bring the contact to the web.

use crate::asking::{Relay, Reply};
use relay::store::ShortLink;
use serde_json::{Value, json};
use shared::Millis;

const PAGE: &str = "https://yourwebsite.com/widget?id={authuser}&token={authtoken}";
const DAY: Millis = Millis(24 * 3_600_000);

fn linking(uri: &str) -> Value {
    json!({
        "role": "agent",
        "text": "Click the link to continue:",
        "actions": [{"text": "[continue conversation]", "type": "link", "uri": uri}],
    })
}

/// The path of a short link.
fn path_of(action: &Value) -> String {
    let uri = action["uri"].as_str().unwrap();
    let at = uri.find("/l/").unwrap_or_else(|| panic!("{uri} is no short link"));
    assert!(uri[at + 3..].bytes().all(|byte| byte.is_ascii_alphanumeric()), "{uri}");
    uri[at..].to_owned()
}

async fn follow(relay: &Relay, path: &str) -> Reply {
    relay.anonymous().get(path).await
}

#[tokio::test]
async fn an_invitation_of_the_text_is_answered_with_a_short_link() {
    let relay = Relay::start_with(&[("RELAY_PUBLIC_URL", "https://chat.example")]).await;
    let invitation = json!({
        "organization": relay.demo().await,
        "type": "contact",
        "contact": {"profile": {"name": "John Johnson", "email": "john.johnson@example.com"}},
        "messages": [linking(PAGE)],
    });
    let made = relay.admin().post("/v2/conversations", invitation).await;
    let message = format!("/v2/messages/{}", made.body["messages"][0].as_str().unwrap());
    let message = relay.admin().get(&message).await.body;
    let action = &message["actions"][0];
    assert_eq!(action["longUri"], PAGE);
    assert!(action["uri"].as_str().unwrap().starts_with("https://chat.example/l/"), "{action}");

    let reply = follow(&relay, &path_of(action)).await;

    assert_eq!((reply.status.as_u16(), reply.body.clone()), (302, Value::Null));
    assert_eq!((reply.header("cache-control"), reply.header("referrer-policy")), ("no-store", "no-referrer"));
    let start = format!("https://yourwebsite.com/widget?id={}&token=", made.text("contact"));
    let token = reply.header("location").strip_prefix(&start).unwrap_or_else(|| panic!("{reply:?}"));
    assert!(token.len() >= 40, "{token}");
    assert_eq!(follow(&relay, &path_of(action)).await.header("location"), reply.header("location"));
    for file in ["relay.db", "relay.db-wal"] {
        let bytes = std::fs::read(relay.directory.path().join(file)).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "{file}");
    }
}

#[tokio::test]
async fn every_action_that_asks_for_it_gets_a_link_of_its_own() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let link = |name: &str, uri: &str| json!({"type": "link", "text": "Go", name: uri});
    let said = relay
        .admin()
        .post(
            &path,
            json!([{
                "role": "agent",
                "type": "card",
                "actions": [link("uri", "http://a.example/?{authtoken}"), link("uri", "http://a.example/")],
                "items": [{"title": "One", "actions": [link("url", "http://b.example/ü?u={authuser}")]}],
            }]),
        )
        .await;
    assert_eq!(said.status, 201, "{}", said.body);
    let (actions, item) = (&said.body[0]["actions"], &said.body[0]["items"][0]["actions"][0]);
    assert_eq!(actions[1], link("uri", "http://a.example/"), "a plain link stays");
    assert_eq!((&item["longUri"], &item["url"]), (&json!("http://b.example/ü?u={authuser}"), &Value::Null));
    assert_ne!(path_of(&actions[0]), path_of(item));
    assert!(follow(&relay, &path_of(&actions[0])).await.header("location").starts_with("http://a.example/?"));
    let location = follow(&relay, &path_of(item)).await.header("location").to_owned();
    assert!(location.starts_with("http://b.example/%C3%BC?u="), "{location}");
}

#[tokio::test]
async fn a_link_is_good_for_a_day_from_when_it_is_sent() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let before = relay.app.now();
    let mut second = linking(PAGE);
    second["delay"] = json!(DAY.0);
    let said = relay.admin().post(&path, json!([{"text": "One", "delay": DAY.0}, second])).await;
    let after = relay.app.now();
    let slug = path_of(&said.body[1]["actions"][0])["/l/".len()..].to_owned();
    let found = async |at: Millis| {
        let slug = slug.clone();
        relay.app.store.read(move |read| read.short_link(&slug, at)).await.unwrap()
    };
    assert!(found(before + Millis(3 * DAY.0 - 1)).await.is_some());
    assert_eq!(found(after + Millis(3 * DAY.0)).await, None);
}

#[tokio::test]
async fn a_link_that_is_unknown_or_old_is_a_page_that_says_so() {
    let relay = Relay::start().await;
    let made = relay.admin().get(&format!("/v2/conversations/{}", relay.conversation().await)).await;
    let link = ShortLink { contact: made.text("contact").parse().unwrap(), uri: "https://a.example".into() };
    let expired = relay.app.now();
    relay.app.store.write(move |write| write.put_short_link("old", &link, expired, Millis(0))).await.unwrap();
    for slug in ["old", "YybXcHquS", "%00", "a%2Fb"] {
        let reply = follow(&relay, &format!("/l/{slug}")).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (404, "no-store"), "{slug}");
        assert!(reply.header("content-type").starts_with("text/html"), "{slug}");
        assert!(reply.header("content-security-policy").starts_with("default-src 'none'"), "{slug}");
        assert!(reply.body.as_str().unwrap().contains("This link leads nowhere"), "{slug}");
    }
}

#[tokio::test]
async fn a_link_that_can_bring_nobody_is_refused_and_nothing_is_said() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let team = agent.post("/v2/conversations", json!({"name": "Workshop"})).await.text("id");
    let with_contact = relay.conversation().await;
    for (conversation, body, field) in [
        (&team, linking(PAGE), "actions[0].uri"),
        (&team, json!([{"text": "One"}, linking(PAGE)]), "[1].actions[0].uri"),
        (&with_contact, linking("javascript:alert('{authtoken}')"), "actions[0].uri"),
        (&with_contact, linking("https://a.example/ ?{authtoken}"), "actions[0].uri"),
        (&with_contact, linking("{authuser}"), "actions[0].uri"),
    ] {
        let path = format!("/v2/conversations/{conversation}/messages");
        let before = agent.get(&path).await.body;
        assert_eq!(agent.post(&path, body.clone()).await.error(), (422, "invalid", Some(field)), "{body}");
        assert_eq!(agent.get(&path).await.body, before);
    }
    let contact = json!({"profile": {"email": "jo@example.com"}});
    let start = json!({"contact": contact, "messages": [linking("mailto:{authuser}")]});
    let refused = agent.post("/v2/conversations", start).await;
    assert_eq!(refused.error(), (422, "invalid", Some("messages[0].actions[0].uri")));
}

#[tokio::test]
async fn a_message_that_is_repeated_keeps_its_link() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}/messages", relay.conversation().await);
    for delay in [0, 60_000] {
        let mut message = linking(PAGE);
        message["clientKey"] = json!(format!("k-{delay}"));
        message["delay"] = json!(delay);
        let first = relay.admin().post(&path, message.clone()).await;
        let again = relay.admin().post(&path, message).await;
        assert_eq!((first.status.as_u16(), &first.body), (201, &again.body));
        assert_eq!(follow(&relay, &path_of(&first.body["actions"][0])).await.status, 302);
    }
}

#[tokio::test]
async fn a_link_that_a_message_gets_later_is_short_too() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let said = relay.admin().post(&path, json!({"role": "agent", "text": "Click the link:"})).await;
    let message = format!("/v2/messages/{}", said.text("id"));

    let changed = relay.admin().patch(&message, json!({"actions": linking(PAGE)["actions"]})).await;

    let action = &changed.body["actions"][0];
    assert_eq!(action["longUri"], PAGE, "{}", changed.body);
    assert_eq!(follow(&relay, &path_of(action)).await.status, 302);
    let again = relay.admin().patch(&message, json!({"actions": [action]})).await;
    assert_eq!(again.body["actions"][0], *action, "a link that is short stays");
}

#[tokio::test]
async fn the_links_of_somebody_who_is_erased_lead_nowhere() {
    let relay = Relay::start().await;
    let conversation = format!("/v2/conversations/{}", relay.conversation().await);
    let said = relay.admin().post(&format!("{conversation}/messages"), linking(PAGE)).await;
    let path = path_of(&said.body["actions"][0]);
    assert_eq!(follow(&relay, &path).await.status, 302);
    let contact = relay.admin().get(&conversation).await.text("contact");

    assert_eq!(relay.admin().delete(&format!("/v2/contacts/{contact}")).await.status, 204);

    assert_eq!(follow(&relay, &path).await.status, 404);
}
