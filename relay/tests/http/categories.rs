//! Categories of an organization, and the forms that come with them.

use crate::asking::{Client, Relay, Reply};
use relay::store::{Append, Author, Target};
use serde_json::{Value, json};
use shared::message::{Draft, MessageType};

const CATEGORY: &str = "Used Car";

/// The demo organization with a category of two forms, by their ids.
async fn forms(relay: &Relay) -> [String; 2] {
    let forms = [form(relay, "Lead").await, form(relay, "Test drive").await];
    set(relay, json!(["Service", {"name": CATEGORY, "forms": forms}])).await;
    forms
}

async fn form(relay: &Relay, name: &str) -> String {
    let new = json!({"organization": relay.demo().await, "name": name});
    relay.admin().post("/v2/forms", new).await.text("id")
}

async fn set(relay: &Relay, categories: Value) -> Reply {
    let path = format!("/v2/organizations/{}", relay.demo().await);
    relay.admin().patch(&path, json!({"categories": categories})).await
}

/// Of each entry of a conversation, oldest first: type, role and text.
async fn log(client: &Client<'_>, conversation: &str) -> Vec<[String; 3]> {
    let listed = client.get(&format!("/v2/messages?conversation={conversation}&sort=createdAt")).await;
    let entry = |one: &Value| ["type", "role", "text"].map(|name| one[name].as_str().unwrap().to_owned());
    listed.body.as_array().unwrap().iter().map(entry).collect()
}

fn entry(kind: &str, role: &str, text: &str) -> [String; 3] {
    [kind, role, text].map(str::to_owned)
}

fn activated(form: &str) -> [String; 3] {
    entry("form", "system", &format!("+{form}"))
}

async fn active(relay: &Relay, conversation: &str) -> Value {
    relay.admin().get(&format!("/v2/conversations/{conversation}")).await.body["forms"].clone()
}

#[tokio::test]
async fn a_category_is_a_name_or_has_forms_and_is_shown_as_it_was_given() {
    let relay = Relay::start().await;
    let lead = form(&relay, "Lead").await;
    let given = json!(["Service", {"name": CATEGORY, "forms": [lead]}, {"name": "Boats", "forms": []}]);

    let changed = set(&relay, given.clone()).await;

    assert_eq!((changed.status.as_u16(), &changed.body["categories"]), (200, &given));
    let path = format!("/v2/organizations/{}", relay.demo().await);
    assert_eq!(relay.admin().get(&path).await.body["categories"], given);

    relay.admin().delete(&format!("/v2/forms/{lead}")).await;
    let renamed = relay.admin().patch(&path, json!({"displayName": "Rook Lane"})).await;
    assert_eq!((renamed.status.as_u16(), &renamed.body["categories"]), (200, &given));
}

#[tokio::test]
async fn what_cannot_be_a_category_is_named_and_changes_nothing() {
    let relay = Relay::start().await;
    let forms = forms(&relay).await;
    let other = relay.organization("Other").await;
    let foreign = relay.admin().post("/v2/forms", json!({"organization": other, "name": "Theirs"})).await;
    let (before, foreign) = (set(&relay, json!(["Service"])).await.body, foreign.text("id"));
    let many = vec![forms[0].clone(); 21];
    for (categories, code, field) in [
        (json!([1]), "invalid", "categories[0]"),
        (json!([" "]), "invalid", "categories[0]"),
        (json!(["a", "a"]), "invalid", "categories[1]"),
        (json!(["a", {"name": "a", "forms": []}]), "invalid", "categories[1].name"),
        (json!([{"name": "", "forms": []}]), "invalid", "categories[0].name"),
        (json!([{"forms": []}]), "invalid", "categories[0].name"),
        (json!([{"name": "a"}]), "invalid", "categories[0].forms"),
        (json!([{"name": "a", "forms": [], "colour": 1}]), "invalid", "categories[0].colour"),
        (json!([{"name": "a", "forms": ["lead"]}]), "invalid", "categories[0].forms[0]"),
        (json!([{"name": "a", "forms": many}]), "invalid", "categories[0].forms"),
        (json!([{"name": "a", "forms": [forms[0], forms[0]]}]), "invalid", "categories[0].forms[1]"),
        (json!(["b", {"name": "a", "forms": [forms[0], foreign]}]), "not_found", "categories[1].forms[1]"),
    ] {
        let refused = set(&relay, categories.clone()).await;
        let (_, told, member) = refused.error();
        assert_eq!((told, member), (code, Some(field)), "{categories} {}", refused.body);
    }
    let path = format!("/v2/organizations/{}", relay.demo().await);
    assert_eq!(relay.admin().get(&path).await.body, before);

    let new = json!({"name": "New", "categories": [{"name": "a", "forms": [forms[0]]}]});
    let refused = relay.admin().post("/v2/organizations", new).await;
    assert_eq!(refused.error(), (404, "not_found", Some("categories[0].forms[0]")), "not its own");
}

#[tokio::test]
async fn organizations_are_found_by_either_kind_of_category() {
    let relay = Relay::start().await;
    forms(&relay).await;
    for (filter, found) in [
        ("categories=Service", 1),
        ("categories=Used%20Car", 1),
        ("categories=~used", 1),
        ("categories=[Boats,Used%20Car]", 1),
        ("categories=Boats", 0),
        ("categories=~forms", 0),
    ] {
        let listed = relay.admin().get(&format!("/v2/organizations?{filter}")).await;
        assert_eq!(listed.body.as_array().map(Vec::len), Some(found), "{filter} {}", listed.body);
    }
}

