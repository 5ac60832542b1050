//! Organizations whose queue has moved on, until somebody takes them: a hundred moves are one.

use shared::OrganizationId;
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

#[derive(Debug, Default)]
pub(super) struct Queues {
    moved: Mutex<HashSet<OrganizationId>>,
    told: Notify,
}

impl Queues {
    pub(super) fn move_on(&self, organization: OrganizationId) {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner).insert(organization);
        self.told.notify_one();
    }

    /// Waits for some. For one listener.
    pub(super) async fn moved(&self) -> HashSet<OrganizationId> {
        loop {
            let moved = std::mem::take(&mut *self.moved.lock().unwrap_or_else(PoisonError::into_inner));
            if !moved.is_empty() {
                return moved;
            }
            self.told.notified().await;
        }
    }
}
