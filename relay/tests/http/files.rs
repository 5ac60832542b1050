//! Files come in as forms and are read by whoever has their address, without harm to anybody.

use crate::asking::{Client, Relay, Reply};
use axum::{
    body::Body,
    http::{Method, Request},
};
use relay::{files::UNUSED, model::File};
use serde_json::{Value, json};
use shared::{FileId, Millis};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

async fn send(client: &Client<'_>, name: &str, content: &[u8]) -> Reply {
    client.post_form("/v2/files", &[("file", Some(name), content)]).await
}

/// The path of a file that was just sent.
fn path(sent: &Reply) -> String {
    let url = sent.text("url");
    url[url.find(File::PATH).unwrap()..].to_owned()
}

async fn read(relay: &Relay, path: &str, headers: &[(&str, &str)]) -> Reply {
    ask(relay, Method::GET, path, headers).await
}

async fn ask(relay: &Relay, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    relay.anonymous().send(request.body(Body::empty()).unwrap()).await
}

/// What is in the directory of files, at any depth.
fn stored(relay: &Relay) -> usize {
    let root = relay.directory.path().join("files");
    let organizations = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    organizations.map(|directory| std::fs::read_dir(directory).unwrap().count()).sum()
}

#[tokio::test]
async fn a_file_is_read_as_it_was_sent() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;

    let sent = send(&agent, "Grüße 1.png", PNG).await;

    assert_eq!(sent.status, 201, "{}", sent.body);
    let id = sent.text("id");
    let url = format!("/files/{id}/Gr%C3%BC%C3%9Fe%201.png");
    assert_eq!(
        sent.body,
        json!({"id": id, "url": format!("{url}#1x1"), "name": "Grüße 1.png", "contentType": "image/png", "size": PNG.len()})
    );
    let got = read(&relay, &url, &[]).await;
    assert_eq!((got.status.as_u16(), &got.bytes[..]), (200, PNG));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", "24"),
        ("content-disposition", "inline; filename=\"Gr__e 1.png\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%201.png"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(got.header(name), value, "{name}");
    }
    let tag = got.header("etag").to_owned();
    assert!(tag.len() == 34 && tag.starts_with('"'), "{tag}");
    let known = read(&relay, &url, &[("if-none-match", &format!("\"x\", W/{tag}"))]).await;
    assert_eq!((known.status.as_u16(), known.bytes.len(), known.header("etag")), (304, 0, &*tag));
    let head = ask(&relay, Method::HEAD, &url, &[("range", "bytes=0-1")]).await;
    assert_eq!((head.status.as_u16(), head.bytes.len(), head.header("content-length")), (200, 0, "24"));
    let saved = read(&relay, &format!("{url}?download"), &[]).await;
    assert!(saved.header("content-disposition").starts_with("attachment; "), "{:?}", saved.headers);
}

#[tokio::test]
async fn the_address_is_absolute_where_the_relay_knows_its_own() {
    let relay = Relay::start().await;
    let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n";
    let agent = relay.user("bot").await;
    let request = agent.request(Method::POST, "/v2/files").header("host", "chat.example:8080");
    let request = request.header("content-type", "multipart/form-data; boundary=b");

    let sent = agent.send(request.body(Body::from(form)).unwrap()).await;

    assert_eq!(sent.text("url"), format!("http://chat.example:8080/files/{}/a", sent.text("id")));
}

