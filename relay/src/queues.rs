//! Who waits hears that they wait for fewer. Only the first few of a queue are told, now and then, whatever its length:
//! what it costs does not grow with those who wait.

use crate::{app::App, store::StoreError};
use shared::OrganizationId;
use std::time::Duration;
use tokio::time::sleep;

/// Between two looks. Nobody reads numbers that change faster.
const PAUSE: Duration = Duration::from_secs(1);

/// For ever.
pub async fn run(app: &App) {
    loop {
        for organization in app.bus.moved_queues().await {
            if let Err(error) = tell(app, organization).await {
                tracing::error!(%error, "a queue was not read; the next move tells it");
            }
        }
        sleep(PAUSE).await;
    }
}

async fn tell(app: &App, organization: OrganizationId) -> Result<(), StoreError> {
    for conversation in app.store.read(move |read| read.queue(organization)).await? {
        if let Some(topic) = app.bus.conversation(conversation) {
            topic.change();
            topic.notify();
        }
    }
    Ok(())
}
