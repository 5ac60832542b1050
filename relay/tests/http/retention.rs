//! Closed conversations go when their time is up.

use crate::asking::Relay;
use relay::{erasure, retention};
use serde_json::{Value, json};
use shared::Millis;

const DAY: u64 = 24 * 3_600_000;

/// A conversation of the organization, and its contact.
async fn conversation(relay: &Relay, organization: &str, telephone: &str, closed: bool) -> (String, String) {
    let new = json!({
        "organization": organization, "messages": [{"role": "agent", "text": "Hello"}],
        "contact": {"profile": {"telephone": telephone}},
    });
    let made = relay.admin().post("/v2/conversations", new).await;
    let path = format!("/v2/conversations/{}", made.text("id"));
    if closed {
        relay.admin().post(&format!("{path}/messages"), json!({"type": "command", "text": "/close"})).await;
    }
    (path, format!("/v2/contacts/{}", made.text("contact")))
}

async fn is_there(relay: &Relay, path: &str) -> bool {
    relay.admin().get(path).await.status == 200
}

#[tokio::test]
async fn what_is_closed_for_so_many_days_is_erased_with_its_contact() {
    let relay = Relay::start().await;
    let (keeps, other) = (relay.demo().await, relay.organization("Other").await);
    let (closed, contact) = conversation(&relay, &keeps, "+311", true).await;
    let (open, _) = conversation(&relay, &keeps, "+312", false).await;
    let (elsewhere, _) = conversation(&relay, &other, "+313", true).await;
    let team = relay.admin().post("/v2/conversations", json!({"organization": keeps, "name": "Team"})).await;
    let team = format!("/v2/conversations/{}", team.text("id"));
    relay.admin().patch(&team, json!({"status": "closed"})).await;
    let path = format!("/v2/organizations/{keeps}");
    let changed = relay.admin().patch(&path, json!({"retention": {"days": 30}})).await;
    assert_eq!(changed.body["retention"], json!({"days": 30}));
    let now = relay.app.now();

    retention::sweep(&relay.app, now + Millis(30 * DAY - 60_000)).await.unwrap();
    for path in [&closed, &contact, &open, &elsewhere, &team] {
        assert!(is_there(&relay, path).await, "{path}");
    }
    retention::sweep(&relay.app, now + Millis(30 * DAY + 60_000)).await.unwrap();
    for path in [&closed, &contact, &team] {
        assert!(!is_there(&relay, path).await, "{path}");
    }
    for path in [&open, &elsewhere] {
        assert!(is_there(&relay, path).await, "{path}");
    }

    erasure::sweep(&relay.app).await.unwrap();
    let left = relay.admin().get("/v2/messages").await.body;
    assert!(
        left.as_array()
            .unwrap()
            .iter()
            .all(|message| message["text"] == "Hello" || message["text"] == "/close")
    );
    let page = relay.app.metrics.render(&relay.app.store.counters(), relay.app.store.commit_times());
    assert!(page.contains("relay_conversations_expired_total 2\n"), "{page}");
}

#[tokio::test]
async fn more_than_is_looked_at_together_goes_in_one_sweep() {
    let relay = Relay::start().await;
    let organization = relay.demo().await;
    for number in 0..120 {
        let new = json!({"organization": organization, "name": number.to_string()});
        let made = relay.admin().post("/v2/conversations", new).await.text("id");
        relay.admin().patch(&format!("/v2/conversations/{made}"), json!({"status": "closed"})).await;
    }
    let path = format!("/v2/organizations/{organization}");
    relay.admin().patch(&path, json!({"retention": {"days": 1}})).await;
    retention::sweep(&relay.app, relay.app.now() + Millis(2 * DAY)).await.unwrap();
    assert_eq!(relay.admin().get("/v2/conversations").await.body, json!([]));
}

#[tokio::test]
async fn days_are_a_number_and_null_keeps_for_ever() {
    let relay = Relay::start().await;
    let path = format!("/v2/organizations/{}", relay.demo().await);
    let admin = relay.user("admin").await;
    for (retention, field) in [
        (json!({"days": 0}), "retention.days"),
        (json!({"days": 36_501}), "retention.days"),
        (json!({"days": -1}), "retention.days"),
        (json!({"days": "30"}), "retention.days"),
        (json!({}), "retention.days"),
        (json!({"days": 1, "hours": 1}), "retention.hours"),
        (json!(30), "retention"),
    ] {
        let refused = admin.patch(&path, json!({"retention": retention})).await;
        assert_eq!(refused.error(), (422, "invalid", Some(field)), "{retention}");
    }
    assert_eq!(admin.patch(&path, json!({"retention": {"days": 1}})).await.body["retention"]["days"], 1);
    let forever = admin.patch(&path, json!({"retention": null})).await;
    assert_eq!((forever.status.as_u16(), &forever.body["retention"]), (200, &Value::Null));
}

#[tokio::test]
async fn acts_are_kept_as_long_as_the_operator_says() {
    let relay = Relay::start_with(&[("RELAY_AUDIT_DAYS", "10")]).await;
    relay.user("admin").await;
    let acts = async || relay.admin().get("/v2/audit").await.body.as_array().unwrap().len();
    let (all, now) = (acts().await, relay.app.now());
    retention::sweep(&relay.app, now + Millis(10 * DAY - 60_000)).await.unwrap();
    assert!(all > 0 && acts().await == all);
    retention::sweep(&relay.app, now + Millis(10 * DAY + 60_000)).await.unwrap();
    assert_eq!(acts().await, 0);
}