#[tokio::test]
async fn a_message_that_is_a_file_says_how_large_it_is() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    let (agent, stranger) = (relay.user("agent").await, relay.user_of(&other, "agent").await);
    let conversation = relay.conversation().await;
    let sent = send(&agent, "list.pdf", b"%PDF-1.7\n\xe2\xe3").await;
    let say = async |text: &str, content_type: &str, meta: Value| {
        let message = json!({"role": "agent", "text": text, "contentType": content_type, "meta": meta});
        let said = agent.post(&format!("/v2/conversations/{conversation}/messages"), message).await;
        said.body["meta"]["size"].clone()
    };

    assert_eq!(say(&sent.text("url"), "application/pdf", json!({"title": "List"})).await, 11);
    assert_eq!(say(&sent.text("url"), "application/pdf", json!({"size": 7})).await, 7);
    assert_eq!(say(&sent.text("url"), "text/plain", json!({})).await, Value::Null);
    assert_eq!(say("https://shop.example/list.pdf", "application/pdf", json!({})).await, Value::Null);
    let theirs = send(&stranger, "list.pdf", b"%PDF-1.7").await;
    assert_eq!(say(&theirs.text("url"), "application/pdf", json!({})).await, Value::Null);
}

#[tokio::test]
async fn only_what_cannot_harm_is_shown_in_place() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    for (name, content, media_type, kind) in [
        ("notes.html", &b"just notes"[..], "text/plain; charset=utf-8", "inline"),
        ("paper.txt", b"%PDF-1.7\n\xe2\xe3", "application/pdf", "attachment"),
        (
            "photo.png",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
            "image/svg+xml",
            "attachment",
        ),
        ("photo.png", b"<!doctype html><script>x()</script>", "text/html", "attachment"),
        ("photo.png", b"<?xml version='1.0'?><a/>", "text/xml", "attachment"),
        ("photo.png", b"#!/bin/sh\nx", "text/x-shellscript", "attachment"),
        ("photo.png", b"MZ\x90\0\x03\0", "application/vnd.microsoft.portable-executable", "attachment"),
        ("photo.png", b"\0\x01\x02", "application/octet-stream", "attachment"),
    ] {
        let sent = send(&agent, name, content).await;
        let got = read(&relay, &path(&sent), &[]).await;
        assert_eq!(got.header("content-type"), media_type);
        assert_eq!(got.header("content-disposition"), format!("{kind}; filename=\"{name}\""), "{media_type}");
        assert_eq!(got.bytes, content);
    }
}

#[tokio::test]
async fn parts_are_read_as_they_are_asked_for() {
    let relay = Relay::start().await;
    let sent = send(&relay.user("agent").await, "digits.txt", b"0123456789").await;
    let path = path(&sent);
    let tag = read(&relay, &path, &[]).await.header("etag").to_owned();

    let part = read(&relay, &path, &[("range", "bytes=2-4")]).await;
    assert_eq!((part.status.as_u16(), &part.bytes[..]), (206, &b"234"[..]));
    assert_eq!((part.header("content-range"), part.header("content-length")), ("bytes 2-4/10", "3"));
    assert_eq!(read(&relay, &path, &[("range", "bytes=-2")]).await.bytes, &b"89"[..]);

    let parts = read(&relay, &path, &[("range", "bytes=0-1,8-")]).await;
    let boundary = parts.header("content-type").strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range: &str, text: &str| {
        let head = format!("Content-Type: text/plain; charset=utf-8\r\nContent-Range: bytes {range}/10");
        format!("\r\n--{boundary}\r\n{head}\r\n\r\n{text}")
    };
    let expected = format!("{}{}\r\n--{boundary}--\r\n", part("0-1", "01"), part("8-9", "89"));
    assert_eq!((parts.status.as_u16(), std::str::from_utf8(&parts.bytes).unwrap()), (206, &*expected));
    assert_eq!(parts.header("content-length"), expected.len().to_string());

    let beyond = read(&relay, &path, &[("range", "bytes=10-")]).await;
    assert_eq!((beyond.status.as_u16(), beyond.header("content-range")), (416, "bytes */10"));
    assert!(beyond.bytes.is_empty());

    let same = read(&relay, &path, &[("range", "bytes=0-0"), ("if-range", &tag)]).await;
    assert_eq!(same.status, 206);
    for other in ["\"another\"", &format!("W/{tag}"), "Sat, 21 Nov 2026 08:00:00 GMT"] {
        let whole = read(&relay, &path, &[("range", "bytes=0-0"), ("if-range", other)]).await;
        assert_eq!((whole.status.as_u16(), whole.bytes.len()), (200, 10), "{other}");
    }
}

