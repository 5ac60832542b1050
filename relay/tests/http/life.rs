//! A conversation is queued, accepted, left, closed, queued again, and written down.

use crate::asking::{Client, Relay};
use serde_json::{Value, json};

async fn say(client: &Client<'_>, conversation: &str, message: Value) -> Value {
    let reply = client.post(&format!("/v2/conversations/{conversation}/messages"), message).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body
}

async fn command(client: &Client<'_>, conversation: &str, text: &str) -> Value {
    say(client, conversation, json!({"type": "command", "text": text})).await
}

/// Status, and of each participant whether they are active, have accepted, have it in their inbox.
async fn life(relay: &Relay, conversation: &str) -> (String, Vec<[bool; 3]>) {
    let shown = relay.admin().get(&format!("/v2/conversations/{conversation}")).await;
    let flags = |one: &Value| ["active", "accepted", "inbox"].map(|name| one[name].as_bool().unwrap());
    let participants = shown.body["participants"].as_array().unwrap().iter().map(flags).collect();
    (shown.text("status"), participants)
}

#[tokio::test]
async fn the_last_who_leaves_closes_and_the_contact_queues_it_again() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let (anna, ben) = (relay.user("agent").await, relay.user("bot").await);
    command(&relay.admin(), &conversation, "/close").await;

    command(&anna, &conversation, "/accept").await;
    command(&ben, &conversation, "/join").await;
    let (status, participants) = life(&relay, &conversation).await;
    assert_eq!(
        (status.as_str(), &participants[1..]),
        ("active", &[[true, true, false], [true, false, false]][..])
    );

    command(&anna, &conversation, "/leave").await;
    let (status, participants) = life(&relay, &conversation).await;
    assert_eq!((status.as_str(), participants[1]), ("closed", [false, false, false]));

    say(&anna, &conversation, json!({"role": "contact", "text": "Is anybody there?"})).await;
    let shown = relay.admin().get(&format!("/v2/conversations/{conversation}")).await;
    assert_eq!(shown.text("status"), "queued");
    assert_eq!(shown.body["notifications"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_assignment_says_for_whom_where_programs_look() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let bot = relay
        .admin()
        .post("/v2/users", json!({"organization": relay.demo().await, "name": "Helper", "role": "bot"}))
        .await;
    let id = bot.text("id");
    let agent = relay.user("agent").await;

    let told = json!({"type": "command", "text": "/assign", "meta": {"users": [id]}});
    let stored = say(&agent, &conversation, told).await;
    assert_eq!((&stored["text"], &stored["meta"]), (&json!("/assign"), &json!({"users": [id]})));
    let in_text = command(&agent, &conversation, &format!("/assign {id}")).await;
    assert_eq!((&in_text["text"], &in_text["meta"]), (&json!("/assign"), &json!({"users": [id]})));
    let mention = say(&agent, &conversation, json!({"type": "mention", "text": format!("@{id} Look")})).await;
    assert_eq!(mention["meta"], json!({"targetUser": id}));

    let shown = relay.admin().get(&format!("/v2/conversations/{conversation}")).await;
    assert_eq!(shown.body["assignee"], json!(id));
    assert_eq!(shown.body["participants"][1]["inbox"], true);
}

#[tokio::test]
async fn an_organization_notifies_its_own_inboxes() {
    let relay = Relay::start().await;
    let (conversation, agent) = (relay.conversation().await, relay.user("agent").await);
    let (own, other) = (relay.demo().await, relay.organization("Other").await);
    let notify = |organizations: Value| json!({"type": "command", "text": "/notify", "meta": {"channels": null, "organizations": organizations}});
    for organizations in [json!(null), json!([]), json!(own), json!([own])] {
        say(&agent, &conversation, notify(organizations)).await;
    }
    let path = format!("/v2/conversations/{conversation}/messages");
    for organizations in [json!(other), json!([own, other]), json!([1])] {
        let reply = agent.post(&path, notify(organizations.clone())).await;
        assert_eq!(reply.error(), (404, "not_found", None), "{organizations}");
    }
    let shown = relay.admin().get(&format!("/v2/conversations/{conversation}")).await;
    assert_eq!(shown.body["notifications"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_form_and_its_fields_say_which_where_programs_look() {
    let relay = Relay::start().await;
    let (conversation, agent) = (relay.conversation().await, relay.user("agent").await);
    let meta = json!({"init": "article:5ee6b79c00800e65f4ea2576"});
    let new = json!({"organization": relay.demo().await, "name": "Lead", "fields": [{"key": "brand"}], "meta": meta});
    let form = relay.admin().post("/v2/forms", new).await;
    assert_eq!(form.body["meta"], meta);
    let form = form.text("id");

    let begun = say(&agent, &conversation, json!({"type": "form", "text": format!("+{form}")})).await;
    assert_eq!(begun["meta"], json!({"form": form}));
    let of_form = say(&agent, &conversation, json!({"type": "field", "text": ".brand Rook"})).await;
    assert_eq!(of_form["meta"], json!({"form": form, "key": "brand"}));
    let named = json!({"type": "field", "text": ".size 54", "meta": {"form": form, "note": 1}});
    let of_profile = say(&agent, &conversation, named).await;
    assert_eq!(of_profile["meta"], json!({"key": "size", "note": 1}));

    let path = format!("/v2/forms/{form}");
    assert_eq!(relay.admin().patch(&path, json!({"meta": {"a": 1}})).await.body["meta"], json!({"a": 1}));
    let long = relay.admin().patch(&path, json!({"meta": {"a": "x".repeat(4_097)}})).await;
    assert_eq!(long.error(), (422, "invalid", Some("meta.a")));
}

#[tokio::test]
async fn a_command_for_a_bot_is_logged_and_changes_nothing() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let before = life(&relay, &conversation).await;

    let stored = command(&relay.user("agent").await, &conversation, ">menu  2").await;

    assert_eq!(stored["text"], ">menu  2");
    assert_eq!(life(&relay, &conversation).await, before);
}

#[tokio::test]
async fn a_command_that_is_none_is_refused_and_nothing_is_stored() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let path = format!("/v2/conversations/{conversation}/messages");
    let before = relay.admin().get(&path).await.body;
    for (message, code) in [
        (json!({"type": "command", "text": "/fly"}), "bad_command"),
        (json!({"type": "command", "text": "/accept now"}), "bad_command"),
        (json!({"type": "command", "text": "/assign"}), "bad_command"),
        (json!({"type": "command", "text": "/assign", "meta": {"users": ["me"]}}), "bad_command"),
        (
            json!({"type": "command", "text": "/assign", "meta": {"users": ["000000000000000000000000"]}}),
            "not_found",
        ),
        (
            json!({"type": "command", "text": "/notify", "meta": {"channels": ["000000000000000000000000"]}}),
            "not_found",
        ),
        (json!({"type": "command", "text": ">"}), "bad_command"),
    ] {
        let reply = relay.admin().post(&path, message.clone()).await;
        assert_eq!(reply.error().1, code, "{message}");
    }
    assert_eq!(relay.admin().get(&path).await.body, before);
}

#[tokio::test]
async fn what_a_program_sets_to_nothing_is_cleared() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let bot = relay.user("bot").await;
    for text in ["/set @category Used Car", "/set isLead yes", "/set @category ", "/set isLead "] {
        command(&bot, &conversation, text).await;
    }
    let shown = relay.admin().get(&format!("/v2/conversations/{conversation}")).await;
    assert_eq!((&shown.body["category"], &shown.body["meta"]), (&Value::Null, &json!({})));
}

/// 205 messages of the contact's, and what the contact has not seen.
async fn a_long_talk(relay: &Relay, conversation: &str) {
    let agent = relay.user("agent").await;
    say(&agent, conversation, json!({"role": "agent", "isBackchannel": true, "text": "a secret"})).await;
    say(&agent, conversation, json!({"role": "bot", "text": "for agents"})).await;
    for start in [0, 100, 200] {
        let texts = (start..(start + 100).min(205))
            .map(|n| json!({"role": "contact", "text": format!("<b>{n}</b>\n[x]")}));
        say(&agent, conversation, texts.collect()).await;
    }
}

#[tokio::test]
async fn a_transcript_has_what_the_contact_has_seen_in_order() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    a_long_talk(&relay, &conversation).await;
    let path = format!("/v2/conversations/{conversation}/transcript");

    let reply = relay.admin().get(&format!("{path}?format=json")).await;
    let texts: Vec<&str> =
        reply.body.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts.len(), 206);
    assert_eq!((texts[1], texts[205]), ("<b>0</b>\n[x]", "<b>204</b>\n[x]"));
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\""));

    let text = relay.admin().get(&path).await.body;
    let text = text.as_str().unwrap();
    assert!(!text.contains("a secret") && !text.contains("for agents"), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(lines.len(), 206, "a message with several lines is still one");
    assert!(lines[1].ends_with(": <b>0</b>"), "{}", lines[1]);

    let page = relay.admin().get(&format!("{path}?format=html")).await.body;
    let page = page.as_str().unwrap();
    assert_eq!((page.matches("<p>").count(), page.matches("<b>0").count()), (206, 0));
    assert!(page.contains("&lt;b&gt;204&lt;/b&gt;<br>\n[x]") && page.ends_with("</html>\n"));
}

