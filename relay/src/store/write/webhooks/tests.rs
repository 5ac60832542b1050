//! A day of failures, and what is bounded: with a clock that is moved by hand.

use super::*;

use crate::{
    bus::Bus,
    model::Organization,
    store::{Append, Author, DeliveryStatus, MOST_WAITING, Store, StoreOptions, Target, TokenHash},
};
use shared::{OrganizationId, VisitorToken, message::Draft};
use std::collections::HashSet;

const NOW: Millis = Millis(1_600_000_000_000);
const ORGANIZATION: OrganizationId = OrganizationId::from_bytes([1; 12]);
const WEBHOOK: WebhookId = WebhookId::from_bytes([2; 12]);
const ALL: u32 = 2_000;

async fn store_with_messages(count: u64) -> (Store, tempfile::TempDir) {
    let directory = tempfile::TempDir::new().unwrap();
    let options = StoreOptions { path: directory.path().join("relay.db"), exclusive: true };
    let store = Store::open(&options, Bus::default()).unwrap();
    let webhook = Webhook {
        id: WEBHOOK,
        organization: ORGANIZATION,
        name: None,
        url: "https://bot.example/".to_owned(),
        events: vec!["message.*".to_owned()],
        enabled: true,
        disabled_reason: None,
        created_at: NOW,
        updated_at: NOW,
    };
    let filled = store.write(move |write| {
        write.insert(&Organization::new(ORGANIZATION, "Cyclo", NOW))?;
        write.create_webhook(&webhook, "whsec_")?;
        let token = TokenHash::of(&VisitorToken::from_bytes([7; 32]));
        let target = Target::Visitor { organization: ORGANIZATION, token };
        let says = Append { target, author: Author::Contact, draft: Draft::from_contact("Hello"), now: NOW };
        for _ in 0..count {
            write.append(says.clone())?;
        }
        Ok(())
    });
    filled.await.unwrap();
    (store, directory)
}

/// As a worker does it; returns the positions of what is due, and whether there is more to queue.
async fn queue(store: &Store) -> (Vec<u64>, bool) {
    let queued = store.write(|write| {
        let round = write.webhook_round(WEBHOOK, &HashSet::new(), 8, None, NOW)?.unwrap();
        write.queue_deliveries(WEBHOOK, &round.news, round.cursor, NOW)?;
        let after = write.webhook_round(WEBHOOK, &HashSet::new(), 8, None, NOW)?.unwrap();
        let due = after.due.iter().map(|due| due.queued.position).collect();
        Ok((due, !after.news.is_empty()))
    });
    queued.await.unwrap()
}

async fn record(store: &Store, position: u64, outcome: Outcome, at: Millis) {
    let attempts = [Attempted { position, outcome, at }];
    store.write(move |write| write.record_attempts(WEBHOOK, &attempts)).await.unwrap();
}

#[tokio::test]
async fn after_a_day_of_failures_a_webhook_is_disabled_and_says_so() {
    let (store, _directory) = store_with_messages(2).await;
    let (due, _) = queue(&store).await;
    record(&store, due[0], Outcome::Answered(500), NOW).await;
    let just_before = NOW + Millis(TRIED_FOR.0 - 1);
    record(&store, due[0], Outcome::Failed(DeliveryError::TimedOut), just_before).await;
    let show = async || store.read(|read| read.get::<Webhook>(ORGANIZATION.into(), WEBHOOK)).await.unwrap();
    assert!(show().await.enabled);

    record(&store, due[0], Outcome::Answered(500), NOW + TRIED_FOR).await;

    let webhook = show().await;
    assert_eq!((webhook.enabled, webhook.disabled_reason), (false, Some(DisabledReason::Failing)));
    let deliveries = store.read(|read| read.deliveries(WEBHOOK, ALL, 0)).await.unwrap().0;
    let states: Vec<_> = deliveries.iter().map(|one| (one.status, one.error)).collect();
    let failed = DeliveryStatus::Failed;
    assert_eq!(states, [(failed, Some(DeliveryError::Disabled)), (failed, Some(DeliveryError::Status))]);
}

