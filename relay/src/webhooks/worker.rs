//! What one webhook is told, one round after the other: queue what is new, call for what is due, note how it went.
//! In a lane (a conversation, else a resource) one call follows the other; lanes do not wait for each other.

use super::{LOOK, call::Call, payload};
use crate::{
    app::App,
    bus::Subscription,
    metrics::{Counter, Gauge},
    store::{Attempted, DeliveryError, Due, MOST_WAITING, Outcome, Round, StoreError},
};
use shared::{Millis, OrganizationId, WebhookId};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinSet};

/// Calls of one webhook at the same time, each in a lane of its own.
const CALLS: usize = 8;
/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);
/// Events that are looked through and not wanted until the store is told how far that is.
const LEAP: u64 = 4_096;

pub(super) struct Worker<'a> {
    app: &'a App,
    webhook: WebhookId,
    woken: Arc<Notify>,
    subscription: Subscription<OrganizationId>,
    calls: JoinSet<Attempted>,
    under_way: HashSet<u64>,
    /// Looked through up to here, and the same as the store knows it.
    cursor: Option<u64>,
    stored_cursor: u64,
    /// What the gauge counts for this webhook.
    waiting: u64,
}

/// A round, and the bodies of what is due in it.
struct Work {
    round: Round,
    bodies: Vec<(Due, Option<String>)>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        app: &'a App,
        webhook: WebhookId,
        organization: OrganizationId,
        woken: Arc<Notify>,
    ) -> Self {
        // Before the first look: what is stored after it is told.
        let subscription = app.bus.follow_organization(organization);
        Self {
            app,
            webhook,
            woken,
            subscription,
            calls: JoinSet::new(),
            under_way: HashSet::new(),
            cursor: None,
            stored_cursor: 0,
            waiting: 0,
        }
    }

    /// Until the webhook is disabled or the relay stops. Calls under way are finished in any case.
    pub(super) async fn run(mut self) {
        while !self.app.draining.is_cancelled() {
            match self.round().await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, webhook = %self.webhook, "a webhook waits for the store");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        let mut done = Vec::new();
        while let Some(call) = self.calls.join_next().await {
            done.extend(call.ok());
        }
        if let Err(error) = self.record(done).await {
            tracing::error!(%error, webhook = %self.webhook, "calls were not noted; they are made again");
        }
        self.count_waiting(0);
    }

    /// Returns whether there can be another.
    async fn round(&mut self) -> Result<bool, StoreError> {
        // Also where news never end.
        let done = self.ended();
        self.record(done).await?;
        let Some(Work { round, bodies }) = self.look().await? else { return Ok(false) };
        self.count_waiting(round.waiting);
        let is_news = !round.news.is_empty();
        self.queue(&round).await?;
        let mut erased = Vec::new();
        for (due, body) in bodies {
            match body {
                Some(body) => self.call(&round, &due, body),
                None => erased.push(due.queued.position),
            }
        }
        if !erased.is_empty() {
            let (at, outcome) = (self.app.now(), Outcome::Failed(DeliveryError::Erased));
            let done = erased.into_iter().map(|position| Attempted { position, outcome, at });
            self.record(done.collect()).await?;
            return Ok(true);
        }
        if !is_news && !round.is_more {
            self.wait(round.next_attempt).await?;
        }
        Ok(true)
    }

    async fn look(&self) -> Result<Option<Work>, StoreError> {
        let (webhook, cursor, now) = (self.webhook, self.cursor, self.app.now());
        let (under_way, room) = (self.under_way.clone(), CALLS - self.calls.len());
        let work = self.app.store.read(move |read| -> Result<Option<Work>, StoreError> {
            let Some(mut round) = read.webhook_round(webhook, &under_way, room, cursor, now)? else {
                return Ok(None);
            };
            let organization = round.webhook.organization;
            let mut bodies = Vec::with_capacity(round.due.len());
            for due in std::mem::take(&mut round.due) {
                let body = payload::body(read, organization, &due)?;
                bodies.push((due, body));
            }
            Ok(Some(Work { round, bodies }))
        });
        work.await
    }

    async fn queue(&mut self, round: &Round) -> Result<(), StoreError> {
        let cursor = round.cursor;
        if !round.news.is_empty() || cursor >= self.stored_cursor + LEAP {
            let (webhook, news, now) = (self.webhook, round.news.clone(), self.app.now());
            self.app.store.write(move |write| write.queue_deliveries(webhook, &news, cursor, now)).await?;
            self.stored_cursor = cursor;
        }
        self.cursor = Some(cursor);
        Ok(())
    }

    fn call(&mut self, round: &Round, due: &Due, body: String) {
        let (app, id, position) = (self.app.clone(), due.id, due.queued.position);
        let (url, secret) = (round.webhook.url.clone(), round.secret.clone());
        let happened_at = due.queued.created_at;
        self.under_way.insert(position);
        self.calls.spawn(async move {
            let _place = app.webhooks.calls.acquire().await;
            let at = app.now();
            let call = Call { url: &url, secret: &secret, id, body, at };
            let outcome = app.webhooks.caller.post(call).await;
            let at = app.now();
            if outcome.is_delivered() {
                app.metrics.add(Counter::WebhooksDelivered, 1);
                app.metrics.webhook_times.observe(Duration::from_millis(at.since(happened_at).0));
            } else {
                app.metrics.add(Counter::WebhooksFailed, 1);
            }
            Attempted { position, outcome, at }
        });
    }

    /// Until something happens, a call ends, or one is due.
    async fn wait(&mut self, next_attempt: Option<Millis>) -> Result<(), StoreError> {
        let until =
            next_attempt.map_or(LOOK, |at| Duration::from_millis(at.since(self.app.now()).0).min(LOOK));
        let mut done = Vec::new();
        tokio::select! {
            // Where no more can be queued, news are for later.
            () = self.subscription.changed(), if self.waiting < MOST_WAITING => {}
            () = self.woken.notified() => {}
            () = tokio::time::sleep(until), if self.calls.len() < CALLS => {}
            () = self.app.draining.cancelled() => {}
            Some(call) = self.calls.join_next() => done.extend(call.ok()),
        }
        done.append(&mut self.ended());
        self.record(done).await
    }

    /// The calls that have ended by now.
    fn ended(&mut self) -> Vec<Attempted> {
        std::iter::from_fn(|| self.calls.try_join_next()).filter_map(Result::ok).collect()
    }

    async fn record(&mut self, done: Vec<Attempted>) -> Result<(), StoreError> {
        if done.is_empty() {
            return Ok(());
        }
        for attempted in &done {
            self.under_way.remove(&attempted.position);
        }
        let webhook = self.webhook;
        self.app.store.write(move |write| write.record_attempts(webhook, &done)).await
    }

    fn count_waiting(&mut self, waiting: u64) {
        self.app.metrics.change(Gauge::WebhookDeliveries, self.waiting, waiting);
        self.waiting = waiting;
    }
}
