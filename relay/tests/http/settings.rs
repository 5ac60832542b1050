//! What an organization sets for the chat on its pages, and what its forms may ask.

use crate::asking::{Client, Relay, Reply};
use serde_json::{Value, json};

async fn set(relay: &Relay, settings: &Value) -> Reply {
    let path = format!("/v2/organizations/{}", relay.demo().await);
    relay.admin().patch(&path, json!({ "settings": settings })).await
}

async fn form(client: &Client<'_>, organization: &str) -> String {
    client.post("/v2/forms", json!({"organization": organization, "name": "Lead"})).await.text("id")
}

#[tokio::test]
async fn settings_of_the_chat_are_kept_as_they_were_given() {
    let relay = Relay::start().await;
    let form = form(&relay.admin(), &relay.demo().await).await;
    let settings = json!({
        "greeting": "Hi!",
        "color": null,
        "preChatForm": form,
        "rating": true,
        "hours": {
            "timeZone": "Europe/Amsterdam",
            "days": {"mon": [["09:00", "12:30"], ["13:30", "17:30"]], "sun": []},
            "away": "We are out cycling.",
        },
        "ourOwn": {"anything": [1]},
    });

    let changed = set(&relay, &settings).await;

    assert_eq!((changed.status.as_u16(), &changed.body["settings"]), (200, &settings));
}

#[tokio::test]
async fn what_cannot_be_a_setting_of_the_chat_is_named_and_changes_nothing() {
    let relay = Relay::start().await;
    let theirs = form(&relay.admin(), &relay.organization("Other").await).await;
    set(&relay, &json!({"greeting": "Hi!"})).await;
    let hours = |hours: Value| json!({ "hours": hours });
    let days = |days: Value| hours(json!({"timeZone": "UTC", "days": days}));
    for (settings, code, field) in [
        (json!({"greeting": 1}), "invalid", "greeting"),
        (json!({"replyTime": "x".repeat(1_001)}), "invalid", "replyTime"),
        (json!({"rating": "yes"}), "invalid", "rating"),
        (json!({"preChatForm": "lead"}), "invalid", "preChatForm"),
        (json!({"preChatForm": theirs}), "not_found", "preChatForm"),
        (hours(json!("nine to five")), "invalid", "hours"),
        (hours(json!({"days": {}})), "invalid", "hours.timeZone"),
        (hours(json!({"timeZone": "Amsterdam time", "days": {}})), "invalid", "hours.timeZone"),
        (hours(json!({"timeZone": "UTC"})), "invalid", "hours.days"),
        (hours(json!({"timeZone": "UTC", "days": {}, "holidays": []})), "invalid", "hours.holidays"),
        (hours(json!({"timeZone": "UTC", "days": {}, "away": 1})), "invalid", "hours.away"),
        (days(json!({"monday": []})), "invalid", "hours.days.monday"),
        (days(json!({"mon": [["17:00", "09:00"]]})), "invalid", "hours.days.mon"),
    ] {
        let refused = set(&relay, &settings).await;
        let member = format!("settings.{field}");
        let (_, told, named) = refused.error();
        assert_eq!((told, named), (code, Some(&*member)), "{settings} {}", refused.body);
    }
    let path = format!("/v2/organizations/{}", relay.demo().await);
    assert_eq!(relay.admin().get(&path).await.body["settings"], json!({"greeting": "Hi!"}));
}

#[tokio::test]
async fn a_form_asks_what_a_page_can_ask() {
    let relay = Relay::start().await;
    let organization = relay.demo().await;
    for (field, member) in [
        (json!({"key": "a", "type": "file"}), "type"),
        (json!({"key": "a", "type": "select"}), "options"),
        (json!({"key": "a", "type": "select", "options": ["red", " "]}), "options[1]"),
    ] {
        let new = json!({"organization": organization, "name": "Lead", "fields": [field]});
        let refused = relay.admin().post("/v2/forms", new).await;
        let member = format!("fields[0].{member}");
        assert_eq!(refused.error(), (422, "invalid", Some(&*member)), "{field}");
    }
}
