//! Tells programs what happens: one worker per webhook reads what the store has queued for it and calls its address,
//! signed. All that has to survive is in the store; a worker can end at any moment.

mod call;
mod guard;
mod payload;
mod signature;
mod worker;

pub use call::Challenged;
pub use signature::Signer;

use crate::app::App;
use call::Caller;
use shared::WebhookId;
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, Semaphore};
use tokio_util::task::TaskTracker;

/// Calls under way at the same time, of all webhooks: each holds a connection and a body.
const CALLS: usize = 256;
/// How often workers look without being told: what another process has written (the command line) is found then.
const LOOK: Duration = Duration::from_secs(60);

/// Who calls, and which workers run.
#[derive(Debug)]
pub struct Webhooks {
    caller: Caller,
    calls: Semaphore,
    workers: Mutex<HashMap<WebhookId, Arc<Notify>>>,
    /// A webhook may be without its worker.
    changed: Notify,
}

impl Webhooks {
    #[must_use]
    pub fn new(allow_private: bool) -> Self {
        Self {
            caller: Caller::new(allow_private),
            calls: Semaphore::new(CALLS),
            workers: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Tells the webhook's worker that there is something to do, and starts one that is missing.
    pub fn wake(&self, webhook: WebhookId) {
        match self.workers.lock().unwrap_or_else(PoisonError::into_inner).get(&webhook) {
            Some(worker) => worker.notify_one(),
            None => self.changed.notify_one(),
        }
    }

    /// Asks an address whether it wants to be called.
    ///
    /// # Errors
    /// Why it was not asked, or did not say so.
    pub async fn challenge(&self, url: &str) -> Result<(), Challenged> {
        self.caller.challenge(url).await
    }

    /// The place of a worker, unless the webhook has one.
    fn claim(&self, webhook: WebhookId) -> Option<Arc<Notify>> {
        match self.workers.lock().unwrap_or_else(PoisonError::into_inner).entry(webhook) {
            Entry::Occupied(_) => None,
            Entry::Vacant(place) => Some(Arc::clone(place.insert(Arc::default()))),
        }
    }

    /// Its worker has ended; somebody may have enabled it in that moment.
    fn release(&self, webhook: WebhookId) {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).remove(&webhook);
        self.changed.notify_one();
    }
}

/// Keeps a worker for every enabled webhook, until the relay stops and the calls under way are done.
pub async fn run(app: App) {
    let workers = TaskTracker::new();
    while !app.draining.is_cancelled() {
        match app.store.read(|read| read.enabled_webhooks()).await {
            Ok(enabled) => {
                for (webhook, organization) in enabled {
                    if let Some(woken) = app.webhooks.claim(webhook) {
                        let app = app.clone();
                        workers.spawn(async move {
                            worker::Worker::new(&app, webhook, organization, woken).run().await;
                            app.webhooks.release(webhook);
                        });
                    }
                }
            }
            Err(error) => tracing::error!(%error, "webhooks cannot be read; another look follows"),
        }
        tokio::select! {
            () = app.webhooks.changed.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = app.draining.cancelled() => {}
        }
    }
    workers.close();
    workers.wait().await;
}
