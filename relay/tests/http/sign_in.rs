//! Who signs in, and who gets another token.

use crate::asking::{Relay, Reply};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery staple";

async fn user(relay: &Relay, members: Value) -> Reply {
    let mut new = json!({"organization": relay.demo().await, "name": "Anna"});
    new.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    relay.admin().post("/v2/users", new).await
}

async fn sign_in(relay: &Relay, body: Value) -> Reply {
    relay.anonymous().post("/v2/auth/token", body).await
}

#[tokio::test]
async fn a_password_is_good_for_a_token_and_a_refresh_token_for_the_next() {
    let relay = Relay::start().await;
    let made = user(&relay, json!({"email": "Anna@shop.example", "password": PASSWORD})).await;
    assert_eq!((made.status.as_u16(), made.body.get("password")), (201, None));

    let first = sign_in(&relay, json!({"email": " anna@SHOP.example", "password": PASSWORD})).await;
    assert_eq!((first.status.as_u16(), first.text("tokenType").as_str()), (201, "Bearer"));
    let me = relay.with_token(first.text("token")).get(&format!("/v2/users/{}", made.text("id"))).await;
    assert_eq!((me.text("name").as_str(), me.body.get("password")), ("Anna", None));

    let refresh = json!({"clientId": "anna@shop.example", "refreshToken": first.text("refreshToken")});
    let next = sign_in(&relay, refresh.clone()).await;
    assert_ne!(next.text("token"), first.text("token"));
    assert_eq!(next.text("refreshToken"), first.text("refreshToken"));
    assert_eq!(relay.with_token(next.text("token")).get("/v2/channels").await.status, 200);
    assert_eq!(relay.with_token(first.text("refreshToken")).get("/v2/channels").await.status, 401);
}

#[tokio::test]
async fn a_program_refreshes_with_what_it_got_when_it_was_made() {
    let relay = Relay::start().await;
    let bot = user(&relay, json!({"role": "bot"})).await;

    let token = sign_in(&relay, json!({"refreshToken": bot.text("refreshToken")})).await;

    assert_eq!(relay.with_token(token.text("token")).get("/v2/channels").await.status, 200);
}

#[tokio::test]
async fn what_is_wrong_is_refused_without_saying_what_it_was() {
    let relay = Relay::start().await;
    let bot = user(&relay, json!({"role": "bot", "email": "bot@shop.example"})).await;
    user(&relay, json!({"email": "anna@shop.example", "password": PASSWORD})).await;
    let mut messages = vec![];
    for (email, password) in [
        ("anna@shop.example", "another password"),
        ("nobody@shop.example", PASSWORD),
        ("bot@shop.example", ""),
    ] {
        let reply = sign_in(&relay, json!({"email": email, "password": password})).await;
        assert_eq!(reply.error(), (401, "unauthorized", None), "{email}");
        messages.push(reply.body["error"]["message"].clone());
    }
    messages.dedup();
    assert_eq!(messages, ["the email or the password is wrong"]);
    for refresh in [
        json!({"refreshToken": bot.text("token")}),
        json!({"refreshToken": "no.token.atall"}),
        json!({"refreshToken": bot.text("refreshToken"), "clientId": "anna@shop.example"}),
    ] {
        let reply = sign_in(&relay, refresh).await;
        assert_eq!(reply.error(), (401, "unauthorized", None));
        // At "jwt expired" and "invalid token", web1on1's SDK would ask again, without an end.
        assert_eq!(
            reply.body["error"]["message"], "the refresh token is not accepted; sign in again",
            "{}",
            reply.body
        );
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let relay = Relay::start().await;
    for (body, field) in [
        (json!({}), "refreshToken"),
        (json!({"email": "anna@shop.example"}), "password"),
        (json!({"password": PASSWORD}), "email"),
        (json!({"email": "a@b.c", "password": PASSWORD, "refreshToken": "x"}), "refreshToken"),
        (json!({"pass": PASSWORD}), "pass"),
    ] {
        assert_eq!(sign_in(&relay, body.clone()).await.error(), (422, "invalid", Some(field)), "{body}");
    }
    let short = user(&relay, json!({"email": "anna@shop.example", "password": "secret"})).await;
    assert_eq!(short.error(), (422, "invalid", Some("password")));
    let nameless = user(&relay, json!({"password": PASSWORD})).await;
    assert_eq!(nameless.error(), (422, "invalid", Some("email")));
}

#[tokio::test]
async fn an_address_signs_in_one_user_in_all_organizations() {
    let relay = Relay::start().await;
    user(&relay, json!({"email": "anna@shop.example", "password": PASSWORD})).await;
    let twin = user(&relay, json!({"email": "ANNA@shop.example", "password": PASSWORD})).await;
    assert_eq!(twin.error(), (422, "invalid", Some("email")));
    let ben = user(&relay, json!({"email": "ben@shop.example", "password": PASSWORD})).await.text("id");
    let path = format!("/v2/users/{ben}");
    let moved = relay.admin().patch(&path, json!({"email": "anna@shop.example"})).await;
    assert_eq!(moved.error(), (422, "invalid", Some("email")));

    relay.admin().patch(&path, json!({"email": "benjamin@shop.example"})).await;
    let credentials = |email: &str| json!({"email": email, "password": PASSWORD});
    assert_eq!(sign_in(&relay, credentials("ben@shop.example")).await.status, 401);
    assert_eq!(sign_in(&relay, credentials("benjamin@shop.example")).await.status, 201);
}

#[tokio::test]
async fn a_new_password_signs_out_and_none_keeps_out() {
    let relay = Relay::start().await;
    let anna = user(&relay, json!({"email": "anna@shop.example", "password": PASSWORD})).await;
    let path = format!("/v2/users/{}", anna.text("id"));
    let session = sign_in(&relay, json!({"email": "anna@shop.example", "password": PASSWORD})).await;
    assert_eq!(relay.with_token(session.text("token")).get("/v2/channels").await.status, 200);

    relay.admin().patch(&path, json!({"password": "another good password"})).await;

    assert_eq!(relay.with_token(session.text("token")).get("/v2/channels").await.status, 401);
    assert_eq!(sign_in(&relay, json!({"refreshToken": session.text("refreshToken")})).await.status, 401);
    assert_eq!(
        relay.with_token(anna.text("token")).get("/v2/channels").await.status,
        200,
        "made for a program"
    );
    let new = json!({"email": "anna@shop.example", "password": "another good password"});
    assert_eq!(sign_in(&relay, new.clone()).await.status, 201);
    relay.admin().patch(&path, json!({"password": null})).await;
    assert_eq!(sign_in(&relay, new).await.status, 401);
}

#[tokio::test]
async fn who_guesses_has_to_wait() {
    let relay = Relay::start().await;
    user(&relay, json!({"email": "anna@shop.example", "password": PASSWORD})).await;
    let guess = json!({"email": "Anna@shop.example", "password": "a guess of mine"});
    for _ in 0..10 {
        assert_eq!(sign_in(&relay, guess.clone()).await.status, 401);
    }
    let refused = sign_in(&relay, guess).await;
    assert_eq!(refused.error(), (429, "rate_limited", None));
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
}
