//! Organizations, users, channels, forms and contacts are made, read and changed.

use crate::asking::Relay;
use serde_json::{Value, json};

#[tokio::test]
async fn every_resource_is_made_read_listed_and_changed() {
    let relay = Relay::start().await;
    let organization = relay.demo().await;
    let anna = relay
        .admin()
        .post("/v2/users", json!({"organization": organization, "name": "Anna"}))
        .await
        .text("id");
    let field = json!({"key": "brand", "label": "Brand", "type": "text", "required": true, "options": []});
    for (resource, new, patch) in [
        ("users", json!({"name": "Ben", "email": "ben@shop.example"}), json!({"email": null, "role": "bot"})),
        ("channels", json!({"name": "Sales", "users": [anna]}), json!({"users": []})),
        ("forms", json!({"name": "Lead", "fields": [field]}), json!({"name": "Test drive"})),
        (
            "contacts",
            json!({"profile": {"email": "jo@example.com"}}),
            json!({"profile": {"name": "Jo", "vip": true}}),
        ),
    ] {
        let admin = relay.user("admin").await;
        let made = admin.post(&format!("/v2/{resource}"), new.clone()).await;
        assert_eq!(made.status, 201, "{resource} {}", made.body);
        assert_eq!(made.text("organization"), organization);
        let path = format!("/v2/{resource}/{}", made.text("id"));

        let listed = admin.get(&format!("/v2/{resource}?limit=1")).await;
        let changed = admin.patch(&path, patch.clone()).await;

        assert_eq!(listed.body[0]["id"], made.body["id"], "newest first");
        assert_eq!(changed.status, 200, "{resource} {}", changed.body);
        for (member, value) in patch.as_object().unwrap() {
            assert_eq!(&changed.body[member], value, "{resource} {member}");
        }
        assert_eq!(admin.get(&path).await.body, changed.body);
        let null = admin.patch(&path, json!({"name": null})).await;
        assert_eq!(null.error(), (422, "invalid", Some("name")), "{resource}");
    }
}

#[tokio::test]
async fn an_organization_lists_its_origins_as_browsers_name_them() {
    let relay = Relay::start().await;
    let path = format!("/v2/organizations/{}", relay.demo().await);
    let admin = relay.user("admin").await;
    let origins = json!(["https://shop.example", "*.shop.example", "http://localhost:3000"]);

    let changed = admin.patch(&path, json!({"allowedOrigins": origins, "visitorCommands": ["set"]})).await;

    assert_eq!(
        (&changed.body["allowedOrigins"], &changed.body["visitorCommands"]),
        (&origins, &json!(["set"]))
    );
    let bad = admin.patch(&path, json!({"allowedOrigins": ["https://shop.example/path"]})).await;
    assert_eq!(bad.error(), (422, "invalid", Some("allowedOrigins[0]")));
    assert_eq!(admin.get(&path).await.body["allowedOrigins"], origins);
}

#[tokio::test]
async fn an_admin_of_all_sees_all_and_can_ask_for_one() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    relay.admin().post("/v2/forms", json!({"organization": other, "name": "Lead"})).await;

    assert_eq!(relay.admin().get("/v2/organizations").await.header("x-total-count"), "2");
    let forms = async |query: &str| relay.admin().get(&format!("/v2/forms{query}")).await.body;
    assert_eq!(forms("").await[0]["organization"], json!(other));
    assert_eq!(forms(&format!("?organization={}", relay.demo().await)).await, json!([]));
}

#[tokio::test]
async fn a_channel_has_users_of_its_own_organization() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    let eve = relay.admin().post("/v2/users", json!({"organization": other, "name": "Eve"})).await.text("id");
    let channel = json!({"organization": relay.demo().await, "name": "Sales", "users": [eve]});
    assert_eq!(
        relay.admin().post("/v2/channels", channel).await.error(),
        (404, "not_found", Some("users[0]"))
    );
}

