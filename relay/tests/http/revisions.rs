//! What was said is changed, or taken back.

use crate::asking::{Client, Relay, Reply};
use serde_json::{Value, json};

async fn said(client: &Client<'_>, conversation: &str, message: Value) -> Reply {
    let reply = client.post(&format!("/v2/conversations/{conversation}/messages"), message).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply
}

fn address(message: &Reply) -> String {
    format!("/v2/messages/{}", message.text("id"))
}

async fn log(relay: &Relay, conversation: &str) -> Vec<Value> {
    let log = relay.admin().get(&format!("/v2/conversations/{conversation}/messages")).await.body;
    log.as_array().unwrap().clone()
}

async fn found(relay: &Relay, words: &str) -> usize {
    relay.admin().get(&format!("/v2/conversations?q={words}")).await.body.as_array().unwrap().len()
}

/// Until the index of words has what was said so far: four thousand messages later.
async fn fill_index(relay: &Relay, conversation: &str) {
    for _ in 0..42 {
        said(&relay.admin(), conversation, (0..100).map(|_| json!({"text": "filler"})).collect()).await;
    }
}

#[tokio::test]
async fn the_members_that_a_patch_names_are_replaced() {
    let relay = Relay::start().await;
    let (agent, conversation) = (relay.user("agent").await, relay.conversation().await);
    let reply = json!({"type": "reply", "text": "Yes"});
    let new = json!({"role": "agent", "text": "The bike is grene", "actions": [reply], "meta": {"a": 1}});
    let message = said(&agent, &conversation, new).await;

    let changed = agent.patch(&address(&message), json!({"text": "The bike is green", "meta": {}})).await;

    assert_eq!((changed.status.as_u16(), changed.text("text")), (200, "The bike is green".to_owned()));
    assert_eq!((&changed.body["actions"][0]["text"], &changed.body["meta"]), (&json!("Yes"), &json!({})));
    for member in ["id", "seq", "createdAt", "user", "name", "role", "status"] {
        assert_eq!(changed.body[member], message.body[member], "{member}");
    }
    assert!(changed.text("updatedAt") >= message.text("updatedAt"));
    assert_eq!(agent.get(&address(&message)).await.body, changed.body);
    let log = log(&relay, &conversation).await;
    assert_eq!(log[1], changed.body);
    assert_eq!(
        (&log[2]["type"], &log[2]["role"], &log[2]["seq"]),
        (&json!("status"), &json!("system"), &json!(3))
    );
    let revision = json!({"update": {"message": message.text("id"), "seq": 2, "members": ["text", "meta"]}});
    assert_eq!((&log[2]["payload"], &log[2]["user"]), (&revision, &message.body["user"]));
    assert_eq!(log.len(), 3);

    let again = agent.patch(&address(&message), json!({"text": "The bike is green"})).await;
    assert_eq!(again.body, changed.body, "what changes nothing is no change");
    assert_eq!(self::log(&relay, &conversation).await.len(), 3);
}

#[tokio::test]
async fn a_put_replaces_all_that_is_said() {
    let relay = Relay::start().await;
    let (agent, conversation) = (relay.user("agent").await, relay.conversation().await);
    let new = json!({"role": "agent", "text": "a.png", "contentType": "image/png", "meta": {"title": "a"}, "payload": 1});
    let message = said(&agent, &conversation, new).await;

    let replaced = agent.put(&address(&message), json!({"items": [{"title": "Bike"}]})).await;

    let members = ["text", "contentType", "meta", "payload"].map(|member| replaced.body[member].clone());
    assert_eq!(members, [json!(""), json!("text/plain"), json!({}), Value::Null]);
    assert_eq!(replaced.body["items"][0]["title"], "Bike");
    let log = log(&relay, &conversation).await;
    let members = json!(["text", "contentType", "items", "payload", "meta"]);
    assert_eq!(log[2]["payload"]["update"]["members"], members);
    let empty = agent.put(&address(&message), json!({})).await;
    assert_eq!(empty.error(), (422, "invalid", Some("text")));
}

#[tokio::test]
async fn of_what_is_deleted_only_its_place_stays() {
    let relay = Relay::start().await;
    let (agent, conversation) = (relay.user("agent").await.with_key("k"), relay.conversation().await);
    let file = agent.post_form("/v2/files", &[("file", Some("plan.txt"), b"x")]).await.text("url");
    let new = json!({
        "role": "agent", "text": format!("wombat {file}"), "meta": {"secret": "wombat"}, "clientKey": "c",
        "items": [{"title": "wombat"}],
    });
    let message = said(&agent, &conversation, new.clone()).await;
    let mention = json!({"type": "mention", "text": format!("@{} wombat", message.text("user"))});
    let mention = said(&relay.admin(), &conversation, mention).await;

    for message in [&message, &mention] {
        assert_eq!(agent.delete(&address(message)).await.status, 204);
        assert_eq!(agent.delete(&address(message)).await.status, 204, "again");
    }

    let tombstone = agent.get(&address(&message)).await;
    assert_eq!((tombstone.text("status"), tombstone.text("text")), ("deleted".to_owned(), String::new()));
    for member in ["id", "seq", "createdAt", "user", "clientKey"] {
        assert_eq!(tombstone.body[member], message.body[member], "{member}");
    }
    let log = log(&relay, &conversation).await;
    assert_eq!(log.len(), 5, "each is logged once");
    assert_eq!(log[3]["payload"], json!({"delete": {"message": message.text("id"), "seq": 2}}));
    let conversation_shown = agent.get(&format!("/v2/conversations/{conversation}")).await;
    assert!(!conversation_shown.body.to_string().contains("wombat"), "{}", conversation_shown.body);
    let transcript = agent.get(&format!("/v2/conversations/{conversation}/transcript")).await;
    assert!(!transcript.body.to_string().contains("wombat"));
    let repeated = said(&agent, &conversation, new).await;
    assert_eq!(repeated.body, tombstone.body, "the answer that was kept is another, too");
    let files = async |now| relay.app.files.remove_unused(&relay.app.store, now).await.unwrap();
    assert_eq!(files(relay.app.now() + relay::files::UNUSED + shared::Millis(1)).await, 1);
    let changed = agent.patch(&address(&message), json!({"text": "wombat"})).await;
    assert_eq!(changed.error(), (422, "invalid", Some("status")));
}