#[tokio::test]
async fn a_transcript_is_for_agents_of_the_organization_and_of_a_known_format() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let path = format!("/v2/conversations/{conversation}/transcript");
    let other = relay.organization("Other").await;
    assert_eq!(relay.anonymous().get(&path).await.status, 401);
    assert_eq!(relay.user_of(&other, "agent").await.get(&path).await.error(), (404, "not_found", None));
    let format = relay.admin().get(&format!("{path}?format=pdf")).await;
    assert_eq!(format.error(), (422, "invalid", Some("format")));
}

#[tokio::test]
async fn a_bots_variables_are_cleared_by_an_entry_of_the_log() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}", relay.conversation().await);
    let bot = relay.user("bot").await;
    bot.patch(&path, json!({"session": {"step": 2}, "dialogState": "checkout"})).await;

    let cleared = bot.delete(&format!("{path}/session")).await;

    assert_eq!((cleared.status.as_u16(), cleared.body), (204, Value::Null));
    let shown = bot.get(&path).await.body;
    assert_eq!((&shown["session"], &shown["dialogState"]), (&json!({}), &json!("checkout")));
    let log = bot.get(&format!("{path}/messages?after=2")).await.body;
    assert_eq!((&log[0]["type"], &log[0]["payload"]), (&json!("status"), &json!({"session": {}})));
    assert_eq!(bot.delete(&format!("{path}/session")).await.status, 204);
    assert_eq!(bot.get(&path).await.body["head"], 3, "there was nothing to clear");
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "bot").await;
    assert_eq!(stranger.delete(&format!("{path}/session")).await.error(), (404, "not_found", None));
}

