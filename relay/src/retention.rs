//! What is kept for so long and no longer: closed conversations of organizations that say so, and administrative acts.

use crate::{
    app::App,
    metrics::Counter,
    model::Organization,
    store::{
        Scope, StoreError,
        lists::{ORGANIZATIONS, Query},
    },
};
use shared::{Millis, OrganizationId};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked for what is old. Days are counted: an hour more is no harm.
const EVERY: Duration = Duration::from_secs(3600);
/// Conversations that are looked at together: a few milliseconds of one reader.
const LOOKED_AT: usize = 1_000;
/// What goes together: a few milliseconds of the writer.
const TOGETHER: usize = 50;
const DAY: u64 = 24 * 3_600_000;

/// Looks now and then, for ever.
pub async fn run(app: &App) {
    let mut interval = interval(EVERY);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = sweep(app, app.now()).await {
            tracing::warn!(%error, "what is too old was not erased; the next attempt is in an hour");
        }
    }
}

/// Erases what is too old at `now`.
///
/// # Errors
/// A failure of the store.
pub async fn sweep(app: &App, now: Millis) -> Result<(), StoreError> {
    let before = now.since(Millis(app.settings.limits.audit_days.saturating_mul(DAY)));
    while app.store.write(move |write| write.forget_acts(before, TOGETHER)).await? == TOGETHER {}
    let organizations = app
        .store
        .read(|read| Ok(read.list::<Organization>(&Query::all(&ORGANIZATIONS, Scope::All, u32::MAX))?.items));
    for Organization { id, retention, .. } in organizations.await? {
        if let Some(retention) = retention {
            erase_closed(app, id, now.since(Millis(u64::from(retention.days) * DAY)), now).await?;
        }
    }
    Ok(())
}

/// Erases the conversations that are closed and have not changed since `before`.
async fn erase_closed(
    app: &App,
    organization: OrganizationId,
    before: Millis,
    now: Millis,
) -> Result<(), StoreError> {
    let mut after = Some(0);
    while let Some(start) = after {
        let look = app.store.read(move |read| read.closed_since(organization, before, start, LOOKED_AT));
        let closed = look.await?;
        for several in closed.conversations.chunks(TOGETHER) {
            let several = several.to_vec();
            let erase = app.store.write(move |write| {
                several.into_iter().try_fold(0, |erased, id| {
                    Ok(erased + u64::from(write.erase_closed(organization, id, before, now)?))
                })
            });
            app.metrics.add(Counter::ConversationsExpired, erase.await?);
            app.erasure.wake();
        }
        after = closed.next;
    }
    Ok(())
}