#[tokio::test]
async fn a_delivery_that_fails_for_a_day_is_given_up_where_others_arrive() {
    let (store, _directory) = store_with_messages(1).await;
    let (due, _) = queue(&store).await;
    record(&store, due[0], Outcome::Answered(500), NOW).await;
    // Any other that was delivered; the first failure since then counts.
    store.write(|write| write.note_failing(WEBHOOK, None)).await.unwrap();
    record(&store, due[0], Outcome::Answered(500), NOW + TRIED_FOR).await;
    let deliveries = store.read(|read| read.deliveries(WEBHOOK, ALL, 0)).await.unwrap().0;
    assert_eq!((deliveries[0].status, deliveries[0].attempts), (DeliveryStatus::Failed, 2));
    let webhook: Webhook = store.read(|read| read.get(ORGANIZATION.into(), WEBHOOK)).await.unwrap();
    assert!(webhook.enabled);
}

#[tokio::test]
async fn a_call_that_fails_after_its_webhook_was_disabled_is_not_made_again() {
    let (store, _directory) = store_with_messages(1).await;
    let (due, _) = queue(&store).await;
    let disabled = store.write(|write| {
        let mut webhook: Webhook = write.get(ORGANIZATION.into(), WEBHOOK)?;
        webhook.enabled = false;
        write.update(&webhook)?;
        write.stop_webhook(WEBHOOK)
    });
    disabled.await.unwrap();
    record(&store, due[0], Outcome::Answered(500), NOW).await;
    let deliveries = store.read(|read| read.deliveries(WEBHOOK, ALL, 0)).await.unwrap().0;
    assert_eq!((deliveries[0].status, deliveries[0].next_attempt_at), (DeliveryStatus::Failed, None));
}

#[tokio::test]
async fn a_place_in_the_stream_is_not_given_again_when_its_event_is_forgotten() {
    let (store, directory) = store_with_messages(1).await;
    let before = store.read(|read| read.cursor()).await.unwrap();
    let announced = store.write(|write| {
        let webhook: Webhook = write.get(ORGANIZATION.into(), WEBHOOK)?;
        write.update(&webhook)?;
        assert!(write.read.connection.execute("DELETE FROM outbox", ())? > 0);
        Ok(())
    });
    announced.await.unwrap();
    store.close().await;
    drop(store);
    let options = StoreOptions { path: directory.path().join("relay.db"), exclusive: true };
    let store = Store::open(&options, Bus::default()).unwrap();
    assert_eq!(store.read(|read| read.cursor()).await.unwrap(), before + 1);
}

#[tokio::test]
async fn where_nobody_wants_to_be_told_nothing_is_written() {
    let (store, _directory) = store_with_messages(0).await;
    let other = OrganizationId::from_bytes([9; 12]);
    let count = store.write(move |write| {
        let count = |write: &Write<'_>| -> Result<u64, StoreError> {
            Ok(write.read.connection.query_row("SELECT count(*) FROM outbox", (), |row| count(row, 0))?)
        };
        let before = count(write)?;
        write.insert(&Organization::new(other, "Other", NOW))?;
        write.update(&Organization::new(other, "Others", NOW))?;
        Ok(count(write)? - before)
    });
    assert_eq!(count.await.unwrap(), 0);
}

#[tokio::test]
async fn what_waits_is_bounded_and_the_rest_stays_in_the_log() {
    let (store, _directory) = store_with_messages(MOST_WAITING + 5).await;
    let mut due = Vec::new();
    for _ in 0..5 {
        due = queue(&store).await.0;
    }
    let waiting = store.read(|read| read.deliveries(WEBHOOK, ALL, 0)).await.unwrap();
    assert_eq!(waiting.1, MOST_WAITING);
    assert_eq!(due.len(), 1, "a conversation has one under way");

    record(&store, due[0], Outcome::Answered(200), NOW).await;

    queue(&store).await;
    let deliveries = store.read(|read| read.deliveries(WEBHOOK, ALL, 0)).await.unwrap();
    assert_eq!(deliveries.1, MOST_WAITING + 1, "one is done, and another waits in its place");
}

#[test]
fn waits_grow_from_a_second_to_an_hour() {
    let waits: Vec<_> = [1, 2, 3, 8, 9, 500].map(|attempts| wait(attempts, 0).0 / 1_000).into();
    assert_eq!(waits, [1, 3, 9, 2_187, 3_600, 3_600]);
    assert_eq!(wait(1, 255).0, 1_249);
}
