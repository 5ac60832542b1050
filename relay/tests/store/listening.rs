//! What listeners hear, and what those read who come later, is the same.

use crate::desk::{Backend, Desk, as_agent, command_draft, keyed, text};
use axum::extract::ws::Utf8Bytes;
use relay::{
    bus::Bus,
    store::{Store, Window},
};
use serde_json::json;
use shared::{
    ConversationId, Seq,
    conversation::Status,
    message::{Action, ActionType, Draft, MessageType},
    wire::{self, RelayFrame, StreamFrame},
};
use std::sync::mpsc;

pub(crate) async fn frames_are_the_same_from_memory_and_from_the_database<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let (mut visitor, mut agents) = (
        desk.bus.subscribe_conversation(desk.organization, conversation),
        desk.bus.subscribe_organization(desk.organization),
    );
    let button = Action {
        kind: ActionType::Reply,
        text: "Red".into(),
        payload: None,
        uri: None,
        url: None,
        long_uri: None,
        icon_url: None,
        size: None,
        fallback: None,
        meta: serde_json::Map::new(),
    };
    let rich = Draft { actions: vec![button], touchpoint: Some("sms".into()), ..as_agent(text("Which?")) };
    for append in [
        desk.contact_says(conversation, keyed("k1", text("A \"quoted\" line\nand ünïcode"))),
        desk.agent_says(conversation, rich),
        desk.contact_says(conversation, command_draft("/notify")),
    ] {
        desk.store.append(append).await.unwrap();
    }

    // Senders are answered first, listeners come after them.
    while visitor.head() < Seq(4) {
        visitor.changed().await;
    }
    while agents.cursor() < 4 {
        agents.changed().await;
    }

    // Nobody listens there: it reads the database.
    let elsewhere = desk.backend.open(Bus::default());
    let entries =
        |store: Store| async move { store.visitor_entries(conversation, Seq(1), 10).await.unwrap() };
    let (kept, read) = (entries(desk.store.clone()).await, entries(elsewhere.clone()).await);
    assert_eq!(kept.len(), 3);
    assert_eq!(kept, read);
    let organization = desk.organization;
    let events = |store: Store| async move { store.organization_events(organization, 1, 10).await.unwrap() };
    let (kept, read) = (events(desk.store.clone()).await, events(elsewhere).await);
    assert_eq!(kept.len(), 3);
    assert_eq!(kept, read);

    let StreamFrame::Event(event) = wire::decode(&kept[1].1).unwrap() else {
        panic!("no event: {}", kept[1].1)
    };
    assert_eq!((event.cursor, event.event.as_str()), (3, "message.create.contact.chat"));
    let message: shared::message::Message = serde_json::from_str(event.data.get()).unwrap();
    assert_eq!(message, desk.log(conversation).await[2]);
}

pub(crate) async fn a_listener_hears_of_every_entry<B: Backend>(backend: B) {
    const ENTRIES: u64 = 300;
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let mut visitor = desk.bus.subscribe_conversation(desk.organization, conversation);
    let mut agents = desk.bus.subscribe_organization(desk.organization);
    let store = desk.store.clone();
    let said: Vec<_> = (1..ENTRIES).map(|n| desk.contact_says(conversation, text(&n.to_string()))).collect();
    let speaking = tokio::spawn(async move {
        for append in said {
            store.append(append).await.unwrap();
        }
    });

    let (mut seq, mut cursor) = (Seq(1), 1);
    while seq.0 < ENTRIES {
        visitor.changed().await;
        for (next, frame) in desk.store.visitor_entries(conversation, seq, 50).await.unwrap() {
            assert_eq!(next, seq.next());
            assert!(frame.starts_with(&format!("{{\"entry\":{{\"seq\":{next},")), "{frame}");
            seq = next;
        }
        if visitor.head() > seq {
            // More than a page: it is still there to read, without another wake-up.
            seq = catch_up(&desk.store, conversation, seq).await;
        }
    }
    while cursor < ENTRIES {
        agents.changed().await;
        while cursor < agents.cursor() {
            let events = desk.store.organization_events(desk.organization, cursor, 1_000).await.unwrap();
            cursor = events.last().unwrap().0;
        }
    }
    speaking.await.unwrap();
    while visitor.head() < Seq(ENTRIES) {
        visitor.changed().await;
    }
    while agents.cursor() < ENTRIES {
        agents.changed().await;
    }
    assert_eq!((visitor.head(), agents.cursor()), (Seq(ENTRIES), ENTRIES));
}

