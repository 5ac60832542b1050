//! Files over a real connection: streamed in both directions, limited on the way.

use serde_json::{Map, Value, json};
use shared::{
    ErrorCode, OrganizationId, Seq,
    message::MessageType,
    wire::{RelayFrame, VisitorFrame},
};
use tests::{
    clock::patiently,
    greeting::greet,
    identity::{seconds_from_now, sign},
    relay::Relay,
    rest::{Answer, Rest},
    s3::S3,
    visitor::random_token,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Far more than the relay may take for it.
const LARGE: usize = 64 << 20;
/// What the relay may grow by: a few parts on their way to the disk and what the allocator keeps.
const GROWTH: u64 = 16 << 20;

/// An agent of the first organization.
async fn agent(relay: &Relay) -> Rest {
    let new = json!({"organization": relay.organization(), "name": "Anna"});
    let made = relay.rest().post("/v2/users", &new).await.created();
    relay.rest().with_token(made["token"].as_str().unwrap())
}

fn path(sent: &Answer) -> String {
    path_of(sent.body["url"].as_str().unwrap_or_else(|| panic!("{} {}", sent.status, sent.body)))
}

fn path_of(url: &str) -> String {
    url[url.find("/files/").unwrap()..].to_owned()
}

#[tokio::test]
async fn a_large_file_passes_through_without_staying_in_memory() {
    let relay = Relay::start_with(&[("RELAY_FILE_BYTES", &LARGE.to_string())]).await;
    let agent = agent(&relay).await;
    agent.upload("small.txt", b"warm").await.created();
    let content: Vec<u8> = (0..LARGE).map(|index| (index / 7 % 251) as u8).collect();
    let before = relay.process().memory().anonymous;

    let sent = agent.upload("large.bin", &content).await;
    let path = path(&sent);
    let read = agent.get(&path).await;

    let growth = relay.process().memory().anonymous.saturating_sub(before);
    assert_eq!((sent.status, &sent.body["size"]), (201, &json!(LARGE)));
    assert!(read.bytes == content, "{} bytes came back otherwise", read.bytes.len());
    assert!(growth < GROWTH, "the relay grew by {growth} bytes");
    let part = agent.get_range(&path, "bytes=1000000-1000999").await;
    assert_eq!((part.status, &part.bytes[..]), (206, &content[1_000_000..1_001_000]));
    let parts = agent.get_range(&path, "bytes=0-9,-10").await;
    assert_eq!(parts.headers["content-length"], parts.bytes.len().to_string());
}

#[tokio::test]
async fn who_sends_too_much_without_listening_hears_why_it_was_refused() {
    let relay = Relay::start_with(&[("RELAY_FILE_BYTES", "1000000")]).await;
    let agent = agent(&relay).await;
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let form = format!("{head}{}\r\n--b--\r\n", "x".repeat(1_500_000));
    let request = format!(
        "POST /v2/files HTTP/1.1\r\nHost: chat\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{form}",
        agent.token().unwrap(),
        form.len()
    );
    let mut stream = TcpStream::connect(relay.address()).await.unwrap();

    patiently("the request to be taken", stream.write_all(request.as_bytes())).await.unwrap();
    let mut answer = String::new();
    patiently("the answer", stream.read_to_string(&mut answer)).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["error"]["message"], "the file is larger than 1000000 bytes");
}

#[tokio::test]
async fn a_file_is_there_after_a_crash() {
    let mut relay = Relay::start().await;
    let sent = agent(&relay).await.upload("contract.txt", b"signed").await;

    relay.kill().await;
    relay.restart().await;

    let read = Rest::new(relay.address()).get(&path(&sent)).await;
    assert_eq!((read.status, &read.bytes[..]), (200, &b"signed"[..]));
}