#[tokio::test]
async fn words_are_found_as_they_stand_now() {
    let relay = Relay::start().await;
    let (agent, conversation) = (relay.user("agent").await, relay.conversation().await);
    let indexed = said(&agent, &conversation, json!({"text": "wombat"})).await;
    let deleted = said(&agent, &conversation, json!({"text": "badger"})).await;
    fill_index(&relay, &conversation).await;
    let recent = said(&agent, &conversation, json!({"text": "ferret"})).await;
    for word in ["wombat", "badger", "ferret"] {
        assert_eq!(found(&relay, word).await, 1, "{word}");
    }

    agent.patch(&address(&indexed), json!({"text": "otter"})).await;
    agent.patch(&address(&recent), json!({"text": "beaver"})).await;
    agent.delete(&address(&deleted)).await;

    for (word, count) in [("wombat", 0), ("badger", 0), ("ferret", 0), ("otter", 1), ("beaver", 1)] {
        assert_eq!(found(&relay, word).await, count, "{word}");
    }
}

#[tokio::test]
async fn a_bot_changes_what_it_said_and_nobody_what_others_organizations_said() {
    let relay = Relay::start().await;
    let (bot, agent, conversation) =
        (relay.user("bot").await, relay.user("agent").await, relay.conversation().await);
    let other = relay.organization("Other").await;
    let (own, agents) = (
        address(&said(&bot, &conversation, json!({"text": "Beep"})).await),
        address(&said(&agent, &conversation, json!({"text": "Hello"})).await),
    );
    let text = json!({"text": "Changed"});

    assert_eq!(bot.patch(&own, text.clone()).await.status, 200);
    assert_eq!(bot.patch(&agents, text.clone()).await.error(), (403, "forbidden", None));
    assert_eq!(bot.delete(&agents).await.error(), (403, "forbidden", None));
    let stranger = relay.user_of(&other, "admin").await;
    for (client, expected) in
        [(relay.anonymous(), (401, "unauthorized", None)), (stranger, (404, "not_found", None))]
    {
        assert_eq!(client.patch(&own, text.clone()).await.error(), expected);
        assert_eq!(client.put(&own, text.clone()).await.error(), expected);
        assert_eq!(client.delete(&own).await.error(), expected);
    }
    assert_eq!(agent.patch(&own, json!({"text": "Corrected"})).await.text("text"), "Corrected");
    assert_eq!(relay.admin().get(&agents).await.text("text"), "Hello");
}

#[tokio::test]
async fn a_change_that_could_not_be_said_is_refused() {
    let relay = Relay::start().await;
    let (agent, conversation) = (relay.user("agent").await, relay.conversation().await);
    let message = said(&agent, &conversation, json!({"text": "Hello"})).await;
    let command = said(&agent, &conversation, json!({"type": "command", "text": "/join"})).await;
    for (change, status, code, field) in [
        (json!({"text": 1}), 422, "invalid", "text"),
        (json!({"text": null}), 422, "invalid", "text"),
        (json!({"text": " "}), 422, "invalid", "text"),
        (json!({"text": "x".repeat(8_001)}), 413, "too_large", "text"),
        (json!({"role": "agent"}), 422, "invalid", "role"),
        (json!({"actions": [{"type": "link"}]}), 422, "invalid", "actions[0].text"),
        (json!({"iframe": {"url": "javascript:x", "title": "a"}}), 422, "invalid", "iframe.url"),
        (json!({"meta": {"a": "x".repeat(4_096)}}), 422, "invalid", "meta.a"),
    ] {
        let refused = agent.patch(&address(&message), change.clone()).await;
        assert_eq!(refused.error(), (status, code, Some(field)), "{change}");
    }
    let carried_out = agent.patch(&address(&command), json!({"text": "/leave"})).await;
    assert_eq!(carried_out.error(), (422, "invalid", Some("type")));
    let nothing = agent.patch("/v2/messages/000000000000000000000007", json!({"text": "a"})).await;
    assert_eq!(nothing.error(), (404, "not_found", None));
    assert_eq!(agent.get(&address(&message)).await.body, message.body);
    assert_eq!(log(&relay, &conversation).await.len(), 3);
}