#[tokio::test]
async fn what_is_no_form_with_one_file_is_refused_and_nothing_is_kept() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let form = async |fields: &[(&str, Option<&str>, &[u8])]| agent.post_form("/v2/files", fields).await;

    assert_eq!(form(&[]).await.error(), (422, "invalid", Some("file")));
    assert_eq!(form(&[("file", Some("a"), b"")]).await.error(), (422, "invalid", Some("file")));
    assert_eq!(form(&[("photo", Some("a"), b"x")]).await.error(), (422, "invalid", Some("photo")));
    let two = form(&[("file", Some("a"), b"x"), ("file", Some("b"), b"x")]).await;
    assert_eq!(two.error(), (422, "invalid", Some("file")));
    let another = form(&[("file", Some("a"), b"x"), ("title", None, b"x")]).await;
    assert_eq!(another.error(), (422, "invalid", Some("title")));
    let json = agent.post("/v2/files", json!({"file": "x"})).await;
    assert_eq!(json.error(), (415, "unsupported_media_type", None));
    let cut = agent.request(Method::POST, "/v2/files");
    let cut = cut.header("content-type", "multipart/form-data; boundary=b");
    let half = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf of it";
    assert_eq!(agent.send(cut.body(Body::from(half)).unwrap()).await.error(), (400, "bad_request", None));
    let query = agent.post_form("/v2/files?colour=red", &[("file", Some("a"), b"x")]).await;
    assert_eq!(query.error(), (422, "invalid", Some("colour")));

    assert_eq!(stored(&relay), 0);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_while_it_comes() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let most = usize::try_from(relay.app.settings.limits.file_bytes).unwrap();

    let large = vec![b'x'; most + 1];
    assert_eq!(send(&agent, "large.txt", &large).await.error(), (413, "too_large", Some("file")));
    let far_too_large = vec![b'x'; 3 * most];
    assert_eq!(send(&agent, "large.txt", &far_too_large).await.error(), (413, "too_large", Some("file")));
    assert_eq!(stored(&relay), 0);

    let sent = send(&agent, "largest.txt", &large[1..]).await;
    assert_eq!((sent.status.as_u16(), &sent.body["size"]), (201, &json!(most)));
    assert_eq!(read(&relay, &path(&sent), &[]).await.bytes, &large[1..]);
}

#[tokio::test]
async fn a_file_belongs_to_the_organization_of_its_token() {
    let relay = Relay::start().await;
    let other = relay.organization("Other").await;
    let of_other = format!("/v2/files?organization={other}");
    let file: &[(&str, Option<&str>, &[u8])] = &[("file", Some("a.txt"), b"x")];

    assert_eq!(relay.anonymous().post_form("/v2/files", file).await.error(), (401, "unauthorized", None));
    let agent = relay.user("agent").await;
    assert_eq!(agent.post_form(&of_other, file).await.error(), (404, "not_found", None));
    let admin = relay.admin();
    assert_eq!(admin.post_form("/v2/files", file).await.error(), (422, "invalid", Some("organization")));
    let nobody = admin.post_form("/v2/files?organization=000000000000000000000000", file).await;
    assert_eq!(nobody.error(), (404, "not_found", None));
    assert_eq!(admin.post_form(&of_other, file).await.status, 201);
    assert!(relay.directory.path().join("files").join(&other).is_dir());
}

#[tokio::test]
async fn an_address_is_exact() {
    let relay = Relay::start().await;
    let sent = send(&relay.user("agent").await, "a.txt", b"x").await;
    let id = sent.text("id");
    for path in [
        format!("/files/{id}/b.txt"),
        format!("/files/{}/a.txt", FileId::from_bytes([1; 12])),
        "/files/me/a.txt".to_owned(),
        format!("/files/{id}/%ff"),
    ] {
        assert_eq!(read(&relay, &path, &[]).await.error(), (404, "not_found", None), "{path}");
    }
}