#[tokio::test]
async fn a_bot_hands_over_to_people() {
    let relay = Relay::start().await;
    let (admin, bot) = (relay.admin(), relay.user("bot").await);
    let conversation = relay.conversation().await;
    command(&admin, &conversation, "/close").await;
    let (path, desk) = (
        format!("/v2/conversations/{conversation}"),
        admin
            .post("/v2/channels", json!({"organization": relay.demo().await, "name": "Desk"}))
            .await
            .text("id"),
    );
    let said = say(&bot, &conversation, json!({"role": "agent", "text": "How can I help?"})).await;
    bot.patch(&path, json!({"assignee": said["user"]})).await;

    let handed = bot.post(&format!("{path}/handover"), json!({"channels": [desk]})).await;

    assert_eq!(handed.status, 201, "{}", handed.body);
    assert_eq!((handed.text("status"), &handed.body["assignee"]), ("queued".into(), &Value::Null));
    assert_eq!(
        (&handed.body["channels"], &handed.body["participants"][1]["active"]),
        (&json!([desk]), &json!(false))
    );
    assert_eq!(admin.get(&path).await.body["notifications"], handed.body["notifications"]);
    let log = bot.get(&format!("{path}/messages?after=4")).await.body;
    let entries: Vec<_> =
        log.as_array().unwrap().iter().map(|entry| (&entry["type"], &entry["text"])).collect();
    let (leave, notify) = (json!("/leave"), json!("/notify"));
    assert_eq!(
        entries,
        [(&json!("command"), &leave), (&json!("status"), &json!("")), (&json!("command"), &notify)]
    );
}

