//! Lists: filters, order, parts, and what is shown of each record.

use crate::asking::{Client, Relay, Reply};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn records_are_filtered_by_each_operator() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    let ada =
        made(&admin, "users", json!({"name": "Ada", "email": "ada@shop.example", "role": "agent"})).await;
    let ben = made(&admin, "users", json!({"name": "Bén", "role": "bot"})).await;
    let sales = made(&admin, "channels", json!({"name": "Sales", "users": [ada, ben]})).await;
    let parts = made(&admin, "channels", json!({"name": "Parts", "users": [ben]})).await;
    let lead = made(&admin, "forms", json!({"name": "Lead"})).await;
    let (jo_profile, al_profile) = (
        json!({"name": "Jo", "telephone": "+31646280994", "age": 42, "vip": true, "home": {"city": "Breda"}}),
        json!({"name": "Al", "email": "al@example.com", "age": 7, "vip": false}),
    );
    let jo = made(&admin, "contacts", json!({"profile": jo_profile})).await;
    let al = made(&admin, "contacts", json!({"profile": al_profile})).await;

    for (list, expected) in [
        ("users?name=Ada", vec![&ada]),
        ("users?email=~SHOP", vec![&ada]),
        ("users?name=~BEN", vec![&ben]),
        ("users?role=[bot,agent]&sort=name", vec![&ada, &ben]),
        ("users?role=bot&name=Ada", vec![]),
        (&format!("users?id=[{ada},{ben}]&sort=-name"), vec![&ben, &ada]),
        (&format!("channels?users={ada}"), vec![&sales]),
        (&format!("channels?users={ben}"), vec![&parts, &sales]),
        ("channels?name=>Q", vec![&sales]),
        ("channels?name=<Q", vec![&parts]),
        ("forms?name=Lead", vec![&lead]),
        ("forms?createdAt=>2020-01-01T00:00:00Z", vec![&lead]),
        ("forms?createdAt=>2020-01-01", vec![&lead]),
        ("forms?createdAt=<2020-01-01T00:00:00Z", vec![]),
        ("contacts?profile.telephone=%2B31646280994", vec![&jo]),
        ("contacts?profile.email=al@example.com", vec![&al]),
        ("contacts?profile.name=~o", vec![&jo]),
        ("contacts?profile.age=42", vec![&jo]),
        ("contacts?profile.age=>8", vec![&jo]),
        ("contacts?profile.age=<8.5", vec![&al]),
        ("contacts?profile.vip=true", vec![&jo]),
        ("contacts?profile.home.city=Breda", vec![&jo]),
        ("contacts?profile.name=[Al,Jo]&sort=createdAt", vec![&jo, &al]),
        ("contacts?conversation=null&sort=-updatedAt", vec![&al, &jo]),
    ] {
        let listed = admin.get(&format!("/v2/{list}")).await;
        assert_eq!(listed.status, 200, "{list} {}", listed.body);
        assert_eq!(ids(&listed), expected, "{list}");
        assert_eq!(listed.header("x-total-count"), expected.len().to_string(), "{list}");
    }
    let named = admin.get("/v2/organizations?allowedOrigins=https://shop.example&settings.x=1").await;
    assert_eq!(named.body, json!([]));
}

