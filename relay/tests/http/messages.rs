//! What is said through the API.

use crate::asking::Relay;
use serde_json::{Value, json};

async fn messages_of(relay: &Relay) -> String {
    format!("/v2/conversations/{}/messages", relay.conversation().await)
}

fn texts(body: &Value) -> Vec<&str> {
    body.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_message_is_a_bots_unless_it_says_otherwise() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;

    let note = relay.admin().post(&messages, json!({"text": "Ask for the frame number"})).await;
    let answer = relay.admin().post(&messages, json!({"text": "Hello John", "role": "agent"})).await;

    assert_eq!((note.text("role"), note.text("type")), ("bot".into(), "chat".into()));
    assert_eq!((answer.text("role"), answer.text("name")), ("agent".into(), "Front desk".into()));
    assert_eq!(answer.body["seq"], 3);
    let one = relay.admin().get(&format!("/v2/messages/{}", answer.text("id"))).await;
    assert_eq!(one.body, answer.body);
}

#[tokio::test]
async fn a_message_for_another_user_carries_that_users_name() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;
    let anna =
        relay.admin().post("/v2/users", json!({"organization": relay.demo().await, "name": "Anna"})).await;
    let user = anna.text("id");

    let said = relay.admin().post(&messages, json!({"text": "Hi", "role": "agent", "user": user})).await;

    assert_eq!((said.text("user"), said.text("name")), (user, "Anna".into()));
}

#[tokio::test]
async fn an_array_is_stored_in_order() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;

    let stored =
        relay.admin().post(&messages, json!([{"text": "One"}, {"text": "Two"}, {"text": "Three"}])).await;

    assert_eq!(stored.status, 201);
    assert_eq!(texts(&stored.body), ["One", "Two", "Three"]);
    assert_eq!(texts(&relay.admin().get(&messages).await.body), ["Hey there.", "One", "Two", "Three"]);
}

#[tokio::test]
async fn of_an_array_all_are_stored_or_none() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;

    let empty = relay.admin().post(&messages, json!([{"text": "One"}, {"text": ""}])).await;
    assert_eq!(empty.error(), (422, "invalid", Some("[1].text")));
    let command = json!([{"text": "One"}, {"type": "command", "text": "/assign 000000000000000000000000"}]);
    assert_eq!(relay.admin().post(&messages, command).await.error(), (404, "not_found", None));
    let touchpoint = json!([{"text": "One"}, {"text": "Two", "touchpoint": "sms"}]);
    let elsewhere = relay.admin().post(&messages, touchpoint).await;
    assert_eq!(elsewhere.error(), (422, "touchpoint_unavailable", Some("[1].touchpoint")));

    assert_eq!(texts(&relay.admin().get(&messages).await.body), ["Hey there."]);
}

#[tokio::test]
async fn a_message_may_name_the_conversation_that_it_is_posted_to() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let other = json!({"text": "Hi", "conversation": "000000000000000000000000"});

    let said = relay.admin().post(&messages, json!({"text": "Hi", "conversation": conversation})).await;
    assert_eq!((said.status.as_u16(), said.text("conversation")), (201, conversation));
    let elsewhere = relay.admin().post(&messages, other.clone()).await;
    assert_eq!(elsewhere.error(), (422, "invalid", Some("conversation")));
    let second = relay.admin().post(&messages, json!([{"text": "Hi"}, other])).await;
    assert_eq!(second.error(), (422, "invalid", Some("[1].conversation")));
    let new = json!({"organization": relay.demo().await, "name": "Review", "messages": [other]});
    let opened = relay.admin().post("/v2/conversations", new).await;
    assert_eq!(opened.error(), (422, "invalid", Some("messages[0].conversation")));

    assert_eq!(texts(&relay.admin().get(&messages).await.body), ["Hey there.", "Hi"]);
}

