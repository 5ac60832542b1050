//! Persons and organizations are erased, and exported.

use crate::asking::{Client, Relay};
use relay::erasure;
use relay::store::{Append, Author, Target, TokenHash};
use serde_json::{Value, json};
use shared::{Millis, VisitorToken, message::Draft};

const SECRET: &str = "wombat";

struct Person {
    contact: String,
    conversation: String,
    message: String,
    file: String,
}

/// Somebody of the demo organization who left something everywhere.
async fn person(relay: &Relay, telephone: &str) -> Person {
    let admin = relay.admin();
    let organization = relay.demo().await;
    let upload = format!("/v2/files?organization={organization}");
    let file = admin.post_form(&upload, &[("file", Some("wombat.txt"), SECRET.as_bytes())]).await.text("url");
    let new = json!({
        "organization": organization, "name": SECRET, "meta": {"a": SECRET},
        "contact": {"profile": {"name": SECRET, "telephone": telephone}},
        "messages": [{"role": "agent", "text": format!("{SECRET} {file}")}],
    });
    let conversation = admin.post("/v2/conversations", new).await;
    let (conversation, contact) = (conversation.text("id"), conversation.text("contact"));
    let messages = format!("/v2/conversations/{conversation}/messages");
    let said = relay.admin().with_key("k").post(&messages, json!({"text": SECRET, "clientKey": "c"})).await;
    let held = json!({"text": format!("{SECRET} {file}"), "clientKey": "held", "delay": 3_600_000});
    assert_eq!(admin.post(&messages, held).await.status, 201);
    admin.post(&format!("/v2/contacts/{contact}/links"), json!({})).await;
    Person {
        contact,
        conversation,
        message: said.text("id"),
        file: file.split("://h").last().unwrap().to_owned(),
    }
}

async fn count(client: &Client<'_>, path: &str) -> (usize, String) {
    let reply = client.get(path).await;
    assert_eq!(reply.status, 200, "{path} {}", reply.body);
    (reply.body.as_array().unwrap().len(), reply.header("x-total-count").to_owned())
}