#[tokio::test]
async fn conversations_are_filtered_by_what_they_are() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    let anna = made(&admin, "users", json!({"name": "Anna"})).await;
    let inbox = made(&admin, "channels", json!({"name": "Sales"})).await;
    let mut opened = Vec::new();
    for n in 0..3 {
        let contact = json!({"profile": {"email": format!("{n}@example.com")}});
        let new = json!({"contact": contact, "messages": [{"text": format!("Bike number {n}")}]});
        opened.push(made(&admin, "conversations", new).await);
    }
    let [one, two, three] = opened.as_slice() else { panic!("three were opened") };
    let set = async |id: &str, members: Value| {
        let changed = admin.patch(&format!("/v2/conversations/{id}"), members).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
    };
    set(one, json!({"status": "closed", "category": "Workshop", "tags": ["vip", "late"]})).await;
    set(two, json!({"assignee": anna, "meta": {"colour": "Red"}, "session": {"step": 3}})).await;
    let notify = json!({"type": "command", "text": format!("/notify {inbox}")});
    assert_eq!(admin.post(&format!("/v2/conversations/{three}/messages"), notify).await.status, 201);
    let contact = admin.get(&format!("/v2/conversations/{two}")).await.text("contact");

    for (filters, expected) in [
        ("", vec![three, two, one]),
        ("sort=createdAt", vec![one, two, three]),
        ("sort=-updatedAt", vec![three, two, one]),
        ("sort=updatedAt", vec![one, two, three]),
        ("sort=-updatedAt&offset=1&limit=1", vec![two]),
        ("status=closed", vec![one]),
        ("status=[closed,queued]&sort=-updatedAt", vec![three, two, one]),
        ("category=Workshop", vec![one]),
        ("category=~WORK&sort=-updatedAt", vec![one]),
        (&format!("assignee={anna}"), vec![two]),
        (&format!("assignee={anna}&sort=-updatedAt"), vec![two]),
        ("assignee=null", vec![three, one]),
        (&format!("channel={inbox}"), vec![three]),
        (&format!("channel={inbox}&sort=updatedAt"), vec![three]),
        (&format!("channel={inbox}&status=closed"), vec![]),
        (&format!("contact={contact}"), vec![two]),
        ("tags=late", vec![one]),
        ("meta.colour=Red", vec![two]),
        ("session.step=>2", vec![two]),
        ("head=>1&sort=createdAt", vec![one, two, three]),
        ("type=agent", vec![]),
        ("updatedAt=>2020-01-01T00:00:00Z", vec![three, two, one]),
        ("updatedAt=>2020-01-01T00:00:00Z&updatedAt=<2020-01-02T00:00:00Z", vec![]),
        ("q=bike", vec![three, two, one]),
        ("q=NUMBER%201", vec![two]),
        ("q=bike&status=closed&sort=createdAt", vec![one]),
        ("q=bike&limit=1&offset=1", vec![two]),
        ("q=bik", vec![]),
        ("q=%22%20OR%20*", vec![]),
    ] {
        let listed = admin.get(&format!("/v2/conversations?{filters}")).await;
        assert_eq!(listed.status, 200, "{filters} {}", listed.body);
        assert_eq!(ids(&listed), expected, "{filters}");
    }
    let count = async |filters: &str| {
        admin.get(&format!("/v2/conversations?{filters}&limit=1")).await.header("x-total-count").to_owned()
    };
    assert_eq!(
        (count("").await, count("status=queued").await, count("q=bike").await),
        ("3".into(), "2".into(), "3".into())
    );
    assert_eq!(count(&format!("channel={inbox}")).await, "1");
    set(two, json!({"assignee": null, "status": "closed"})).await;
    assert_eq!(count(&format!("assignee={anna}")).await, "0");
    assert_eq!(count("status=closed").await, "2");
}