#[tokio::test]
async fn a_message_can_say_which_conversation_it_is_for() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let say = async |body: Value| relay.admin().post("/v2/messages", body).await;

    let one = say(json!({"conversation": conversation, "text": "One"})).await;
    assert_eq!((one.status.as_u16(), one.text("conversation")), (201, conversation.clone()));
    let two = say(json!([{"conversation": conversation, "text": "Two"}, {"text": "Three"}])).await;
    assert_eq!(texts(&two.body), ["Two", "Three"]);

    for (body, field) in [
        (json!({"text": "a"}), "conversation"),
        (json!([]), "[0].conversation"),
        (json!([{"text": "a"}]), "[0].conversation"),
        (json!({"conversation": "here", "text": "a"}), "conversation"),
        (
            json!([{"conversation": conversation, "text": "a"},
                   {"conversation": "000000000000000000000000", "text": "b"}]),
            "[1].conversation",
        ),
    ] {
        assert_eq!(say(body.clone()).await.error(), (422, "invalid", Some(field)), "{body}");
    }
    let nowhere = say(json!({"conversation": "000000000000000000000000", "text": "a"})).await;
    assert_eq!(nowhere.error(), (404, "not_found", None));
    let messages = relay.admin().get(&format!("/v2/conversations/{conversation}/messages")).await;
    assert_eq!(texts(&messages.body), ["Hey there.", "One", "Two", "Three"]);
}

#[tokio::test]
async fn a_log_is_read_page_by_page_from_either_end() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;
    relay.admin().post(&messages, json!([{"text": "Two"}, {"text": "Three"}, {"text": "Four"}])).await;
    let ask = async |query: &str| relay.admin().get(&format!("{messages}?{query}")).await;

    assert_eq!(texts(&ask("limit=2").await.body), ["Three", "Four"]);
    assert_eq!(texts(&ask("after=1&limit=2").await.body), ["Two", "Three"]);
    assert_eq!(texts(&ask("before=3&limit=1").await.body), ["Two"]);
    assert_eq!(ask("after=4").await.body, json!([]));
    assert_eq!(ask("limit=1").await.header("x-total-count"), "4");
    assert_eq!(ask("after=1&before=3").await.error(), (422, "invalid", Some("before")));
}

#[tokio::test]
async fn a_button_that_has_but_a_payload_says_and_opens_it() {
    let relay = Relay::start().await;
    let messages = messages_of(&relay).await;
    let link = json!({"type": "link", "text": "Art 1", "payload": "http://example.org/"});
    let said = json!({
        "actions": [{"type": "reply", "payload": "Red"}],
        "items": [{"title": "Article 1", "actions": [link]}],
    });

    let stored = relay.admin().post(&messages, said).await.body;

    assert_eq!(stored["actions"], json!([{"type": "reply", "text": "Red", "payload": "Red"}]));
    let opened = json!({"type": "link", "text": "Art 1", "payload": "http://example.org/", "uri": "http://example.org/"});
    assert_eq!(stored["items"][0]["actions"], json!([opened]));
    let silent = relay.admin().post(&messages, json!([{"text": "a", "actions": [{"type": "link"}]}])).await;
    assert_eq!(silent.error(), (422, "invalid", Some("[0].actions[0].text")));
}

#[tokio::test]
async fn a_page_in_the_conversation_has_an_address_of_the_web() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}/messages", relay.conversation().await);
    let iframe = |url: &str| json!({"role": "agent", "iframe": {"url": url, "title": "Map", "height": 240}});
    let admin = relay.admin();
    for url in ["javascript:alert(1)", "/map", "ftp://maps.example"] {
        assert_eq!(
            admin.post(&path, iframe(url)).await.error(),
            (422, "invalid", Some("iframe.url")),
            "{url}"
        );
    }
    let several = json!([{"text": "Here:"}, iframe("data:text/html,x")]);
    assert_eq!(admin.post(&path, several).await.error(), (422, "invalid", Some("[1].iframe.url")));
    let shown = admin.post(&path, iframe("https://maps.example/here")).await;
    assert_eq!(
        shown.body["iframe"],
        json!({"url": "https://maps.example/here", "title": "Map", "height": 240})
    );
    let untitled = json!({"iframe": {"url": "https://maps.example"}});
    assert_eq!(admin.post(&path, untitled).await.error(), (422, "invalid", Some("iframe.title")));
}