#[tokio::test]
async fn a_repeated_upload_is_one_file() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await.with_key("photo-1");

    let first = send(&agent, "a.txt", b"one").await;
    let again = send(&agent, "a.txt", b"one").await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    for (name, content) in [("a.txt", b"two"), ("b.txt", b"one")] {
        let conflict = send(&agent, name, content).await;
        assert_eq!(conflict.error(), (409, "idempotency_conflict", None));
    }

    assert_eq!(stored(&relay), 1);
    assert_eq!(read(&relay, &path(&first), &[]).await.bytes, &b"one"[..]);
}

#[tokio::test]
async fn a_file_that_nothing_names_is_removed_after_a_day() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let other = relay.organization("Other").await;
    let conversation = relay.conversation().await;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let sent = async |name: &str| path(&send(&agent, name, b"x").await);
    let (unused, shown, in_card, avatar) =
        (sent("unused").await, sent("shown").await, sent("card").await, sent("avatar").await);
    let of_other = format!("/v2/files?organization={other}");
    let elsewhere = path(&relay.admin().post_form(&of_other, &[("file", Some("elsewhere"), b"x")]).await);
    let text =
        json!({"role": "agent", "text": format!("http://chat.example{shown}"), "contentType": "text/plain"});
    let items = json!({"type": "card", "items": [{"title": "Bike", "mediaUrl": in_card}]});
    let foreign = json!({"text": elsewhere});
    for message in [text, items, foreign] {
        assert_eq!(agent.post(&messages, message).await.status, 201);
    }
    let anna = json!({"name": "Anna", "avatar": format!("http://chat.example{avatar}"), "organization": relay.demo().await});
    assert_eq!(relay.admin().post("/v2/users", anna).await.status, 201);
    let sweep = async |now: Millis| relay.app.files.remove_unused(&relay.app.store, now).await.unwrap();
    let now = relay.app.now();

    assert_eq!(sweep(now).await, 0);
    assert_eq!(stored(&relay), 5);
    assert_eq!(sweep(now + UNUSED + Millis(60_000)).await, 2);

    for (path, status) in [(&unused, 404), (&elsewhere, 404), (&shown, 200), (&in_card, 200), (&avatar, 200)]
    {
        assert_eq!(read(&relay, path, &[]).await.status, status, "{path}");
    }
    assert_eq!(stored(&relay), 3);
}

#[tokio::test]
async fn what_never_became_complete_is_removed() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let organization = relay.demo().await.parse().unwrap();
    let (id, now) = (FileId::from_bytes([7; 12]), relay.app.now());
    // As far as an upload gets that is cut off by a power failure after its content was stored.
    relay.app.store.write(move |write| write.expect_file(id, organization, now)).await.unwrap();
    let mut arrival = relay.app.files.receive(organization, id, 100).await;
    arrival.write("content".into()).await.unwrap();
    arrival.finish().await.unwrap();
    assert_eq!(stored(&relay), 1);
    assert_eq!(agent.get(&format!("/files/{id}/")).await.status, 404);

    let later = now + UNUSED + Millis(1);
    assert_eq!(relay.app.files.remove_unused(&relay.app.store, later).await.unwrap(), 1);

    assert_eq!(stored(&relay), 0);
    assert_eq!(relay.app.files.remove_unused(&relay.app.store, later).await.unwrap(), 0);
}

