//! Every frame as it is written on the wire, one file each in `golden/`. A file is never edited, only
//! added to the set: old ends are out there. `GOLDEN=add cargo test -p shared` writes the missing ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use shared::{
    Error, ErrorCode, Millis, Seq, VisitorToken,
    conversation::Status,
    message::{Action, ActionType, Iframe, Item, MessageType, Results, Role, Shown},
    wire::{
        AgentFrame, AgentView, Claim, ClaimOutcome, ConversationView, Entry, Event, Hello, Notice,
        OrganizationView, Receipt, RelayFrame, StreamFrame, VisitorFrame, Welcome, decode, encode,
    },
};
use std::{collections::BTreeSet, fs, path::PathBuf};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Compares a frame with its file, in both directions.
fn check<T: Serialize + DeserializeOwned>(seen: &mut BTreeSet<String>, name: &str, frame: &T) {
    let path = directory().join(format!("{name}.json"));
    let written = encode(frame);
    if !path.exists() && std::env::var_os("GOLDEN").is_some_and(|value| value == "add") {
        fs::write(&path, format!("{written}\n")).unwrap();
    }
    let golden = fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{name} has no golden file; see the head of this test"));
    assert_eq!(written, golden.trim_end(), "{name} is written differently now");
    assert_eq!(encode(&decode::<T>(golden.trim_end()).unwrap()), written, "{name} is read differently now");
    seen.insert(format!("{name}.json"));
}

#[test]
fn every_frame_is_written_and_read_as_its_golden_file_says() {
    let mut seen = BTreeSet::new();
    for (name, frame) in visitor_frames() {
        check(&mut seen, name, &frame);
    }
    for (name, frame) in relay_frames() {
        check(&mut seen, name, &frame);
    }
    for (name, frame) in agent_frames() {
        check(&mut seen, name, &frame);
    }
    for (name, frame) in stream_frames() {
        check(&mut seen, name, &frame);
    }
    let files: BTreeSet<String> = fs::read_dir(directory())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, seen, "a golden file that no test reads");
}

