//! Each conversation has one order, without gaps, whoever writes and whatever fails in between.

use crate::desk::{Backend, Desk, command_draft, keyed, refusal, text};
use relay::store::{StoreError, Window};
use shared::{Error, ErrorCode, Seq, message::Message};
use std::collections::HashSet;
use tokio::task::JoinSet;

pub(crate) async fn everyone_writes_at_once_and_no_place_is_empty_or_taken_twice<B: Backend>(backend: B) {
    const SENDERS: usize = 24;
    const EACH: usize = 20;
    let desk = Desk::new(backend).await;
    let mut conversations = Vec::new();
    for token in 0..4 {
        conversations.push(desk.open_conversation(token).await);
    }

    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let conversation = conversations[sender % conversations.len()];
        let said: Vec<_> =
            (0..EACH).map(|n| desk.contact_says(conversation, text(&format!("{sender}:{n}")))).collect();
        let store = desk.store.clone();
        senders.spawn(async move {
            let mut cursors = Vec::new();
            for append in said {
                cursors.push(store.append(append).await.unwrap().cursor);
            }
            cursors
        });
    }
    let cursors: Vec<u64> = senders.join_all().await.into_iter().flatten().collect();

    assert_eq!(cursors.iter().collect::<HashSet<_>>().len(), SENDERS * EACH);
    for conversation in conversations {
        let log = desk.log(conversation).await;
        assert_eq!(log.len(), 1 + SENDERS / 4 * EACH);
        assert_is_run(&log);
        assert_eq!(desk.conversation(conversation).await.head, Seq(log.len() as u64));
        for sender in 0..SENDERS {
            let prefix = format!("{sender}:");
            let own: Vec<usize> =
                log.iter().filter_map(|message| message.text.strip_prefix(&prefix)?.parse().ok()).collect();
            assert!(own.is_sorted(), "a sender's messages keep their order: {own:?}");
        }
    }
}

pub(crate) async fn two_processes_on_one_database_share_one_order<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let other = desk.backend.open(desk.bus.clone());
    for n in 0..10 {
        let store = if n % 2 == 0 { &other } else { &desk.store };
        store.append(desk.contact_says(conversation, text("again"))).await.unwrap();
    }
    let log = desk.log(conversation).await;
    assert_eq!(log.len(), 11);
    assert_is_run(&log);
}

pub(crate) async fn what_is_stored_survives_and_the_log_goes_on<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    desk.command(conversation, "/set @category Used Car").await.unwrap();
    let (log, state) = (desk.log(conversation).await, desk.conversation(conversation).await);

    let desk = desk.restart();

    assert_eq!(desk.log(conversation).await, log);
    assert_eq!(desk.conversation(conversation).await, state);
    let next = desk.store.append(desk.contact_says(conversation, text("still here"))).await.unwrap();
    assert_eq!((next.message.seq, next.cursor), (Seq(3), 3));
}

pub(crate) async fn an_array_is_stored_whole_or_not_at_all<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let good = |n: u32| desk.contact_says(conversation, text(&format!("{n}")));
    let bad = desk.contact_says(conversation, command_draft("/set"));

    let half = vec![good(1), desk.contact_says(conversation, command_draft("/set @category Boats")), bad];
    let refused = desk.store.write(move |write| write.append_all(half)).await.unwrap_err();
    assert_eq!(refusal(refused).code, ErrorCode::BadCommand);
    assert_eq!(desk.log(conversation).await.len(), 1);
    assert_eq!(desk.conversation(conversation).await.state.category, None);

    let whole = vec![good(1), good(2), good(3)];
    let stored = desk.store.write(move |write| write.append_all(whole)).await.unwrap();
    let places: Vec<_> = stored.iter().map(|appended| (appended.message.seq.0, appended.cursor)).collect();
    assert_eq!(places, [(2, 2), (3, 3), (4, 4)]);
    assert_is_run(&desk.log(conversation).await);
}