mod from_visitors {
    use super::*;
    use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN};
    use shared::VisitorToken;

    async fn upload(relay: &Relay, token: &str) -> Reply {
        let path = format!("/v2/widget/files?organization={}", relay.demo().await);
        relay.with_token(token).post_form(&path, &[("file", Some("garden.png"), PNG)]).await
    }

    fn token(byte: u8) -> String {
        VisitorToken::from_bytes([byte; 32]).reveal()
    }

    /// Uploads from a page of this origin.
    async fn upload_from(relay: &Relay, origin: &str) -> Reply {
        let path = format!("/v2/widget/files?organization={}", relay.demo().await);
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n";
        let visitor = relay.with_token(token(3));
        let request = visitor.request(Method::POST, &path).header("origin", origin);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        relay.anonymous().send(request.body(Body::from(form)).unwrap()).await
    }

    #[tokio::test]
    async fn a_browser_that_has_said_nothing_yet_may_send_one() {
        let relay = Relay::start().await;

        let sent = upload(&relay, &token(1)).await;

        assert_eq!(
            (sent.status.as_u16(), sent.text("contentType")),
            (201, "image/png".into()),
            "{}",
            sent.body
        );
        assert_eq!(read(&relay, &path(&sent), &[]).await.bytes, PNG);
        let later = relay.app.now() + UNUSED + Millis(1);
        let unused = relay.app.files.remove_unused(&relay.app.store, later).await.unwrap();
        assert_eq!((unused, stored(&relay)), (1, 0), "its message never came");
    }

    #[tokio::test]
    async fn the_same_key_stores_one_copy() {
        let relay = Relay::start().await;
        let path = format!("/v2/widget/files?organization={}", relay.demo().await);
        let send = async |byte| {
            let visitor = relay.with_token(token(byte)).with_key("once");
            visitor.post_form(&path, &[("file", Some("garden.png"), PNG)]).await.text("id")
        };

        let (first, again, anothers) = (send(1).await, send(1).await, send(2).await);

        assert_eq!((first == again, first == anothers, stored(&relay)), (true, false, 2));
    }

    #[tokio::test]
    async fn only_pages_that_are_allowed_may_send_and_all_may_ask() {
        let relay = Relay::start().await;
        let organization = format!("/v2/organizations/{}", relay.demo().await);
        relay.admin().patch(&organization, json!({"allowedOrigins": ["https://shop.example"]})).await;

        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri("/v2/widget/files")
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,idempotency-key");
        let preflight = relay.anonymous().send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(preflight.headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        let allowed = preflight.headers[ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap();
        assert!(allowed.contains("authorization") && allowed.contains("idempotency-key"), "{allowed}");

        assert_eq!(upload_from(&relay, "https://shop.example").await.status, 201);
        let refused = upload_from(&relay, "https://evil.example").await;
        assert_eq!(refused.error(), (403, "origin_not_allowed", None));
        assert_eq!((refused.headers[ACCESS_CONTROL_ALLOW_ORIGIN].as_bytes(), stored(&relay)), (&b"*"[..], 1));
    }

    #[tokio::test]
    async fn a_visitor_who_sends_too_many_is_told_when_to_go_on() {
        let relay = Relay::start_with(&[("RELAY_VISITOR_MESSAGES", "1")]).await;

        assert_eq!(upload(&relay, &token(1)).await.status, 201);
        let refused = upload(&relay, &token(1)).await;

        assert_eq!(refused.error(), (429, "rate_limited", None));
        assert!((1..=10).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!(upload(&relay, &token(2)).await.status, 201, "another visitor has room");
    }

    #[tokio::test]
    async fn it_is_asked_whose_visitor_it_is() {
        let relay = Relay::start().await;
        let visitor = relay.with_token(token(1));
        for (query, expected) in [
            ("", (422, "invalid", Some("organization"))),
            ("?organization=1", (422, "invalid", Some("organization"))),
            ("?organization=ffffffffffffffffffffffff", (404, "not_found", None)),
            ("?organization=ffffffffffffffffffffffff&x=1", (422, "invalid", Some("x"))),
        ] {
            let refused =
                visitor.post_form(&format!("/v2/widget/files{query}"), &[("file", Some("a"), b"x")]).await;
            assert_eq!(refused.error(), expected, "{query}");
        }
    }
}