async fn catch_up(store: &Store, conversation: ConversationId, after: Seq) -> Seq {
    store.visitor_entries(conversation, after, 1_000).await.unwrap().last().unwrap().0
}

pub(crate) async fn a_receipt_comes_after_the_commit_and_in_order<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (sender, receipts) = mpsc::channel();
    for n in 0..50 {
        let (sender, append) = (sender.clone(), desk.visitor_says(1, keyed(&format!("k{n}"), text("hi"))));
        desk.store.submit(append, move |receipt| sender.send(receipt).unwrap()).await;
    }
    let unnamed = sender.clone();
    desk.store.submit(desk.visitor_says(1, text("hi")), move |refused| unnamed.send(refused).unwrap()).await;
    drop(sender);

    let answers = tokio::task::spawn_blocking(move || receipts.iter().collect::<Vec<_>>()).await.unwrap();
    let (refused, stored): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_err);
    assert_eq!(refused[0].as_ref().unwrap_err().field.as_deref(), Some("clientKey"));
    let stored: Vec<_> = stored.into_iter().map(Result::unwrap).collect();
    for (n, receipt) in (0..).zip(&stored) {
        assert_eq!((receipt.key.as_str(), receipt.seq.0), (format!("k{n}").as_str(), n + 1));
    }
    assert_eq!(desk.log(stored[0].conversation).await.len(), 50);
}

pub(crate) async fn an_entry_that_is_not_for_the_visitor_keeps_its_place<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    desk.store.append(desk.agent_says(conversation, text("between us bots"))).await.unwrap();
    let frames: Vec<Utf8Bytes> = desk
        .store
        .visitor_entries(conversation, Seq(1), 10)
        .await
        .unwrap()
        .into_iter()
        .map(|(_, frame)| frame)
        .collect();
    assert_eq!(frames, [Utf8Bytes::from(r#"{"entry":{"seq":2}}"#)]);
    let RelayFrame::Entry(entry) = wire::decode(&frames[0]).unwrap() else { panic!("no entry") };
    assert_eq!((entry.seq, entry.message), (Seq(2), None));
}

pub(crate) async fn an_event_is_for_the_other_side<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let event =
        |draft: Draft| Draft { kind: MessageType::Event, payload: Some(json!({"language": "en"})), ..draft };
    for append in [
        desk.agent_says(conversation, event(Draft::default())),
        desk.agent_says(conversation, event(as_agent(Draft::default()))),
        desk.agent_says(conversation, Draft { is_backchannel: true, ..event(as_agent(Draft::default())) }),
        desk.contact_says(conversation, event(text("UPDATE_SESSION"))),
    ] {
        desk.store.append(append).await.unwrap();
    }
    let entries =
        desk.store.read(move |read| read.entries(conversation, Window::After(Seq(1)), 10)).await.unwrap();
    let payloads: Vec<_> =
        entries.into_iter().map(|entry| entry.message.and_then(|message| message.payload)).collect();
    assert_eq!(payloads, [Some(json!({"language": "en"})), Some(json!({"language": "en"})), None, None]);
    let state = desk.conversation(conversation).await.state;
    assert_eq!((state.status, state.participants), (Status::Queued, vec![]), "nobody has spoken");
}

pub(crate) async fn pages_of_a_log<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let more: Vec<_> = (0..9).map(|_| desk.contact_says(conversation, text("more"))).collect();
    desk.store.write(move |write| write.append_all(more)).await.unwrap();
    let seqs = |window| {
        let store = desk.store.clone();
        async move {
            let page = store.read(move |read| read.entries(conversation, window, 3)).await.unwrap();
            page.into_iter().map(|entry| entry.seq.0).collect::<Vec<_>>()
        }
    };
    assert_eq!(seqs(Window::After(Seq(0))).await, [1, 2, 3]);
    assert_eq!(seqs(Window::After(Seq(9))).await, [10]);
    assert_eq!(seqs(Window::Before(Seq(5))).await, [2, 3, 4]);
    assert_eq!(seqs(Window::Newest).await, [8, 9, 10]);
}
