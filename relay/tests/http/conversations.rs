//! Conversations are opened, found and changed.

use crate::asking::Relay;
use serde_json::json;

#[tokio::test]
async fn a_conversation_starts_with_a_contact_and_something_to_say() {
    let relay = Relay::start().await;
    let started = relay
        .admin()
        .post(
            "/v2/conversations",
            json!({
                "organization": relay.demo().await,
                "type": "contact",
                "contact": {"profile": {"name": "John Johnson", "telephone": "+31646280994"}},
                "messages": [{"text": "Hey there.", "role": "agent"}, {"text": "How are you?", "role": "agent"}],
                "category": "Used Car",
            }),
        )
        .await;

    assert_eq!(started.status, 201, "{}", started.body);
    assert_eq!(started.text("name"), "John Johnson");
    assert_eq!(started.text("status"), "active");
    assert_eq!(started.text("category"), "Used Car");
    assert_eq!(started.body["messages"].as_array().unwrap().len(), 2);
    assert_eq!(started.body["touchpoints"], json!({"web": {"selected": true}}));
    assert_eq!(started.body["participants"][0]["active"], true);
    let path = format!("/v2/conversations/{}?populate=contact", started.text("id"));
    let shown = relay.admin().get(&path).await;
    assert_eq!(shown.body["contact"]["profile"]["telephone"], "+31646280994");
    assert_eq!(shown.body["head"], 2);
}

#[tokio::test]
async fn it_needs_somebody_who_can_be_reached_and_something_to_say() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let hello = json!([{"text": "Hello", "role": "agent"}]);
    let john = json!({"profile": {"email": "john@example.com"}});

    let nobody =
        agent.post("/v2/conversations", json!({"contact": {"profile": {}}, "messages": hello})).await;
    assert_eq!(nobody.error(), (422, "invalid", Some("contact.profile")));
    let silence = agent.post("/v2/conversations", json!({"contact": john, "messages": []})).await;
    assert_eq!(silence.error(), (422, "invalid", Some("messages")));
    let sms = json!({"contact": john, "messages": [{"text": "Hello", "touchpoint": "sms"}]});
    let elsewhere = agent.post("/v2/conversations", sms).await;
    assert_eq!(elsewhere.error(), (422, "touchpoint_unavailable", Some("messages[0].touchpoint")));
    assert_eq!(agent.get("/v2/contacts").await.body, json!([]));
}

#[tokio::test]
async fn a_person_who_is_known_is_not_made_again() {
    let relay = Relay::start().await;
    relay.conversation().await;
    let agent = relay.user("agent").await;

    let john = json!({"profile": {"telephone": "+31646280994"}});
    let again =
        agent.post("/v2/conversations", json!({"contact": john, "messages": [{"text": "Hello"}]})).await;

    assert_eq!(again.error(), (409, "contact_exists", Some("contact.profile.telephone")));
}

#[tokio::test]
async fn a_contact_without_a_conversation_gets_one_by_its_id() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let contact = agent.post("/v2/contacts", json!({"profile": {"name": "Jo"}})).await.text("id");
    let new = json!({"contact": contact, "messages": [{"text": "Hello", "role": "agent"}]});

    let started = agent.post("/v2/conversations", new.clone()).await;

    assert_eq!(started.text("contact"), contact);
    assert_eq!(agent.get(&format!("/v2/contacts/{contact}")).await.text("conversation"), started.text("id"));
    assert_eq!(agent.post("/v2/conversations", new).await.error(), (409, "contact_exists", None));
}

#[tokio::test]
async fn a_team_talks_without_a_contact() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let team = agent.post("/v2/conversations", json!({"name": "Workshop", "messages": []})).await;
    assert_eq!((team.status.as_u16(), team.text("type")), (201, "agent".to_owned()));
}

#[tokio::test]
async fn a_change_is_an_entry_of_the_log() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}", relay.conversation().await);
    let agent = relay.user("agent").await;

    let patch = json!({"status": "closed", "category": "Service", "meta": {"isLead": true}, "tags": ["vip"]});
    let changed = agent.patch(&path, patch.clone()).await;

    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!((changed.text("status"), changed.text("category")), ("closed".into(), "Service".into()));
    assert_eq!(changed.body["meta"], json!({"isLead": true}));
    assert_eq!(agent.get(&path).await.body, changed.body);
    let log = agent.get(&format!("{path}/messages")).await.body;
    assert_eq!(
        (&log[1]["type"], &log[1]["role"], &log[1]["payload"]),
        (&json!("status"), &json!("system"), &patch)
    );
    let cleared = agent.patch(&path, json!({"category": null})).await;
    assert_eq!(cleared.body["category"], json!(null));
}

#[tokio::test]
async fn a_change_that_does_not_fit_is_refused_and_named() {
    let relay = Relay::start().await;
    let path = format!("/v2/conversations/{}", relay.conversation().await);
    let admin = relay.admin();
    for (patch, status, code, field) in [
        (json!({"colour": "red"}), 422, "invalid", "colour"),
        (json!({"status": "done"}), 422, "invalid", "status"),
        (json!({"status": null}), 422, "invalid", "status"),
        (json!({"meta": {"note": "x".repeat(5000)}}), 422, "invalid", "meta.note"),
        (json!({"assignee": "000000000000000000000000"}), 404, "not_found", "assignee"),
    ] {
        assert_eq!(admin.patch(&path, patch.clone()).await.error(), (status, code, Some(field)), "{patch}");
    }
    assert_eq!(admin.get(&path).await.body["head"], 1);
}

#[tokio::test]
async fn a_list_is_filtered_and_counted() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let agent = relay.user("agent").await;
    agent.post("/v2/conversations", json!({"name": "Workshop"})).await;
    agent.patch(&format!("/v2/conversations/{conversation}"), json!({"category": "Used Car"})).await;
    let ask = async |query: &str| agent.get(&format!("/v2/conversations?{query}")).await;

    assert_eq!(ask("").await.header("x-total-count"), "2");
    assert_eq!(ask("limit=1").await.body.as_array().unwrap().len(), 1);
    assert_eq!(ask("category=Used%20Car").await.body[0]["id"], json!(conversation));
    assert_eq!(ask("status=active").await.header("x-total-count"), "1");
    assert_eq!(ask("status=closed").await.body, json!([]));
    assert_eq!(ask("status=done").await.error(), (422, "invalid", Some("status")));
    assert_eq!(ask("assignee=me").await.error(), (422, "invalid", Some("assignee")));
}

#[tokio::test]
async fn the_bots_variables_can_be_replaced_and_are_bounded() {
    let relay = Relay::start().await;
    let (admin, path) = (relay.admin(), format!("/v2/conversations/{}", relay.conversation().await));
    let patched = admin.patch(&path, json!({"session": {"step": 1}, "dialogState": "checkout"})).await;
    assert_eq!(
        (&patched.body["session"], &patched.body["dialogState"]),
        (&json!({"step": 1}), &json!("checkout"))
    );
    let patched = admin.patch(&path, json!({"session": {}, "dialogState": null})).await;
    assert_eq!((&patched.body["session"], &patched.body["dialogState"]), (&json!({}), &json!(null)));
    for (body, field) in [
        (json!({"session": {"note": "x".repeat(4_096)}}), "session.note"),
        (json!({"session": []}), "session"),
        (json!({"dialogState": ""}), "dialogState"),
    ] {
        assert_eq!(admin.patch(&path, body).await.error(), (422, "invalid", Some(field)));
    }
}
