//! Whose token ends does not go on listening.

use serde_json::{Value, json};
use shared::{ErrorCode, wire::StreamFrame};
use tests::{
    agent,
    clock::patiently,
    identity::seconds_from_now,
    relay::{Relay, run},
    socket::{Received, Socket},
};

/// A user of the organization, as it was made, and a socket that listens with its token.
async fn listener(relay: &Relay) -> (Value, Socket) {
    let user = json!({"organization": relay.organization(), "name": "Ada", "role": "agent"});
    let user = relay.rest().post("/v2/users", &user).await.created();
    let socket = listen(relay, user["token"].as_str().unwrap()).await;
    (user, socket)
}

async fn listen(relay: &Relay, token: &str) -> Socket {
    let mut socket = agent::connect(relay.address(), token).await;
    agent::greet(&mut socket, relay.organization(), None).await;
    assert!(matches!(socket.frame().await, StreamFrame::Welcome { .. }));
    socket
}

/// The reason that is said, and the code of the end.
async fn ended(socket: &mut Socket) -> (ErrorCode, u16) {
    let ending = async {
        let StreamFrame::Error { error, .. } = socket.frame().await else { panic!("an error was expected") };
        let Received::Closed(code) = socket.receive().await else { panic!("the end was expected") };
        (error.code, code)
    };
    patiently("the end of the stream", ending).await
}

#[tokio::test]
async fn a_revoked_token_ends_its_socket_and_no_other() {
    let relay = Relay::start().await;
    let (user, mut stays) = listener(&relay).await;
    let tokens = format!("/v2/users/{}/tokens", user["id"].as_str().unwrap());
    let token = relay.rest().post(&tokens, &json!({})).await.created();
    let mut goes = listen(&relay, token["token"].as_str().unwrap()).await;

    let revoked = relay.rest().delete(&format!("{tokens}/{}", token["jti"].as_str().unwrap())).await;

    assert_eq!(revoked.status, 204);
    assert_eq!(ended(&mut goes).await, (ErrorCode::Unauthorized, 4401));
    let contact = json!({
        "organization": relay.organization(), "messages": [{"text": "Hello"}],
        "contact": {"profile": {"email": "jo@example.com"}},
    });
    relay.rest().post("/v2/conversations", &contact).await.created();
    assert!(matches!(stays.frame().await, StreamFrame::Event(_)));
}

#[tokio::test]
async fn a_user_who_is_deleted_or_signed_out_hears_nothing_more() {
    let relay = Relay::start().await;
    let (user, mut deleted) = listener(&relay).await;
    assert_eq!(relay.rest().delete(&format!("/v2/users/{}", user["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(ended(&mut deleted).await, (ErrorCode::Unauthorized, 4401));

    let (email, password) = ("ben@shop.example", "correct horse battery staple");
    let ben =
        json!({"organization": relay.organization(), "name": "Ben", "email": email, "password": password});
    let ben = relay.rest().post("/v2/users", &ben).await.created();
    let signed_in = relay.rest().post("/v2/auth/token", &json!({"email": email, "password": password})).await;
    let mut signed_in = listen(&relay, signed_in.created()["token"].as_str().unwrap()).await;
    let mut program = listen(&relay, ben["token"].as_str().unwrap()).await;
    let path = format!("/v2/users/{}", ben["id"].as_str().unwrap());
    relay.rest().patch(&path, &json!({"password": "another horse battery staple"})).await.ok();
    assert_eq!(ended(&mut signed_in).await, (ErrorCode::Unauthorized, 4401));
    relay.rest().patch(&path, &json!({"role": "bot"})).await.ok();
    relay.rest().delete(&path).await;
    assert_eq!(ended(&mut program).await, (ErrorCode::Unauthorized, 4401), "only when the user is gone");
}

#[tokio::test]
async fn what_is_done_from_the_shell_is_noted() {
    let relay = Relay::start().await;
    let made = run(&["user", "create", "--name", "Cleo", "--role", "admin"], &relay.data_dir()).await;
    let cleo = String::from_utf8(made.stdout).unwrap();
    let audit = relay.rest().get("/v2/audit?source=shell").await.ok();
    assert_eq!((&audit[0]["action"], &audit[0]["subject"]), (&json!("user.create"), &json!(cleo.trim())));
    assert_eq!((audit.as_array().unwrap().len(), &audit[0]["user"]), (1, &Value::Null));
}

#[tokio::test]
async fn a_token_that_has_expired_opens_nothing() {
    let relay = Relay::start().await;
    let (user, _) = listener(&relay).await;
    let tokens = format!("/v2/users/{}/tokens", user["id"].as_str().unwrap());
    let expires = shared::Millis::from_secs(seconds_from_now(1)).to_string();
    let token = relay.rest().post(&tokens, &json!({"expiresAt": expires})).await.created();
    let rest = relay.rest().with_token(token["token"].as_str().unwrap());
    let expired = async { while rest.get("/v2/contacts").await.status != 401 {} };
    patiently("the token's end", expired).await;

    let mut socket = agent::connect(relay.address(), token["token"].as_str().unwrap()).await;
    agent::greet(&mut socket, relay.organization(), None).await;

    assert_eq!(ended(&mut socket).await, (ErrorCode::Unauthorized, 4401));
}
