//! What every request and socket shares. A clone is a handle.

use crate::{
    auth::Tokens,
    bus::Bus,
    config::Settings,
    erasure::Erasure,
    files::Files,
    metrics::Metrics,
    presence::Presence,
    socket::{Doors, Rates},
    store::Store,
    webhooks::Webhooks,
};
use shared::Millis;
use std::{
    ops::Deref,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

#[derive(Debug)]
pub struct Parts {
    pub settings: Settings,
    pub store: Store,
    pub bus: Bus,
    pub tokens: Tokens,
    pub files: Files,
    pub metrics: Metrics,
    pub rates: Rates,
    pub webhooks: Webhooks,
    pub presence: Presence,
    pub erasure: Erasure,
    pub doors: Doors,
    /// Cancelled when the relay stops: sockets say so to their clients and end.
    pub draining: CancellationToken,
    /// Every socket's loop runs in here, so that the stop can wait for it.
    pub sockets: TaskTracker,
}

impl App {
    #[must_use]
    pub fn new(settings: Settings, store: Store, bus: Bus, tokens: Tokens, files: Files) -> Self {
        let limits = &settings.limits;
        let rates = Rates::new(limits.visitor_messages, limits.new_conversations, limits.visitor_files);
        let draining = CancellationToken::new();
        Self(Arc::new(Parts {
            rates,
            presence: Presence::new(bus.clone()),
            erasure: Erasure::default(),
            doors: Doors::new(&draining),
            webhooks: Webhooks::new(settings.general.allow_private_webhooks),
            settings,
            store,
            bus,
            tokens,
            files,
            metrics: Metrics::default(),
            draining,
            sockets: TaskTracker::new(),
        }))
    }

    /// The clock of everything that is stored or checked against a stored time.
    #[must_use]
    pub fn now(&self) -> Millis {
        now()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The time of the system.
///
/// # Panics
/// Before 1970.
#[must_use]
pub fn now() -> Millis {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is set");
    Millis(u64::try_from(elapsed.as_millis()).expect("in range for 500 million years"))
}
