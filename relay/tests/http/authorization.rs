//! Every operation, asked by everybody: what each of them is answered. Records are the demo organization's; strangers are of
//! another one. Both sockets ask for their token in the first frame and are tried in `tests/tests/protocol`.

use crate::{
    asking::{Client, Relay, Reply},
    openapi,
    records::{PASSWORD, Records},
    webhooks::ALLOWED,
};
use axum::http::Method;
use relay::{
    auth::{Issued, TokenKind},
    model::User,
};
use serde_json::{Value, json};
use shared::Millis;
use std::collections::BTreeMap;

/// Statuses, in the order of [`Everybody::clients`].
#[rustfmt::skip]
const TABLE: &[(&str, [u16; 10])] = &[
    //                          nobody            revoked    stranger          agent      admin  of all
    //                               visitor           expired    their admin       bot
    ("listOrganizations",        [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createOrganization",       [401, 401, 401, 401, 403, 403, 403, 403, 403, 201]),
    ("getOrganization",          [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateOrganization",       [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),

    ("listUsers",                [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createUser",               [401, 401, 401, 401, 403, 404, 403, 403, 201, 201]),
    ("getUser",                  [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateUser",               [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("deleteUser",               [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),
    ("createToken",              [401, 401, 401, 401, 403, 404, 403, 403, 201, 201]),
    ("revokeToken",              [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),
    ("signIn",                   [201, 201, 201, 201, 201, 201, 201, 201, 201, 201]),

    ("listChannels",             [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createChannel",            [401, 401, 401, 401, 403, 404, 403, 403, 201, 201]),
    ("getChannel",               [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateChannel",            [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("deleteChannel",            [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),

    ("listForms",                [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createForm",               [401, 401, 401, 401, 403, 404, 403, 403, 201, 201]),
    ("getForm",                  [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateForm",               [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("deleteForm",               [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),

    ("listContacts",             [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createContact",            [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    ("getContact",               [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateContact",            [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("exportContact",            [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("deleteContact",            [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),
    ("createLink",               [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),

    ("listConversations",        [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("createConversation",       [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    ("getConversation",          [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("updateConversation",       [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("clearSession",             [401, 401, 401, 401, 404, 404, 204, 204, 204, 204]),
    ("handOver",                 [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    ("getTranscript",            [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("markRead",                 [401, 401, 401, 401, 404, 404, 204, 204, 204, 204]),
    ("showTyping",               [401, 401, 401, 401, 404, 404, 204, 204, 204, 204]),

    ("listConversationMessages", [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    ("createMessages",           [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    ("createMessagesWhereSaid",  [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    ("listMessages",             [401, 401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("getMessage",               [401, 401, 401, 401, 404, 404, 200, 200, 200, 200]),
    // A bot its own alone.
    ("changeMessage",            [401, 401, 401, 401, 404, 404, 200, 403, 200, 200]),
    ("replaceMessage",           [401, 401, 401, 401, 404, 404, 200, 403, 200, 200]),
    ("deleteMessage",            [401, 401, 401, 401, 404, 404, 204, 403, 204, 204]),

    ("listWebhooks",             [401, 401, 401, 401, 403, 200, 403, 403, 200, 200]),
    ("createWebhook",            [401, 401, 401, 401, 403, 404, 403, 403, 201, 201]),
    ("getWebhook",               [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("updateWebhook",            [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("deleteWebhook",            [401, 401, 401, 401, 403, 404, 403, 403, 204, 204]),
    ("listDeliveries",           [401, 401, 401, 401, 403, 404, 403, 403, 200, 200]),
    ("redeliver",                [401, 401, 401, 401, 403, 404, 403, 403, 202, 202]),

    ("listActs",                 [401, 401, 401, 401, 403, 200, 403, 403, 200, 200]),

    ("createFile",               [401, 401, 401, 401, 404, 404, 201, 201, 201, 201]),
    // A visitor of any conversation, or of none so far.
    ("createVisitorFile",        [401, 201, 401, 401, 401, 401, 401, 401, 401, 401]),
    // Whoever has the address.
    ("getFile",                  [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),

    ("getHealth",                [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("getReadiness",             [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
    ("getMetrics",               [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),

    // The last: everything above is about this organization.
    ("deleteOrganization",       [401, 401, 401, 401, 403, 403, 403, 403, 403, 204]),
];

#[tokio::test]
async fn everybody_is_answered_what_is_theirs() {
    let relay = Relay::start_with(&ALLOWED).await;
    let document = openapi::document_of(&relay).await;
    let mut operations: BTreeMap<&str, (Method, &str)> = openapi::operations(&document)
        .into_iter()
        .map(|(method, path, operation)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            (operation["operationId"].as_str().unwrap(), (method, path))
        })
        .collect();
    tokio::spawn(relay::webhooks::run(relay.app.clone()));
    let everybody = Everybody::new(&relay).await;
    let demo = relay.demo().await;
    let mut records = Records::new(&relay).await;

    let mut found = Vec::new();
    for (operation, _) in TABLE {
        let (method, path) =
            operations.remove(operation).unwrap_or_else(|| panic!("there is no {operation}"));
        let mut row = [0; 10];
        for (client, status) in everybody.clients().zip(&mut row) {
            let reply = ask(&records, client, operation, &method, path).await;
            *status = reply.status.as_u16();
            let is_stranger =
                std::ptr::eq(client, &everybody.stranger) || std::ptr::eq(client, &everybody.their_admin);
            let is_told = reply.status.is_success() && reply.body.to_string().contains(&demo);
            assert!(!(is_stranger && is_told), "{operation} tells strangers {}", reply.body);
            let is_gone = method == Method::DELETE && reply.status.is_success();
            if is_gone && *operation != "deleteOrganization" {
                records = Records::new(&relay).await;
            }
        }
        found.push((*operation, row));
    }

    for (found, expected) in found.iter().zip(TABLE) {
        assert_eq!(found, expected);
    }
    assert!(operations.is_empty(), "these have no row: {:?}", operations.keys());
}

struct Everybody<'a> {
    nobody: Client<'a>,
    /// Of another conversation: a browser's own token.
    visitor: Client<'a>,
    revoked: Client<'a>,
    expired: Client<'a>,
    stranger: Client<'a>,
    their_admin: Client<'a>,
    agent: Client<'a>,
    bot: Client<'a>,
    admin: Client<'a>,
    of_all: Client<'a>,
}

impl<'a> Everybody<'a> {
    async fn new(relay: &'a Relay) -> Self {
        let of_all = relay.admin();
        let other = relay.organization("Other").await;
        let new = json!({"organization": relay.demo().await, "name": "Anna", "role": "admin"});
        let anna = of_all.post("/v2/users", new).await;
        let tokens = format!("/v2/users/{}/tokens", anna.text("id"));
        let revoked = of_all.post(&tokens, json!({})).await;
        of_all.delete(&format!("{tokens}/{}", revoked.text("jti"))).await;
        let user: User = serde_json::from_value(anna.body).unwrap();
        let expired = Issued::new(&user, TokenKind::Admin, Millis(0), Some(Millis::from_secs(1)));
        Self {
            nobody: relay.anonymous(),
            visitor: relay.with_token("07".repeat(32)),
            revoked: relay.with_token(revoked.text("token")),
            expired: relay.with_token(relay.app.tokens.sign(&expired.claims)),
            stranger: relay.user_of(&other, "agent").await,
            their_admin: relay.user_of(&other, "admin").await,
            agent: relay.user("agent").await,
            bot: relay.user("bot").await,
            admin: relay.user("admin").await,
            of_all,
        }
    }

    fn clients(&self) -> impl Iterator<Item = &Client<'a>> {
        let Self { nobody, visitor, revoked, expired, stranger, their_admin, agent, bot, admin, of_all } =
            self;
        [nobody, visitor, revoked, expired, stranger, their_admin, agent, bot, admin, of_all].into_iter()
    }
}

async fn ask(records: &Records, client: &Client<'_>, operation: &str, method: &Method, path: &str) -> Reply {
    let path = records.path(path);
    if matches!(operation, "createFile" | "createVisitorFile") {
        let path = format!("{path}?organization={}", records.ids["organization"]);
        return client.post_form(&path, &[("file", Some("a.txt"), b"x")]).await;
    }
    match *method {
        Method::GET => client.get(&path).await,
        Method::DELETE => client.delete(&path).await,
        Method::PATCH => client.patch(&path, json!({})).await,
        Method::PUT => client.put(&path, json!({"text": "Good day"})).await,
        _ => client.post(&path, body(records, operation)).await,
    }
}

fn body(records: &Records, operation: &str) -> Value {
    let organization = &records.ids["organization"];
    match operation {
        "createOrganization" => json!({"name": "New"}),
        "createUser" | "createChannel" | "createForm" => {
            json!({"organization": organization, "name": "New"})
        }
        "createContact" | "createConversation" => json!({"organization": organization}),
        "createWebhook" => json!({"organization": organization, "url": records.hook, "events": ["*"]}),
        "createMessages" => json!({"text": "Hello"}),
        "createMessagesWhereSaid" => json!({"conversation": records.ids["conversation"], "text": "Hello"}),
        "signIn" => json!({"email": "ada@shop.example", "password": PASSWORD}),
        _ => json!({}),
    }
}