#[tokio::test]
async fn messages_are_listed_by_conversation_and_by_what_they_are() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let conversation = relay.conversation().await;
    let team =
        made(&agent, "conversations", json!({"name": "Workshop", "messages": [{"text": "Morning"}]})).await;
    let note = json!({"text": "He called", "isBackchannel": true, "role": "agent", "meta": {"by": "phone"}});
    let path = format!("/v2/conversations/{conversation}/messages");
    let note = agent.post(&path, note).await.text("id");

    let texts = async |filters: &str| {
        let listed = agent.get(&format!("/v2/messages?{filters}")).await;
        assert_eq!(listed.status, 200, "{filters} {}", listed.body);
        let items = listed.body.as_array().unwrap().iter();
        items.map(|item| item["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("").await, ["He called", "Morning", "Hey there."]);
    assert_eq!(texts(&format!("conversation={conversation}")).await, ["He called", "Hey there."]);
    assert_eq!(
        texts(&format!("conversation={conversation}&sort=createdAt")).await,
        ["Hey there.", "He called"]
    );
    assert_eq!(
        texts(&format!("conversation=[{conversation},{team}]&seq=1")).await,
        ["Morning", "Hey there."]
    );
    assert_eq!(texts("isBackchannel=true").await, ["He called"]);
    assert_eq!(texts("meta.by=phone&role=agent").await, ["He called"]);
    assert_eq!(texts("text=~MORN").await, ["Morning"]);
    assert_eq!(texts(&format!("id={note}")).await, ["He called"]);
    assert_eq!(texts("createdAt=<2020-01-01T00:00:00Z").await, Vec::<String>::new());
    let shown =
        agent.get(&format!("/v2/messages/{note}?select=text,conversation&populate=conversation")).await;
    assert_eq!(
        (&shown.body["text"], &shown.body["conversation"]["id"], &shown.body["role"]),
        (&json!("He called"), &json!(conversation), &Value::Null)
    );
}

#[tokio::test]
async fn what_belongs_to_others_is_in_no_list() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    relay.admin().post("/v2/forms", json!({"organization": relay.demo().await, "name": "Lead"})).await;
    let other = relay.organization("Other").await;
    let stranger = relay.user_of(&other, "admin").await;

    for list in [
        "conversations",
        "conversations?sort=-updatedAt",
        "conversations?q=hey",
        "conversations?status=[active,queued,closed]",
        "messages",
        &format!("messages?conversation={conversation}"),
        "contacts",
        "contacts?profile.telephone=%2B31646280994",
        "forms",
        "channels",
    ] {
        let listed = stranger.get(&format!("/v2/{list}")).await;
        assert_eq!((listed.status.as_u16(), &listed.body), (200, &json!([])), "{list}");
        assert_eq!(listed.header("x-total-count"), "0", "{list}");
    }
    assert_eq!(stranger.get("/v2/organizations").await.header("x-total-count"), "1");
    let named = stranger.get(&format!("/v2/forms?organization={}", relay.demo().await)).await;
    assert_eq!(named.error().1, "not_found");
}

#[tokio::test]
async fn members_are_selected_and_references_populated() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let (agent, organization) = (relay.user("agent").await, relay.demo().await);
    let ask = async |query: &str| agent.get(&format!("/v2/conversations{query}")).await.body;

    assert_eq!(ask("?select=status").await, json!([{"id": conversation, "status": "active"}]));
    assert_eq!(
        ask(&format!("/{conversation}?select=[status]")).await,
        json!({"id": conversation, "status": "active"})
    );
    let populated =
        ask("?populate=contact,organization,createdBy&select=contact,organization,createdBy").await;
    assert_eq!(populated[0]["contact"]["profile"]["name"], "John Johnson");
    assert_eq!(populated[0]["organization"]["id"], json!(organization));
    assert_eq!(populated[0]["createdBy"]["role"], "admin", "a user of all organizations");
    assert_eq!(populated[0].as_object().unwrap().len(), 4);
    let deep = ask("?populate=contact.conversation&select=contact").await;
    assert_eq!(deep[0]["contact"]["conversation"]["id"], json!(conversation));

    let ada = relay
        .admin()
        .post("/v2/users", json!({"organization": organization, "name": "Ada"}))
        .await
        .text("id");
    let inbox = json!({"organization": organization, "name": "Sales", "users": [ada]});
    relay.admin().post("/v2/channels", inbox).await;
    assert_eq!(agent.get("/v2/channels?populate=users").await.body[0]["users"][0]["name"], "Ada");
}

#[tokio::test]
async fn links_lead_over_every_old_record_once_while_new_ones_come() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let new =
        |n: usize| json!({"name": format!("Team {}", n % 3), "messages": [{"text": format!("Note {n}")}]});
    let mut opened = BTreeSet::new();
    for n in 0..11 {
        opened.insert(made(&agent, "conversations", new(n)).await);
    }
    for list in [
        "conversations?limit=3",
        "conversations?limit=3&sort=createdAt",
        "conversations?limit=3&q=note",
        "conversations?limit=3&q=note&sort=createdAt",
        "conversations?limit=3&sort=updatedAt",
        "conversations?limit=3&sort=-updatedAt",
        "conversations?limit=3&offset=0&status=queued",
        "messages?limit=3&select=conversation,text",
    ] {
        let (mut seen, mut next) = (Vec::new(), Some(format!("/v2/{list}")));
        while let Some(address) = next {
            let listed = agent.get(&address).await;
            assert_eq!(listed.status, 200, "{address} {}", listed.body);
            let items = listed.body.as_array().unwrap().clone();
            assert!(items.len() <= 3, "{list}");
            let id = if list.starts_with("messages") { "conversation" } else { "id" };
            seen.extend(items.iter().map(|item| item[id].as_str().unwrap().to_owned()));
            next = next_of(&listed);
            if seen.len() < 30 {
                made(&agent, "conversations", new(seen.len())).await;
            }
        }
        let old: Vec<&String> = seen.iter().filter(|id| opened.contains(*id)).collect();
        assert_eq!(old.len(), opened.len(), "{list}");
        assert_eq!(old.into_iter().collect::<BTreeSet<_>>().len(), opened.len(), "{list}");
        opened.extend(seen);
    }
}