#[tokio::test]
async fn forms_of_categories_are_populated() {
    let relay = Relay::start().await;
    let [lead, drive] = forms(&relay).await;
    relay.admin().delete(&format!("/v2/forms/{drive}")).await;
    let agent = relay.user("agent").await;
    let path = format!("/v2/organizations/{}?populate=", relay.demo().await);

    let shown = agent.get(&format!("{path}categories.forms")).await.body;
    assert_eq!(shown["categories"][0], "Service");
    let category = &shown["categories"][1];
    assert_eq!((&category["name"], &category["forms"][0]["id"]), (&json!(CATEGORY), &json!(lead)));
    assert_eq!(category["forms"][0]["name"], "Lead");
    assert_eq!(category["forms"][1], json!(drive), "what is not there any more stays an id");

    let deeper = agent.get(&format!("{path}categories.forms.organization")).await.body;
    assert_eq!(deeper["categories"][1]["forms"][0]["organization"]["id"], shown["id"]);
    let plain = agent.get(&format!("{path}categories")).await.body;
    assert_eq!(plain["categories"][1]["forms"], json!([lead, drive]));
    for wrong in ["categories.colour", "categories.forms.colour"] {
        let refused = agent.get(&format!("{path}{wrong}")).await;
        assert_eq!(refused.error(), (422, "invalid", Some("populate")), "{wrong}");
    }
}

#[tokio::test]
async fn a_conversation_that_begins_with_a_category_has_its_forms() {
    let relay = Relay::start().await;
    let [lead, drive] = forms(&relay).await;
    let new = json!({
        "organization": relay.demo().await,
        "contact": {"profile": {"telephone": "+31646280994"}},
        "messages": [{"role": "agent", "text": "Hey there."}],
        "category": CATEGORY,
    });
    let admin = relay.admin().with_key("once");

    let started = admin.post("/v2/conversations", new.clone()).await;
    let again = admin.post("/v2/conversations", new).await;

    assert_eq!((again.text("id"), &started.body["forms"]), (started.text("id"), &json!([lead, drive])));
    assert_eq!(started.body["messages"].as_array().unwrap().len(), 1, "what was said, and nothing else");
    let expected = [activated(&lead), activated(&drive), entry("chat", "agent", "Hey there.")];
    assert_eq!(log(&relay.admin(), &started.text("id")).await, expected);
}

#[tokio::test]
async fn a_change_of_the_category_activates_the_forms_that_are_not_active() {
    let relay = Relay::start().await;
    let [lead, drive] = forms(&relay).await;
    let (agent, conversation) = (relay.user("agent").await, relay.conversation().await);
    let (path, said) =
        (format!("/v2/conversations/{conversation}"), format!("/v2/conversations/{conversation}/messages"));
    agent.post(&said, json!({"type": "form", "text": format!("+{drive}")})).await;
    let before = log(&agent, &conversation).await.len();

    let changed = agent.patch(&path, json!({"category": CATEGORY, "tags": ["vip"]})).await;
    for category in [json!("Service"), json!("Boats"), Value::Null, json!(CATEGORY)] {
        agent.patch(&path, json!({"category": category})).await;
    }

    assert_eq!(changed.body["forms"], json!([drive, lead]));
    let log = log(&agent, &conversation).await;
    let kinds: Vec<&str> = log[before..].iter().map(|entry| entry[0].as_str()).collect();
    assert_eq!(kinds, ["status", "form", "status", "status", "status", "status"]);
    assert_eq!(log[before + 1], activated(&lead));
}

#[tokio::test]
async fn a_command_of_an_agent_or_a_bot_activates_the_forms_once() {
    for role in ["agent", "bot"] {
        let relay = Relay::start().await;
        let [lead, drive] = forms(&relay).await;
        let (client, conversation) = (relay.user(role).await, relay.conversation().await);
        let path = format!("/v2/conversations/{conversation}/messages");
        let command =
            json!({"type": "command", "text": format!("/set @category {CATEGORY}"), "clientKey": "key-0001"});

        let said = client.post(&path, command.clone()).await;
        let again = client.post(&path, command.clone()).await;

        assert_eq!((said.status.as_u16(), said.text("id")), (201, again.text("id")), "{}", said.body);
        let log = log(&client, &conversation).await;
        assert_eq!(log[1][0], "command", "{role}");
        assert_eq!(log[2..], [activated(&lead), activated(&drive)], "{role}");
        assert_eq!(active(&relay, &conversation).await, json!([lead, drive]), "{role}");
    }
}

#[tokio::test]
async fn a_visitors_command_activates_the_forms_that_are_there_also_where_it_may_not_itself() {
    let relay = Relay::start().await;
    let [lead, drive] = forms(&relay).await;
    relay.admin().delete(&format!("/v2/forms/{lead}")).await;
    let organization = relay.demo().await;
    let path = format!("/v2/organizations/{organization}");
    relay.admin().patch(&path, json!({"visitorCommands": ["set"]})).await;
    let conversation = relay.conversation().await;
    let target = Target::Conversation {
        organization: organization.parse().unwrap(),
        conversation: conversation.parse().unwrap(),
    };
    let command = Append {
        target,
        author: Author::Contact,
        draft: Draft {
            kind: MessageType::Command,
            client_key: Some("key-0001".parse().unwrap()),
            ..Draft::from_contact(format!("/set @category {CATEGORY}"))
        },
        now: relay.app.now(),
    };

    let said = relay.app.store.append(command.clone()).await.unwrap();
    let again = relay.app.store.append(command).await.unwrap();

    assert_eq!((said.message.kind, again.message.id), (MessageType::Command, said.message.id));
    assert!(again.repeated);
    let log = log(&relay.admin(), &conversation).await;
    assert_eq!(log[1..], [entry("command", "contact", &said.message.text), activated(&drive)]);
    assert_eq!(active(&relay, &conversation).await, json!([drive]));
}
