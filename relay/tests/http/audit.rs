//! What is administered is noted, with whose doing it was and from where; and who that is behind a proxy.

use crate::asking::{Client, Relay, Reply};
use axum::{body::Body, extract::ConnectInfo, http::Method};
use serde_json::{Value, json};
use std::net::SocketAddr;

const SECRET: &str = "correct horse battery staple";

async fn acts(client: &Client<'_>, query: &str) -> Vec<Value> {
    let reply = client.get(&format!("/v2/audit?sort=createdAt{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body.as_array().unwrap().clone()
}

/// Through a proxy on this machine.
async fn ask_from(client: &Client<'_>, forwarded: &str, path: &str, body: &Value) -> Reply {
    let request = client
        .request(Method::POST, path)
        .header("content-type", "application/json")
        .header("x-forwarded-for", forwarded)
        .extension(ConnectInfo::<SocketAddr>("127.0.0.1:4711".parse().unwrap()));
    client.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn every_administrative_act_is_noted_and_nothing_that_was_written() {
    let relay = Relay::start_with(&[("RELAY_ALLOW_PRIVATE_WEBHOOKS", "true")]).await;
    let organization = relay.demo().await;
    let made = relay
        .admin()
        .post("/v2/users", json!({"organization": organization, "name": SECRET, "role": "admin"}))
        .await;
    let (admin, own) = (relay.with_token(made.text("token")), made.text("id"));
    let before = acts(&admin, "").await.len();
    let mut expected = Vec::new();
    let mut did = |action: &str, id: &str| expected.push(json!([action, id]));

    admin.patch(&format!("/v2/organizations/{organization}"), json!({"displayName": SECRET})).await;
    did("organization.update", &organization);
    for (kind, new) in [("channel", json!({"name": SECRET})), ("form", json!({"name": SECRET, "fields": []}))]
    {
        let id = admin.post(&format!("/v2/{kind}s"), new).await.text("id");
        let path = format!("/v2/{kind}s/{id}");
        admin.patch(&path, json!({"name": "Another"})).await;
        admin.delete(&path).await;
        ["create", "update", "delete"].iter().for_each(|change| did(&format!("{kind}.{change}"), &id));
    }
    let ada = admin.post("/v2/users", json!({"name": "Ada", "email": "ada@shop.example"})).await.text("id");
    let path = format!("/v2/users/{ada}");
    did("user.create", &ada);
    let token = admin.post(&format!("{path}/tokens"), json!({})).await.text("jti");
    admin.delete(&format!("{path}/tokens/{token}")).await;
    admin.patch(&path, json!({"password": SECRET})).await;
    admin.delete(&path).await;
    did("token.create", &token);
    did("token.revoke", &token);
    did("user.update", &ada);
    did("user.password", &ada);
    did("user.delete", &ada);
    let contact = admin.post("/v2/contacts", json!({"profile": {"name": SECRET}})).await.text("id");
    admin.get(&format!("/v2/contacts/{contact}/export")).await;
    let erased = admin.delete(&format!("/v2/contacts/{contact}")).await;
    did("contact.export", &contact);
    did("contact.delete", &contact);
    // What is refused, and what is no administration, is not noted.
    admin.post("/v2/users", json!({"name": ""})).await;
    relay.conversation().await;

    let acts = acts(&admin, "").await.split_off(before);
    let noted = acts.iter().map(|act| json!([act["action"], act["subject"]]));
    // The two tokens that come with a user have no other name.
    let noted = noted.filter(|act| act[0] != "token.create" || act[1] == json!(token));
    assert_eq!(noted.collect::<Vec<_>>(), expected);
    for act in &acts {
        assert_eq!((&act["user"], &act["source"]), (&json!(own), &json!("api")));
        assert_eq!(act["organization"], json!(organization));
    }
    assert_eq!(acts.last().unwrap()["requestId"], erased.header("x-request-id"));
    assert!(!json!(acts).to_string().contains(SECRET));
    let populated = self::acts(&admin, "&action=contact.delete&populate=user").await;
    assert_eq!(populated[0]["user"]["name"], SECRET);
}

#[tokio::test]
async fn the_audit_log_is_for_admins_of_the_organization() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    let (own, foreign) = (relay.user("admin").await, relay.user_of(&other, "admin").await);
    own.post("/v2/channels", json!({"name": "Sales"})).await;
    assert_eq!(acts(&own, "&action=channel.create").await.len(), 1);
    assert_eq!(acts(&foreign, "&action=channel.create").await.len(), 0);
    assert_eq!(acts(&relay.admin(), "&action=channel.create").await.len(), 1);
    for role in ["agent", "bot"] {
        assert_eq!(relay.user(role).await.get("/v2/audit").await.error(), (403, "forbidden", None));
    }
    assert_eq!(relay.anonymous().get("/v2/audit").await.status, 401);
}

#[tokio::test]
async fn the_erasure_of_an_organization_stays_noted_and_what_was_done_in_it_goes() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    relay.user_of(&other, "admin").await.post("/v2/channels", json!({"name": "Sales"})).await;
    relay.admin().delete(&format!("/v2/organizations/{other}")).await;
    relay::erasure::sweep(&relay.app).await.unwrap();
    assert_eq!(acts(&relay.admin(), &format!("&organization={other}")).await, Vec::<Value>::new());
    let erased = acts(&relay.admin(), "&action=organization.delete").await;
    assert_eq!((erased.len(), &erased[0]["subject"]), (1, &json!(other)));
}

#[tokio::test]
async fn old_acts_are_forgotten() {
    let relay = Relay::start().await;
    let admin = relay.user("admin").await;
    admin.post("/v2/channels", json!({"name": "Sales"})).await;
    let all = acts(&relay.admin(), "").await.len();
    let forget =
        async |before| relay.app.store.write(move |write| write.forget_acts(before, 100)).await.unwrap();
    assert_eq!(forget(relay.app.now().since(shared::Millis(60_000))).await, 0);
    assert_eq!(forget(relay.app.now() + shared::Millis(1)).await, all);
    assert_eq!(acts(&relay.admin(), "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn behind_a_proxy_that_is_trusted_the_client_is_who_it_forwards() {
    for (proxies, expected) in [("127.0.0.1", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1")] {
        let relay = Relay::start_with(&[("RELAY_TRUSTED_PROXIES", proxies)]).await;
        let admin = relay.user("admin").await;
        let channel = json!({"name": "Sales"});
        assert_eq!(ask_from(&admin, "6.6.6.6, 203.0.113.7", "/v2/channels", &channel).await.status, 201);
        assert_eq!(acts(&admin, "&action=channel.create").await[0]["address"], expected);
    }
}

#[tokio::test]
async fn rates_count_by_the_client_and_say_when_there_is_room_again() {
    let relay = Relay::start_with(&[("RELAY_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let nobody = relay.anonymous();
    let sign_in = async |address: &str, number: usize| {
        let credentials = json!({"email": format!("{number}@shop.example"), "password": SECRET});
        ask_from(&nobody, address, "/v2/auth/token", &credentials).await
    };
    for number in 0..10 {
        assert_eq!(sign_in("203.0.113.7", number).await.status, 401);
    }
    let over = sign_in("203.0.113.7", 10).await;
    assert_eq!(over.error(), (429, "rate_limited", None));
    let seconds: u64 = over.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    assert_eq!(sign_in("203.0.113.8", 11).await.status, 401, "somebody else");
}
