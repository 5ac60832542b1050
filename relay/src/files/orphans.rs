//! Files that nothing names are removed after a while: uploads that were broken off, pictures that were never sent,
//! and those whose last message is gone.

use super::{Files, FilesError};
use crate::{
    app::App,
    metrics::Counter,
    store::{Store, StoreError},
};
use shared::Millis;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How long a file may be there without a message that names it: somebody may write that message tomorrow morning.
pub const UNUSED: Millis = Millis(24 * 3_600_000);
/// How often it is looked for such files. An hour more on the disk hurts nobody.
const EVERY: Duration = Duration::from_secs(3600);
/// Files that are removed together: few enough to hold nobody's message up.
const TOGETHER: usize = 100;

#[derive(Debug, thiserror::Error)]
pub enum OrphanError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl Files {
    /// Removes unused files now and then, for ever.
    pub async fn sweep(&self, app: &App) {
        let mut interval = interval(EVERY);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            match self.remove_unused(&app.store, app.now()).await {
                Ok(0) => {}
                Ok(count) => {
                    app.metrics.add(Counter::FilesRemoved, count as u64);
                    tracing::info!(count, "unused files removed");
                }
                Err(error) => {
                    tracing::warn!(%error, "unused files are not removed; the next attempt is in an hour")
                }
            }
        }
    }

    /// Removes what was unused for [`UNUSED`] at `now`; returns how many files that were. First nobody can read a file any
    /// more, then its content goes, then what is known of it: broken off anywhere, the next time goes on.
    ///
    /// # Errors
    /// A failure of the store or of the file store.
    pub async fn remove_unused(&self, store: &Store, now: Millis) -> Result<usize, OrphanError> {
        let before = now.since(UNUSED);
        let mut removed = 0;
        loop {
            let leaving = store.write(move |write| write.dismiss_files(before, TOGETHER)).await?;
            let mut gone = Vec::with_capacity(leaving.len());
            for (organization, file) in leaving {
                self.remove(organization, file).await?;
                gone.push(file);
            }
            let count = gone.len();
            store.write(move |write| write.forget_files(&gone)).await?;
            removed += count;
            if count < TOGETHER {
                return Ok(removed);
            }
        }
    }
}