#[tokio::test]
async fn what_a_person_has_taken_stays_theirs() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let bot = relay.user("bot").await;
    command(&relay.user("agent").await, &conversation, "/accept").await;
    command(&bot, &conversation, "/join").await;

    let handed = bot.post(&format!("/v2/conversations/{conversation}/handover"), json!({})).await;

    assert_eq!(handed.text("status"), "active");
    assert_eq!(handed.body["notifications"][0]["channel"], Value::Null, "all inboxes hear of it");
}

#[tokio::test]
async fn a_handover_to_nobody_changes_nothing() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}", relay.conversation().await);
    let bot = relay.user("bot").await;
    let before = bot.get(&path).await.body;
    for (body, code, field) in [
        (json!({"channels": ["000000000000000000000000"]}), "not_found", Some("channels")),
        (json!({"channels": "all"}), "invalid", Some("channels")),
        (json!({"to": "Anna"}), "invalid", Some("to")),
    ] {
        let refused = bot.post(&format!("{path}/handover"), body.clone()).await;
        assert_eq!((refused.error().1, refused.error().2), (code, field), "{body}");
    }
    assert_eq!(bot.get(&path).await.body, before);
    let other = relay.organization("Other").await;
    let refused = relay.user_of(&other, "bot").await.post(&format!("{path}/handover"), json!({})).await;
    assert_eq!(refused.error(), (404, "not_found", None));
}

#[tokio::test]
async fn what_somebody_has_read_is_counted_no_more_and_leaves_no_entry() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let (path, read) =
        (format!("/v2/conversations/{conversation}"), format!("/v2/conversations/{conversation}/read"));
    let (anna, ben) = (relay.user("agent").await, relay.user("agent").await);
    command(&anna, &conversation, "/join").await;
    command(&ben, &conversation, "/join").await;
    for text in ["One", "Two", "Three"] {
        say(&relay.admin(), &conversation, json!({"role": "contact", "text": text})).await;
    }
    // Of the first admin, who said the first message, and of both who joined.
    let unread = async || {
        let shown = relay.admin().get(&path).await.body;
        let listed = relay.admin().get("/v2/conversations").await.body[0].clone();
        assert_eq!(shown, listed);
        let count = |one: &Value| one["unreadCount"].as_u64().unwrap();
        shown["participants"].as_array().unwrap()[1..].iter().map(count).collect::<Vec<_>>()
    };
    assert_eq!(unread().await, [3, 3]);

    assert_eq!(anna.post(&read, json!({"seq": 5})).await.status, 204);
    assert_eq!(unread().await, [1, 3]);
    assert_eq!(anna.post(&read, json!({"seq": 4})).await.status, 204);
    assert_eq!(unread().await, [1, 3], "what was read stays so");
    assert_eq!(anna.post(&read, json!({})).await.status, 204);
    assert_eq!(unread().await, [0, 3]);
    say(&relay.admin(), &conversation, json!({"role": "contact", "text": "Four"})).await;
    assert_eq!(unread().await, [1, 4]);
    assert_eq!(relay.user("agent").await.post(&read, json!({})).await.status, 204, "who takes no part");

    let log = relay.admin().get(&format!("{path}/messages")).await.body;
    assert_eq!(log.as_array().unwrap().len(), 7, "none of that is in the log");
    assert_eq!(anna.post(&read, json!({"seq": 8})).await.error(), (422, "invalid", Some("seq")));
    assert_eq!(anna.post(&read, json!({"seq": "8"})).await.error(), (422, "invalid", Some("seq")));
    assert_eq!(anna.post(&read, json!({"upTo": 1})).await.error(), (422, "invalid", Some("upTo")));
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "agent").await;
    assert_eq!(stranger.post(&read, json!({})).await.error(), (404, "not_found", None));
    assert_eq!(relay.anonymous().post(&read, json!({})).await.status, 401);
}