/// Whether any table of the database has this text in any column, as far as it is text.
fn database_has(relay: &Relay, text: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(relay.directory.path().join("relay.db")).unwrap();
    let names = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let tables =
        names("SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let mut found = Vec::new();
    for table in tables {
        for column in names(&format!("SELECT name FROM pragma_table_info('{table}')")) {
            let sql = format!(
                "SELECT count(*) FROM {table} WHERE instr(lower(CAST(\"{column}\" AS TEXT)), '{text}')"
            );
            let rows: i64 = connection.query_row(&sql, (), |row| row.get(0)).unwrap();
            if rows > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}

fn rows(relay: &Relay, table: &str) -> i64 {
    let connection = rusqlite::Connection::open(relay.directory.path().join("relay.db")).unwrap();
    connection.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_person_who_is_erased_is_out_of_sight_at_once_and_then_gone() {
    let relay = Relay::start().await;
    let (erased, stays) = (person(&relay, "+311").await, person(&relay, "+312").await);
    let admin = relay.user("admin").await;
    assert!(!database_has(&relay, SECRET).is_empty());

    assert_eq!(admin.delete(&format!("/v2/contacts/{}", erased.contact)).await.status, 204);

    for path in [
        format!("/v2/contacts/{}", erased.contact),
        format!("/v2/contacts/{}/export", erased.contact),
        format!("/v2/conversations/{}", erased.conversation),
        format!("/v2/conversations/{}/messages", erased.conversation),
        format!("/v2/conversations/{}/transcript", erased.conversation),
        format!("/v2/messages/{}", erased.message),
    ] {
        assert_eq!(admin.get(&path).await.error(), (404, "not_found", None), "{path}");
    }
    for (path, expected) in [
        ("/v2/contacts", (1, "1")),
        ("/v2/conversations", (1, "1")),
        ("/v2/conversations?status=active", (1, "1")),
        ("/v2/conversations?sort=-updatedAt", (1, "1")),
        ("/v2/conversations?type=contact", (1, "1")),
        ("/v2/conversations?q=wombat", (1, "1")),
    ] {
        let (found, total) = count(&admin, path).await;
        assert_eq!((found, total.as_str()), expected, "{path}");
    }
    assert_eq!(count(&admin, "/v2/messages").await.0, 2);
    let path = format!("/v2/conversations/{}/messages", erased.conversation);
    assert_eq!(admin.post(&path, json!({"text": "a"})).await.error(), (404, "not_found", None));
    assert_eq!(admin.delete(&format!("/v2/contacts/{}", erased.contact)).await.status, 404);

    erasure::sweep(&relay.app).await.unwrap();

    for (table, left) in
        [("contacts", 1), ("conversations", 1), ("messages", 2), ("contact_links", 1), ("files", 1)]
    {
        assert_eq!(rows(&relay, table), left, "{table}");
    }
    let path = erased.file.split_once("/files/").unwrap().1;
    assert_eq!(admin.get(&format!("/files/{path}")).await.status, 404);
    let path = stays.file.split_once("/files/").unwrap().1;
    assert_eq!(admin.get(&format!("/files/{path}")).await.status, 200);
    assert_eq!(count(&admin, "/v2/messages").await, (2, "2".to_owned()));
    let shown = admin.get(&format!("/v2/conversations/{}", stays.conversation)).await;
    assert_eq!(shown.body["head"], 2);

    admin.delete(&format!("/v2/contacts/{}", stays.contact)).await;
    erasure::sweep(&relay.app).await.unwrap();
    assert_eq!(database_has(&relay, SECRET), Vec::<String>::new());
}

#[tokio::test]
async fn a_long_conversation_goes_in_parts_and_after_a_restart() {
    let relay = Relay::start().await;
    let (erased, stays) = (person(&relay, "+311").await, person(&relay, "+312").await);
    let admin = relay.user("admin").await;
    let say = async |conversation: &str, number: usize| {
        let path = format!("/v2/conversations/{conversation}/messages");
        let many = (0..100).map(|n| json!({"text": "wombat", "clientKey": format!("{number}-{n}")}));
        assert_eq!(admin.post(&path, many.collect()).await.status, 201);
    };
    // So many that some are filed and some are not.
    for number in 0..45 {
        say(&erased.conversation, number).await;
    }
    say(&stays.conversation, 0).await;

    admin.delete(&format!("/v2/contacts/{}", erased.contact)).await;
    relay.app.store.write(|write| write.sweep_erased(10)).await.unwrap();
    assert_eq!(rows(&relay, "messages"), 2 + 4_500 + 2 + 100 - 10);
    let relay = relay.restart().await;
    erasure::sweep(&relay.app).await.unwrap();

    for (table, left) in [("conversations", 1), ("messages", 102), ("message_keys", 101), ("contacts", 1)] {
        assert!(rows(&relay, table) <= left, "{table}");
    }
    let admin = relay.admin();
    assert_eq!(count(&admin, "/v2/conversations?q=wombat").await.0, 1);
    let log = admin.get(&format!("/v2/conversations/{}/messages?after=100", stays.conversation)).await;
    assert_eq!(log.body.as_array().unwrap().len(), 2);
    let new = person(&relay, "+313").await;
    let path = format!("/v2/conversations/{}/messages", new.conversation);
    let said = admin.post(&path, json!({"text": "new", "clientKey": "44-99"})).await;
    assert_eq!(
        (said.text("text"), &said.body["seq"]),
        ("new".to_owned(), &json!(3)),
        "no key of another's is known"
    );
}

#[tokio::test]
async fn the_browser_of_an_erased_person_is_somebody_new() {
    let relay = Relay::start().await;
    let organization = relay.demo().await.parse().unwrap();
    let token = TokenHash::of(&VisitorToken::from_bytes([7; 32]));
    let say = async |text: &str| {
        let append = Append {
            target: Target::Visitor { organization, token },
            author: Author::Contact,
            draft: Draft::from_contact(text),
            now: relay.app.now(),
        };
        relay.app.store.append(append).await.unwrap().message
    };
    let first = say("Hello").await;

    let path = format!("/v2/contacts/{}", first.contact.unwrap());
    assert_eq!(relay.admin().delete(&path).await.status, 204);

    let second = say("Hello again").await;
    assert_ne!((first.conversation, first.contact), (second.conversation, second.contact));
    assert_eq!(second.seq.0, 1);
    erasure::sweep(&relay.app).await.unwrap();
    assert_eq!(rows(&relay, "messages"), 1);
}

#[tokio::test]
async fn an_export_has_everything_about_the_person() {
    let relay = Relay::start().await;
    let person = person(&relay, "+311").await;
    let admin = relay.user("admin").await;
    let path = format!("/v2/conversations/{}/messages", person.conversation);
    for number in 0..3 {
        admin.post(&path, (0..100).map(|n| json!({"text": format!("{number} {n}")})).collect()).await;
    }

    let export = admin.get(&format!("/v2/contacts/{}/export", person.contact)).await;

    assert_eq!(export.header("content-type"), "application/json");
    let contact = admin.get(&format!("/v2/contacts/{}", person.contact)).await.body;
    let conversation = admin.get(&format!("/v2/conversations/{}", person.conversation)).await.body;
    assert_eq!((&export.body["contact"], &export.body["conversation"]), (&contact, &conversation));
    let messages = export.body["messages"].as_array().unwrap();
    let seqs: Vec<u64> = messages.iter().map(|message| message["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=302).collect::<Vec<_>>());
    assert_eq!(messages[1], admin.get(&format!("/v2/messages/{}", person.message)).await.body);
    assert_eq!(export.body["held"][0]["clientKey"], "held");
    assert_eq!(export.body["files"][0]["name"], "wombat.txt");
    assert!(person.file.ends_with(export.body["files"][0]["path"].as_str().unwrap()));
    assert_eq!((&export.body["links"][0]["used"], &export.body["browsers"]), (&json!(false), &json!(0)));

    let silent = admin.post("/v2/contacts", json!({"profile": {"email": "a@b.example"}})).await.text("id");
    let export = admin.get(&format!("/v2/contacts/{silent}/export")).await;
    assert_eq!((&export.body["conversation"], &export.body["messages"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn erasing_and_exporting_is_for_admins_of_the_organization() {
    let relay = Relay::start().await;
    let person = person(&relay, "+311").await;
    let other = relay.organization("Other").await;
    let (contact, export) =
        (format!("/v2/contacts/{}", person.contact), format!("/v2/contacts/{}/export", person.contact));
    for (client, expected) in [
        (relay.anonymous(), (401, "unauthorized", None)),
        (relay.user("agent").await, (403, "forbidden", None)),
        (relay.user("bot").await, (403, "forbidden", None)),
        (relay.user_of(&other, "admin").await, (404, "not_found", None)),
    ] {
        assert_eq!(client.delete(&contact).await.error(), expected);
        assert_eq!(client.get(&export).await.error(), expected);
    }
    let organization = format!("/v2/organizations/{other}");
    for role in ["admin", "agent"] {
        let own = relay.user_of(&other, role).await;
        assert_eq!(own.delete(&organization).await.error(), (403, "forbidden", None));
    }
    assert_eq!(relay.admin().get(&contact).await.status, 200);
}

#[tokio::test]
async fn no_answer_is_kept_for_a_user_who_is_gone() {
    let relay = Relay::start().await;
    let person = person(&relay, "+311").await;
    let path = format!("/v2/conversations/{}/messages", person.conversation);
    let made =
        relay.admin().post("/v2/users", json!({"organization": relay.demo().await, "name": "Ada"})).await;
    let ada = relay.with_token(made.text("token")).with_key("k");
    ada.post(&path, json!({"text": "badger"})).await;
    assert_eq!(database_has(&relay, "badger"), ["idempotency.response", "messages.text"]);

    relay.admin().delete(&format!("/v2/users/{}", made.text("id"))).await;

    assert_eq!(database_has(&relay, "badger"), ["messages.text"]);
}

#[tokio::test]
async fn of_an_organization_nothing_stays() {
    let relay = Relay::start().await;
    let organization = relay.demo().await;
    let person = person(&relay, "+311").await;
    let other = relay.organization("Other").await;
    let agent = relay.user("agent").await;
    let (stranger, admin) = (relay.user_of(&other, "agent").await, relay.admin());
    let with_organization = |mut new: Value| {
        new["organization"] = json!(organization);
        new
    };
    admin.post("/v2/channels", with_organization(json!({"name": SECRET}))).await;
    admin.post("/v2/forms", with_organization(json!({"name": SECRET}))).await;
    admin.post("/v2/contacts", with_organization(json!({"profile": {"name": SECRET}}))).await;
    let files = format!("/v2/files?organization={organization}");
    admin.post_form(&files, &[("file", Some("wombat.txt"), b"x")]).await;
    let path = format!("/v2/organizations/{organization}");
    admin.patch(&path, json!({"identitySecret": "wombat ".repeat(10), "name": SECRET})).await;

    assert_eq!(admin.delete(&path).await.status, 204);

    assert_eq!(admin.get(&path).await.error(), (404, "not_found", None));
    assert_eq!(admin.delete(&path).await.error(), (404, "not_found", None));
    assert_eq!(admin.patch(&path, json!({"name": "a"})).await.error(), (404, "not_found", None));
    assert_eq!(count(&admin, "/v2/organizations").await, (1, "1".to_owned()));
    assert_eq!(agent.get("/v2/contacts").await.error(), (401, "unauthorized", None));
    let new = with_organization(json!({"name": "Late"}));
    assert_eq!(admin.post("/v2/channels", new).await.error().0, 404);

    erasure::sweep(&relay.app).await.unwrap();

    for table in ["conversations", "messages", "contacts", "channels", "forms", "files", "identity_secrets"] {
        assert_eq!(rows(&relay, table), 0, "{table}");
    }
    assert_eq!((rows(&relay, "organizations"), rows(&relay, "users")), (1, 2));
    assert_eq!(database_has(&relay, SECRET), Vec::<String>::new());
    assert_eq!(
        relay.app.files.remove_unused(&relay.app.store, relay.app.now() + Millis(1)).await.unwrap(),
        0
    );
    let path = person.file.split_once("/files/").unwrap().1;
    assert_eq!(admin.get(&format!("/files/{path}")).await.status, 404);
    assert_eq!(stranger.get("/v2/contacts").await.status, 200);
}