#[tokio::test]
async fn two_contacts_cannot_be_the_same_person() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let profile = |email: &str| json!({"profile": {"email": email}});
    agent.post("/v2/contacts", profile("jo@example.com")).await;
    let al = agent.post("/v2/contacts", profile("al@example.com")).await.text("id");

    let made = agent.post("/v2/contacts", profile("jo@example.com")).await;
    let changed = agent.patch(&format!("/v2/contacts/{al}"), profile("jo@example.com")).await;
    let unchanged = agent.patch(&format!("/v2/contacts/{al}"), profile("al@example.com")).await;

    assert_eq!(made.error(), (409, "contact_exists", Some("profile.email")));
    assert_eq!(changed.error(), (409, "contact_exists", Some("profile.email")));
    assert_eq!(unchanged.status, 200);
    let number = agent.post("/v2/contacts", json!({"profile": {"telephone": Value::from(7)}})).await;
    assert_eq!(number.error(), (422, "invalid", Some("profile.telephone")));
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_what_refers_to_it_can_be_read() {
    let relay = Relay::start().await;
    let (organization, admin) = (relay.demo().await, relay.user("admin").await);
    let other = relay.organization("Other").await;
    let (stranger, agent) = (relay.user_of(&other, "admin").await, relay.user("agent").await);
    let ada = admin.post("/v2/users", json!({"name": "Ada"})).await;
    let (token, ada) = (ada.text("token"), ada.text("id"));
    let inbox = admin.post("/v2/channels", json!({"name": "Sales", "users": [ada]})).await.text("id");
    let form = admin.post("/v2/forms", json!({"name": "Lead", "fields": []})).await.text("id");
    let conversation = relay.conversation().await;
    let path = format!("/v2/conversations/{conversation}");
    relay.with_token(&*token).post(&format!("{path}/messages"), json!({"role": "agent", "text": "Hi"})).await;
    admin.patch(&path, json!({"assignee": ada})).await;
    for text in [format!("/notify {inbox}"), format!("/form {form}")] {
        let kind = if text.starts_with("/form") { "form" } else { "command" };
        let text = text.replace("/form ", "");
        admin.post(&format!("{path}/messages"), json!({"type": kind, "text": text})).await;
    }

    for path in [format!("users/{ada}"), format!("channels/{inbox}"), format!("forms/{form}")] {
        let path = format!("/v2/{path}");
        assert_eq!(stranger.delete(&path).await.error().1, "not_found", "{path}");
        assert_eq!(agent.delete(&path).await.error().1, "forbidden", "{path}");
        assert_eq!(admin.get(&path).await.status, 200, "{path}");
        assert_eq!(admin.delete(&path).await.status, 204, "{path}");
        assert_eq!(admin.get(&path).await.error().1, "not_found", "{path}");
        assert_eq!(admin.delete(&path).await.error().1, "not_found", "{path}");
    }

    assert_eq!(relay.with_token(token).get("/v2/forms").await.status, 401);
    let shown = admin.get(&format!("{path}?populate=assignee,channels")).await;
    assert_eq!((shown.status.as_u16(), &shown.body["assignee"]), (200, &json!(ada)));
    let log = admin.get(&format!("{path}/messages")).await.body;
    assert_eq!((&log[1]["user"], &log[1]["name"]), (&json!(ada), &json!("Ada")));
    assert_eq!(
        admin.get(&format!("/v2/conversations?assignee={ada}&channel={inbox}")).await.body[0]["id"],
        json!(conversation)
    );
    let own = admin.get("/v2/users?role=admin").await.body[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(admin.delete(&format!("/v2/users/{own}")).await.error().1, "forbidden");
    assert_eq!(admin.get("/v2/users").await.body[0]["organization"], json!(organization));
}

#[tokio::test]
async fn a_channel_is_renamed_though_one_of_its_users_is_gone() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    let ada = admin.post("/v2/users", json!({"name": "Ada"})).await.text("id");
    let inbox = admin.post("/v2/channels", json!({"name": "Sales", "users": [ada]})).await.text("id");
    assert_eq!(admin.delete(&format!("/v2/users/{ada}")).await.status, 204);

    let path = format!("/v2/channels/{inbox}");
    let renamed = admin.patch(&path, json!({"name": "Service"})).await;
    assert_eq!((renamed.text("name"), &renamed.body["users"]), ("Service".to_owned(), &json!([ada])));
    let again = admin.patch(&path, json!({"users": [ada]})).await;
    assert_eq!(again.error(), (404, "not_found", Some("users[0]")));
}