#[tokio::test]
async fn files_are_kept_in_a_bucket_where_one_is_set() {
    let s3 = S3::start().await;
    let mut environment = s3.environment("s3://chat/live");
    environment.push(("RELAY_FILE_BYTES", (12 << 20).to_string()));
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let relay = Relay::start_with(&environment).await;
    let agent = agent(&relay).await;
    // Sent to the bucket as it is, in parts, and refused when parts of it are there already.
    let (small, large) = (b"small".to_vec(), vec![b'x'; 11 << 20]);
    let too_large = vec![b'x'; (12 << 20) + 1];

    let sent_small = agent.upload("small.txt", &small).await;
    let sent_large = agent.upload("large.txt", &large).await;
    let refused = agent.upload("too-large.txt", &too_large).await;

    assert_eq!(refused.status, 413, "{}", refused.body);
    let whole = agent.get(&path(&sent_large)).await;
    assert!(whole.status == 200 && whole.bytes == large, "{} bytes came back", whole.bytes.len());
    let part = agent.get_range(&path(&sent_small), "bytes=1-3").await;
    assert_eq!((part.status, &part.bytes[..]), (206, &b"mal"[..]));
    let id = |sent: &Answer| sent.body["id"].as_str().unwrap().to_owned();
    let mut keys = [id(&sent_small), id(&sent_large)];
    keys.sort();
    let kept: Vec<_> = s3.objects().into_iter().map(|(key, _)| key).collect();
    let organization = relay.organization();
    assert_eq!(kept, keys.map(|id| format!("chat/live/{organization}/{id}")));
    assert_eq!(s3.open_uploads(), 0);
    assert!(!relay.data_dir().join("files").exists());
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_is_the_relays_trouble_and_no_secret_is_told() {
    let s3 = S3::start().await;
    let environment = s3.environment("s3://chat");
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let relay = Relay::start_with(&environment).await;
    let agent = agent(&relay).await;
    let sent = agent.upload("a.txt", b"a").await;
    s3.lose();

    let read = agent.get(&path(&sent)).await;

    assert_eq!((read.status, &read.body["error"]["code"]), (503, &json!("unavailable")));
    assert_eq!(read.body["error"]["message"], "the relay cannot store or read files now");
}

/// A visitor's upload, under a token or an identity.
async fn upload(relay: &Relay, organization: OrganizationId, bearer: &str, content: &[u8]) -> Answer {
    let path = format!("/v2/widget/files?organization={organization}");
    Rest::new(relay.address()).with_token(bearer).upload_to(&path, "garden.png", content).await
}

/// As far as it takes to be one, of 640 by 480 pixels.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";

fn file_message(key: &str, text: &str) -> VisitorFrame {
    VisitorFrame::Send {
        key: key.parse().unwrap(),
        kind: MessageType::Chat,
        text: text.to_owned(),
        content_type: Some("text/html".to_owned()),
        payload: None,
        meta: Map::from_iter([("title".to_owned(), json!("invoice.pdf")), ("size".to_owned(), json!(1))]),
    }
}

#[tokio::test]
async fn a_visitors_picture_is_a_message_whose_type_and_name_the_relay_vouches_for() {
    let relay = Relay::start().await;
    let token = random_token();
    let sent = upload(&relay, relay.organization(), &token.reveal(), PICTURE).await.created();
    let url = sent["url"].as_str().unwrap();
    let (mut socket, welcome) = greet(&relay, &token, Seq::ZERO).await;
    assert_eq!(welcome.organization.file_bytes, Some(10 << 20));

    // Sent twice, as after an answer that was lost.
    let mut receipts = Vec::new();
    for _ in 0..2 {
        socket.send(&file_message("k-1", url)).await.unwrap();
        receipts.push(socket.receipt().await);
    }

    assert_eq!(receipts[0], receipts[1]);
    let path = format!("/v2/conversations/{}/messages", receipts[0].conversation);
    let messages = relay.rest().get(&path).await.ok();
    let shown = |member: &str| messages[0][member].clone();
    assert_eq!(
        (shown("type"), shown("role"), shown("text"), shown("contentType"), shown("meta")),
        (
            json!("chat"),
            json!("contact"),
            json!(url),
            json!("image/png"),
            json!({"title": "garden.png", "size": PICTURE.len()})
        )
    );
    let read = relay.rest().get(&path_of(url)).await;
    assert_eq!(read.bytes, PICTURE, "an agent reads it");
}

#[tokio::test]
async fn a_text_file_is_told_from_a_text() {
    let relay = Relay::start().await;
    let token = random_token();
    let sent = upload(&relay, relay.organization(), &token.reveal(), b"notes").await.created();
    let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;

    socket.send(&file_message("k-1", sent["url"].as_str().unwrap())).await.unwrap();

    let receipt = socket.receipt().await;
    let message = relay.rest().get(&format!("/v2/messages/{}", receipt.id)).await.ok();
    assert_eq!(message["contentType"], "text/plain; charset=utf-8");
}

#[tokio::test]
async fn what_a_visitor_calls_a_file_is_one_of_the_organization_on_this_relay() {
    let relay = Relay::start().await;
    let token = random_token();
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let other = other["id"].as_str().unwrap().parse().unwrap();
    let own = upload(&relay, relay.organization(), &token.reveal(), b"own").await.created();
    let foreign = upload(&relay, other, &token.reveal(), b"foreign").await.created();
    let (own, foreign) = (own["url"].as_str().unwrap(), foreign["url"].as_str().unwrap());
    let (mut socket, _) = greet(&relay, &token, Seq::ZERO).await;

    for text in [
        foreign.to_owned(),
        "https://evil.example/garden.png".to_owned(),
        own.replace("http://", "https://"),
        own.replace("http://", "http://evil.example/?"),
        own.replace("garden.png", "rose.png"),
        format!("{own}?x"),
        path_of(own),
        format!("see {own}"),
        format!("http://{}/files/ffffffffffffffffffffffff/garden.png", relay.address()),
        "javascript:alert(1)".to_owned(),
    ] {
        socket.send(&file_message("k-1", &text)).await.unwrap();
        let RelayFrame::Nack { error, retry_after, .. } = socket.frame().await else {
            panic!("{text} was not refused")
        };
        assert_eq!(
            (error.code, error.field.as_deref(), retry_after),
            (ErrorCode::Invalid, Some("text"), None),
            "{text}"
        );
    }
    let VisitorFrame::Send { key, text, content_type, payload, meta, .. } = file_message("k-1", own) else {
        panic!("it is a message")
    };
    let event = VisitorFrame::Send { key, kind: MessageType::Event, text, content_type, payload, meta };
    socket.send(&event).await.unwrap();
    let RelayFrame::Nack { error, .. } = socket.frame().await else { panic!("an event was a file") };
    assert_eq!(error.field.as_deref(), Some("contentType"));
}

#[tokio::test]
async fn who_must_say_who_they_are_does_so_with_a_file_too() {
    let relay = Relay::start().await;
    let (organization, secret) = (relay.organization(), "the secret of one organization, long enough");
    let change = json!({"identitySecret": secret, "requireIdentity": true});
    relay.rest().patch(&format!("/v2/organizations/{organization}"), &change).await.ok();
    let claims = json!({"sub": "customer 7", "exp": seconds_from_now(600)});

    let known = upload(&relay, organization, &sign(&claims, secret), b"x").await;
    let forged = upload(&relay, organization, &sign(&claims, "another secret"), b"x").await;
    let anonymous = upload(&relay, organization, &random_token().reveal(), b"x").await;

    assert_eq!((known.status, forged.status, anonymous.status), (201, 401, 401));
}

#[tokio::test]
async fn who_may_not_send_a_large_file_hears_why_it_was_refused() {
    let relay = Relay::start().await;
    let content = vec![b'x'; 9 << 20];
    // Larger than what lies in the buffers between.
    let refused = upload(&relay, relay.organization(), "no token", &content).await;
    assert_eq!((refused.status, &refused.body["error"]["code"]), (401, &json!("unauthorized")));
}
