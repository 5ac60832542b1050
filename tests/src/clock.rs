//! The clock of the clients, and how long they wait for something that does not come.

use shared::Millis;
use std::{
    future::Future,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A test that waits longer for one thing hangs. Far more than a loaded machine needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The time of day.
#[must_use]
pub fn now() -> Millis {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    Millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

/// Waits for `work`.
///
/// # Panics
/// After [`PATIENCE`], naming what did not come.
pub async fn patiently<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
