//! What was erased is out of sight already; here its rows and files go, a few at a time between other work. What a stop leaves, the
//! next start goes on with.

use crate::{
    app::App,
    files::OrphanError,
    metrics::Counter,
    store::{StoreError, Swept},
};
use std::time::Duration;
use tokio::sync::Notify;

/// Rows that go together. Of 100,000 messages, swept in 7 s, whoever stored one meanwhile waited 7 ms (p50), 190 ms (p99).
const TOGETHER: usize = 100;
/// How long after a failure it is tried again, and how often it is looked for what nobody has told of.
const EVERY: Duration = Duration::from_secs(60);

/// Tells that there is something to sweep.
#[derive(Debug, Default)]
pub struct Erasure {
    woken: Notify,
}

#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] OrphanError),
}

impl Erasure {
    pub fn wake(&self) {
        self.woken.notify_one();
    }
}

/// Sweeps whenever there is something, for ever.
pub async fn run(app: &App) {
    loop {
        if let Err(error) = sweep(app).await {
            tracing::warn!(%error, "what was erased is not removed; the next attempt is in a minute");
        }
        tokio::select! {
            () = app.erasure.woken.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Removes all that is left of what was erased.
///
/// # Errors
/// A failure of the store or of the file store.
pub async fn sweep(app: &App) -> Result<(), ErasureError> {
    loop {
        let steps = sweep_rows(app).await?;
        // An organization's row waits for the content of its files.
        let files = app.files.remove_unused(&app.store, app.now()).await?;
        app.metrics.add(Counter::FilesRemoved, files as u64);
        if steps == 0 && files == 0 {
            return Ok(());
        }
    }
}

async fn sweep_rows(app: &App) -> Result<usize, StoreError> {
    let mut steps = 0;
    while app.store.write(|write| write.sweep_erased(TOGETHER)).await? == Swept::Some {
        steps += 1;
        app.metrics.add(Counter::ErasureSteps, 1);
    }
    Ok(steps)
}