#[tokio::test]
async fn a_link_keeps_the_rest_and_a_cursor_fits_one_list_only() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    for name in ["A", "B", "C"] {
        made(&admin, "forms", json!({"name": name})).await;
    }
    let first = admin.get("/v2/forms?limit=1&name=%5BA,B%5D&sort=-name&offset=0&select=name").await;
    let next = next_of(&first).unwrap();
    let second = admin.get(&next).await;

    assert_eq!((&first.body[0]["name"], &second.body[0]["name"]), (&json!("B"), &json!("A")));
    assert_eq!(second.body[0].as_object().unwrap().len(), 2);
    assert_eq!(next_of(&second), None, "there is no more");
    assert_eq!(second.header("x-total-count"), "2");
    assert!(!next.contains("offset") && !next.contains(','), "clients split the header at commas: {next}");
    let cursor = next.split_once("after=").unwrap().1;
    for wrong in [
        format!("/v2/forms?after={cursor}"),
        format!("/v2/channels?sort=-name&after={cursor}"),
        format!("/v2/forms?sort=-name&after={}", &cursor[2..]),
        "/v2/forms?after=next".to_owned(),
    ] {
        assert_eq!(admin.get(&wrong).await.error(), (422, "invalid", Some("after")), "{wrong}");
    }
}

#[tokio::test]
async fn what_a_list_cannot_be_asked_is_named() {
    let relay = Relay::start().await;
    let admin = relay.admin();
    for (list, field) in [
        ("users?colour=red", "colour"),
        ("users?role=king", "role"),
        ("users?select=colour", "select"),
        ("users?populate=colour", "populate"),
        ("users?sort=colour", "sort"),
        ("contacts?populate=conversation.colour", "populate"),
        ("conversations?assignee=>0", "assignee"),
        ("conversations?limit=0", "limit"),
        ("messages?sort=text", "sort"),
        ("messages?q=hello", "q"),
    ] {
        assert_eq!(admin.get(&format!("/v2/{list}")).await.error(), (422, "invalid", Some(field)), "{list}");
    }
}

/// The id of a new record.
async fn made(client: &Client<'_>, resource: &str, new: Value) -> String {
    client.post(&format!("/v2/{resource}"), new).await.text("id")
}

fn ids(listed: &Reply) -> Vec<&str> {
    listed.body.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// The path of the next part.
fn next_of(listed: &Reply) -> Option<String> {
    let (address, rel) = listed.header("link").split_once(';')?;
    assert_eq!(rel.trim(), "rel=\"next\"");
    let address = address.trim_start_matches('<').trim_end_matches('>');
    Some(address[address.find("/v2/").unwrap()..].to_owned())
}

#[tokio::test]
async fn every_member_of_an_answer_is_a_field() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    let conversation = relay.conversation().await;
    made(&admin, "channels", json!({"name": "Sales"})).await;
    made(&admin, "forms", json!({"name": "Lead"})).await;
    admin.patch(&format!("/v2/conversations/{conversation}"), json!({"category": "Workshop"})).await;
    for resource in ["organizations", "users", "channels", "forms", "contacts", "conversations", "messages"] {
        let listed = admin.get(&format!("/v2/{resource}")).await.body;
        for member in listed[0].as_object().unwrap().keys() {
            let selected = admin.get(&format!("/v2/{resource}?limit=1&select={member}")).await;
            assert_eq!(
                (selected.status.as_u16(), &selected.body[0][member]),
                (200, &listed[0][member]),
                "{resource} {member}"
            );
        }
    }
}
