//! One record of every kind, of the demo organization.

use crate::{
    asking::Relay,
    webhooks::{Call, receiver},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::sync::mpsc::UnboundedReceiver;

pub(crate) const PASSWORD: &str = "correct horse battery staple";

pub(crate) struct Records {
    /// By the names between the braces of addresses.
    pub(crate) ids: BTreeMap<&'static str, String>,
    /// The address of a webhook.
    pub(crate) hook: String,
    _calls: UnboundedReceiver<Call>,
}

impl Records {
    /// The relay must run webhooks, and allow private ones.
    pub(crate) async fn new(relay: &Relay) -> Self {
        let (admin, organization) = (relay.user("admin").await, relay.demo().await);
        let (hook, mut calls) = receiver().await;
        let made = async |path: &str, new: Value| {
            let reply = admin.post(path, new).await;
            assert_eq!(reply.status, 201, "{path} {}", reply.body);
            reply
        };
        let webhook =
            made("/v2/webhooks", json!({"url": hook, "events": ["channel.create"]})).await.text("id");
        let channel = made("/v2/channels", json!({"name": "Sales"})).await.text("id");
        calls.recv().await.unwrap();
        let deliveries = admin.get(&format!("/v2/webhooks/{webhook}/deliveries")).await;
        let user = made("/v2/users", json!({"name": "Ben"})).await.text("id");
        let contact = made("/v2/contacts", json!({"profile": {"name": "Jo"}})).await.text("id");
        let messages = json!([{"role": "agent", "text": "Hello"}]);
        let conversation = json!({"contact": contact, "messages": messages});
        let conversation = made("/v2/conversations", conversation).await;
        let file = admin.post_form("/v2/files", &[("file", Some("a.txt"), b"x")]).await;
        let ids = BTreeMap::from([
            ("jti", made(&format!("/v2/users/{user}/tokens"), json!({})).await.text("jti")),
            ("form", made("/v2/forms", json!({"name": "Lead"})).await.text("id")),
            ("message", conversation.body["messages"][0].as_str().unwrap().to_owned()),
            ("delivery", deliveries.body[0]["id"].as_str().unwrap().to_owned()),
            ("conversation", conversation.text("id")),
            ("file", file.text("id")),
            ("name", "a.txt".to_owned()),
            ("organization", organization),
            ("webhook", webhook),
            ("channel", channel),
            ("contact", contact),
            ("user", user),
        ]);
        // Signing in needs no token, but somebody with a password.
        let ada = json!({"name": "Ada", "email": "ada@shop.example", "password": PASSWORD});
        admin.post("/v2/users", ada).await;
        Self { ids, hook, _calls: calls }
    }

    /// The address with its names replaced.
    pub(crate) fn path(&self, path: &str) -> String {
        let parts = path.split('/').map(|part| {
            let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            name.map_or(part, |name| &self.ids[name])
        });
        parts.collect::<Vec<_>>().join("/")
    }
}