#[test]
fn members_and_frames_of_a_newer_version_do_no_harm() {
    let entry: RelayFrame = decode(r#"{"entry":{"seq":3,"mood":"good"}}"#).unwrap();
    assert_eq!(entry, RelayFrame::Entry(Entry { seq: Seq(3), ..Entry::default() }));
    let error = decode::<RelayFrame>(r#"{"confetti":{}}"#).unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
}

#[test]
fn what_is_no_frame_says_why() {
    assert_eq!(decode::<VisitorFrame>("{").unwrap_err().code, ErrorCode::BadJson);
    assert_eq!(decode::<VisitorFrame>("[]").unwrap_err().code, ErrorCode::BadRequest);
    assert_eq!(decode::<VisitorFrame>(&" ".repeat(64 * 1024 + 1)).unwrap_err().code, ErrorCode::TooLarge);
}

proptest! {
    #[test]
    fn decoding_never_panics(bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = decode::<VisitorFrame>(&text);
        let _ = decode::<RelayFrame>(&text);
        let _ = decode::<AgentFrame>(&text);
        let _ = decode::<StreamFrame>(&text);
    }

    #[test]
    fn decoding_damaged_frames_never_panics(which: prop::sample::Index, at: prop::sample::Index, byte: u8) {
        let frames = relay_frames();
        let mut bytes = encode(&which.get(&frames).1).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let text = String::from_utf8_lossy(&bytes);
        let _ = decode::<RelayFrame>(&text);
        let _ = decode::<VisitorFrame>(&text);
    }
}

fn visitor_frames() -> Vec<(&'static str, VisitorFrame)> {
    let hello = Hello {
        version: 1,
        organization: id("5bad2f12e91d2c331be33364"),
        token: VisitorToken::from_bytes([0xab; 32]),
        last: Seq::ZERO,
        locale: None,
        identity: None,
        claim: None,
    };
    let send = |kind, text: &str, payload, meta| VisitorFrame::Send {
        key: id("k-1"),
        kind,
        text: text.into(),
        content_type: None,
        payload,
        meta,
    };
    let picture = VisitorFrame::Send {
        key: id("k-2"),
        kind: MessageType::Chat,
        text: "https://chat.example/files/5bb01d0d9f0e3a7c5d2b8a41/garden.png".into(),
        content_type: Some("image/png".into()),
        payload: None,
        meta: meta("title", json!("garden.png")),
    };
    vec![
        ("visitor-hello", VisitorFrame::Hello(hello.clone())),
        (
            "visitor-hello-again",
            VisitorFrame::Hello(Hello { last: Seq(17), locale: Some("nl-NL".into()), ..hello.clone() }),
        ),
        (
            "visitor-hello-identity",
            VisitorFrame::Hello(Hello {
                identity: Some("eyJhbGciOiJIUzI1NiJ9.e30.c2ln".into()),
                ..hello.clone()
            }),
        ),
        (
            "visitor-hello-claim",
            VisitorFrame::Hello(Hello {
                claim: Some(Claim { id: "5bb01d0dd99faf11a3f4a36f".into(), token: "cafe".repeat(16) }),
                ..hello
            }),
        ),
        ("visitor-send", send(MessageType::Chat, "Hello", None, Map::new())),
        ("visitor-send-command", send(MessageType::Command, "/set @category Used Car", None, Map::new())),
        (
            "visitor-send-postback",
            send(MessageType::Postback, "Red", Some(json!("red")), meta("source", json!("page"))),
        ),
        ("visitor-send-file", picture),
        ("visitor-since", VisitorFrame::Since { after: Seq(4) }),
        ("visitor-before", VisitorFrame::Before { before: Seq(51) }),
        (
            "visitor-send-results",
            send(
                MessageType::Results,
                "Brand: Toyota",
                Some(json!({"form": "6093490651a8b5629324ae4f", "values": {"brand": "Toyota"}})),
                meta("title", json!("Trade-in")),
            ),
        ),
        (
            "visitor-send-event",
            send(MessageType::Event, "UPDATE_SESSION", Some(json!({"language": "en"})), Map::new()),
        ),
        ("visitor-read", VisitorFrame::Read { seq: Seq(7) }),
        ("visitor-typing", VisitorFrame::Typing {}),
        ("visitor-pong", VisitorFrame::Pong {}),
    ]
}

fn relay_frames() -> Vec<(&'static str, RelayFrame)> {
    let limited = Error::new(ErrorCode::RateLimited, "at most 20 messages in 10 s");
    let invalid = Error::not_found("form", "6093490651a8b5629324ae4f").with_field("text");
    let organization = OrganizationView {
        name: "Demo".into(),
        locale: Some("en".into()),
        file_bytes: None,
        settings: meta("greeting", json!("How can we help?")),
    };
    let welcome = Welcome {
        conversation: None,
        head: Seq::ZERO,
        reload: false,
        entries: vec![],
        organization: organization.clone(),
        state: None,
        claim: None,
        now: Millis(1_538_268_439_872),
    };
    let refused = Welcome { claim: Some(ClaimOutcome::Refused), ..welcome.clone() };
    let back = Welcome {
        conversation: Some(id("590bd49f458b716046347f47")),
        head: Seq(700),
        reload: true,
        entries: vec![Entry { seq: Seq(699), ..Entry::default() }, chat(700)],
        organization,
        state: None,
        claim: None,
        now: Millis(1_538_268_439_872),
    };
    let met = Welcome { state: Some(active()), ..back.clone() };
    let limited_files = OrganizationView { file_bytes: Some(10_485_760), ..back.organization.clone() };
    let with_files = Welcome { organization: limited_files, ..welcome.clone() };
    let claimed = Welcome { claim: Some(ClaimOutcome::Accepted), ..back.clone() };
    let receipt = Receipt {
        key: id("k-1"),
        id: id("5bb01d0dd99faf11a3f4a36e"),
        seq: Seq(1),
        conversation: id("590bd49f458b716046347f47"),
        at: Millis(1_538_268_439_872),
    };
    vec![
        ("relay-welcome", RelayFrame::Welcome(welcome)),
        ("relay-welcome-files", RelayFrame::Welcome(with_files)),
        ("relay-welcome-back", RelayFrame::Welcome(back)),
        ("relay-welcome-claimed", RelayFrame::Welcome(claimed)),
        ("relay-welcome-refused", RelayFrame::Welcome(refused)),
        ("relay-welcome-state", RelayFrame::Welcome(met)),
        ("relay-state", RelayFrame::State(active())),
        ("relay-state-queued", RelayFrame::State(queued())),
        ("relay-state-forms", RelayFrame::State(asked())),
        ("relay-entry", RelayFrame::Entry(chat(2))),
        ("relay-entry-event", RelayFrame::Entry(event(5))),
        ("relay-entry-hidden", RelayFrame::Entry(Entry { seq: Seq(3), ..Entry::default() })),
        ("relay-entry-edited", RelayFrame::Entry(edited())),
        ("relay-entry-gone", RelayFrame::Entry(gone())),
        ("relay-entry-taken-back", RelayFrame::Entry(taken_back())),
        ("relay-entry-joined", RelayFrame::Entry(joined())),
        ("relay-entry-left", RelayFrame::Entry(left())),
        ("relay-entry-rich", RelayFrame::Entry(rich())),
        ("relay-history", RelayFrame::History { before: Seq(3), entries: vec![chat(1), chat(2)] }),
        ("relay-ack", RelayFrame::Ack(receipt)),
        ("relay-nack", RelayFrame::Nack { key: id("k-1"), error: invalid, retry_after: None }),
        ("relay-nack-later", RelayFrame::Nack { key: id("k-1"), error: limited, retry_after: Some(4_000) }),
        ("relay-typing", RelayFrame::Typing { name: Some("Ada".into()), lasts: 6_000 }),
        ("relay-typing-ended", RelayFrame::Typing { name: None, lasts: 0 }),
        ("relay-ping", RelayFrame::Ping { head: Seq(17) }),
        (
            "relay-error",
            RelayFrame::Error {
                error: Error::new(ErrorCode::Unavailable, "the relay is restarting"),
                retry_after: Some(1_500),
            },
        ),
    ]
}

fn agent_frames() -> Vec<(&'static str, AgentFrame)> {
    vec![
        ("agent-hello", AgentFrame::Hello { token: None, organization: None, cursor: None }),
        (
            "agent-hello-browser",
            AgentFrame::Hello {
                token: Some("eyJhbGciOiJIUzI1NiJ9.e30.c2ln".into()),
                organization: Some(id("5bad2f12e91d2c331be33364")),
                cursor: Some(41),
            },
        ),
        ("agent-pong", AgentFrame::Pong {}),
    ]
}

fn stream_frames() -> Vec<(&'static str, StreamFrame)> {
    let event = Event {
        cursor: 42,
        event: "message.create.contact.chat".into(),
        conversation: id("590bd49f458b716046347f47"),
        data: serde_json::value::RawValue::from_string(
            r#"{"id":"5bb01d0dd99faf11a3f4a36e","text":"Hello"}"#.into(),
        )
        .unwrap(),
    };
    vec![
        (
            "stream-welcome",
            StreamFrame::Welcome {
                organization: id("5bad2f12e91d2c331be33364"),
                cursor: 41,
                now: Millis(1_538_268_439_872),
            },
        ),
        ("stream-event", StreamFrame::Event(event)),
        ("stream-typing", StreamFrame::Typing { conversation: id("590bd49f458b716046347f47"), lasts: 6_000 }),
        (
            "stream-read",
            StreamFrame::Read { conversation: id("590bd49f458b716046347f47"), user: None, seq: Seq(7) },
        ),
        ("stream-read-user", read_by_ada()),
        ("stream-ping", StreamFrame::Ping { cursor: 42 }),
        (
            "stream-error",
            StreamFrame::Error {
                error: Error::new(ErrorCode::Unauthorized, "jwt expired"),
                retry_after: None,
            },
        ),
    ]
}

fn active() -> ConversationView {
    let ada = AgentView {
        id: id("5ab9a9c2fd1e1c0d3c9a71b2"),
        name: "Ada".into(),
        avatar_url: Some("https://example.org/ada.png".into()),
        is_online: true,
        has_left: false,
    };
    let bob = AgentView {
        id: id("5ab9a9c2fd1e1c0d3c9a71b3"),
        name: "Bob".into(),
        avatar_url: None,
        is_online: false,
        has_left: true,
    };
    ConversationView {
        status: Some(Status::Active),
        agents: vec![ada, bob],
        is_online: true,
        read_by_agents: Seq(4),
        read_by_visitor: Seq(6),
        position: None,
        forms: vec![],
    }
}

/// A form is to be filled in, and somebody has begun to.
fn asked() -> ConversationView {
    let form = json!({
        "id": "6093490651a8b5629324ae4f",
        "name": "Trade-in",
        "fields": [
            {"key": "brand", "label": "Brand", "type": "select", "required": true, "options": ["Toyota", "Opel"]},
            {"key": "note", "label": "", "type": "textarea", "required": false, "options": []},
        ],
        "values": {"brand": "Toyota"},
    });
    ConversationView { status: Some(Status::Active), forms: vec![form], ..ConversationView::default() }
}

fn queued() -> ConversationView {
    ConversationView { status: Some(Status::Queued), position: Some(2), ..ConversationView::default() }
}

fn read_by_ada() -> StreamFrame {
    let (conversation, user) = (id("590bd49f458b716046347f47"), Some(id("5ab9a9c2fd1e1c0d3c9a71b2")));
    StreamFrame::Read { conversation, user, seq: Seq(7) }
}

fn shown(seq: u64) -> Shown {
    Shown {
        id: id("5bb01d0dd99faf11a3f4a36e"),
        kind: MessageType::Chat,
        role: Role::Contact,
        text: format!("message {seq}"),
        content_type: None,
        name: None,
        actions: vec![],
        items: vec![],
        results: vec![],
        iframe: None,
        payload: None,
        meta: Map::new(),
        client_key: Some(id("k-1")),
        created_at: Millis(1_538_268_439_872),
        edited: false,
    }
}

fn chat(seq: u64) -> Entry {
    Entry { seq: Seq(seq), message: Some(Box::new(shown(seq))), ..Entry::default() }
}

fn event(seq: u64) -> Entry {
    let message = Shown {
        kind: MessageType::Event,
        role: Role::Bot,
        text: String::new(),
        payload: Some(json!({"language": "en"})),
        client_key: None,
        ..shown(seq)
    };
    Entry { seq: Seq(seq), message: Some(Box::new(message)), ..Entry::default() }
}

fn rich() -> Entry {
    let link = Action {
        kind: ActionType::Link,
        text: "Taco 1".into(),
        payload: None,
        uri: Some("http://example.org/taco.html".into()),
        url: None,
        long_uri: None,
        icon_url: None,
        size: None,
        fallback: None,
        meta: Map::new(),
    };
    let reply = Action {
        kind: ActionType::Reply,
        text: "Tacos".into(),
        payload: Some(json!("TACOS")),
        uri: None,
        ..link.clone()
    };
    let message = Shown {
        kind: MessageType::Card,
        role: Role::Agent,
        text: "Favorite food?".into(),
        content_type: Some("application/pdf".into()),
        name: Some("Ada".into()),
        actions: vec![reply],
        items: vec![Item {
            title: "Tacos".into(),
            description: Some("Crisp".into()),
            media_url: None,
            actions: vec![link],
        }],
        results: vec![Results { name: "contact".into(), values: meta("email", json!("a@example.org")) }],
        iframe: Some(Iframe {
            url: "https://example.org/map".into(),
            title: "Map".into(),
            height: Some(240),
        }),
        payload: Some(json!({"language": "en"})),
        meta: meta("title", json!("Menu")),
        client_key: None,
        ..shown(4)
    };
    Entry { seq: Seq(4), message: Some(Box::new(message)), ..Entry::default() }
}

/// Entry 8 says that entry 2 says something else now.
fn edited() -> Entry {
    let message = Shown { edited: true, ..shown(2) };
    let revised = Entry { seq: Seq(2), message: Some(Box::new(message)), ..Entry::default() };
    Entry { seq: Seq(8), revised: Some(Box::new(revised)), ..Entry::default() }
}

fn gone() -> Entry {
    let message = Shown { text: String::new(), ..shown(2) };
    Entry { seq: Seq(2), gone: Some(Box::new(message)), ..Entry::default() }
}

fn taken_back() -> Entry {
    Entry { seq: Seq(9), revised: Some(Box::new(gone())), ..Entry::default() }
}

fn left() -> Entry {
    let at = Some(Millis(1_538_268_439_872));
    let notice = Notice { what: "left".into(), name: None, at };
    Entry { seq: Seq(11), notice: Some(notice), ..Entry::default() }
}

fn joined() -> Entry {
    let notice = Notice { what: "joined".into(), name: Some("Ada".into()), at: None };
    Entry { seq: Seq(10), notice: Some(notice), ..Entry::default() }
}

fn meta(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}