pub(crate) async fn work_that_fails_or_panics_leaves_its_neighbours_alone<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let said = |words: &str| desk.contact_says(conversation, text(words));
    let (lost, lost_too) = (said("lost"), said("lost too"));

    let (before, failed, panicked, after) = tokio::join!(
        desk.store.append(said("before")),
        desk.store.write(move |write| {
            write.append(lost)?;
            Err::<(), _>(Error::invalid("name", "no").into())
        }),
        desk.store.write(move |write| {
            write.append(lost_too)?;
            assert!(write.cursor()? == 0, "this work panics");
            Ok(())
        }),
        desk.store.append(said("after")),
    );

    assert_eq!(refusal(failed.unwrap_err()).code, ErrorCode::Invalid);
    assert!(matches!(panicked.unwrap_err(), StoreError::Failed(_)));
    assert!(before.is_ok() && after.is_ok());
    let log = desk.log(conversation).await;
    assert_is_run(&log);
    let mut words: Vec<_> = log.iter().map(|message| message.text.as_str()).collect();
    words.sort_unstable();
    assert_eq!(words, ["Hello", "after", "before"]);
}

pub(crate) async fn a_closed_store_has_finished_what_it_accepted<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let (accepted, ()) =
        tokio::join!(desk.store.append(desk.contact_says(conversation, text("in time"))), desk.store.close());
    assert!(accepted.is_ok());
    assert!(!desk.store.is_open());
    let late = desk.store.append(desk.contact_says(conversation, text("too late"))).await.unwrap_err();
    assert_eq!(late.public().code, ErrorCode::Unavailable);
    assert_eq!(desk.log(conversation).await.len(), 2);
}

pub(crate) async fn a_log_of_thousands_is_whole_from_any_side<B: Backend>(backend: B) {
    const ENTRIES: u64 = 3_000;
    let desk = Desk::new(backend).await;
    let conversations = [desk.open_conversation(1).await, desk.open_conversation(2).await];
    for chunk in (2..=ENTRIES).collect::<Vec<_>>().chunks(300) {
        let says = |n: &u64| {
            let draft = keyed(&format!("k{n}"), text(&n.to_string()));
            conversations.map(|conversation| desk.contact_says(conversation, draft.clone()))
        };
        let array: Vec<_> = chunk.iter().flat_map(says).collect();
        desk.store.write(move |write| write.append_all(array)).await.unwrap();
    }

    let desk = desk.restart();

    for conversation in conversations {
        assert_is_run(&desk.log(conversation).await);
        for seq in [2, 1_000, ENTRIES] {
            let again = desk.contact_says(conversation, keyed(&format!("k{seq}"), text("again")));
            let repeated = desk.store.append(again).await.unwrap();
            assert!(repeated.repeated);
            assert_eq!((repeated.message.seq, repeated.message.text), (Seq(seq), seq.to_string()));
        }
        for (window, first) in [
            (Window::After(Seq(1_900)), 1_901),
            (Window::Before(Seq(2_100)), 1_600),
            (Window::Newest, ENTRIES - 499),
        ] {
            let page = desk.store.read(move |read| read.entries(conversation, window, 500)).await.unwrap();
            let seqs: Vec<u64> = page.iter().map(|entry| entry.seq.0).collect();
            assert_eq!(seqs, (first..first + 500).collect::<Vec<_>>(), "{window:?}");
        }
    }
    let organization = desk.organization;
    let events = desk.store.organization_events(organization, 100, 10_000).await.unwrap();
    assert_eq!(events.len() as u64, 2 * ENTRIES - 100);
}

pub(crate) fn assert_is_run(log: &[Message]) {
    let seqs: Vec<u64> = log.iter().map(|message| message.seq.0).collect();
    assert_eq!(seqs, (1..=log.len() as u64).collect::<Vec<_>>());
}
