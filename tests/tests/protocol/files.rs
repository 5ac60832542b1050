//! Files over a real connection: streamed in both directions, limited on the way.

use serde_json::{Value, json};
use tests::{
    clock::patiently,
    relay::Relay,
    rest::{Answer, Rest},
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
    let url = sent.body["url"].as_str().unwrap_or_else(|| panic!("{} {}", sent.status, sent.body));
    url[url.find("/files/").unwrap()..].to_owned()
}

#[tokio::test]
async fn a_large_file_passes_through_without_staying_in_memory() {
    let relay = Relay::start_with(&[("RELAY_FILE_BYTES", &LARGE.to_string())]).await;
    let agent = agent(&relay).await;
    agent.upload("small.txt", b"warm").await.created();
    let content: Vec<u8> = (0..LARGE).map(|index| (index / 7 % 251) as u8).collect();
    let before = relay.process().memory().anonymous;

    let sent = patiently("the file to be stored", agent.upload("large.bin", &content)).await;
    let path = path(&sent);
    let read = patiently("the file to come back", agent.get(&path)).await;

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

    stream.write_all(request.as_bytes()).await.unwrap();
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
