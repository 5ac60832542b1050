//! One signal for all sockets of an organization: it was erased, or the relay stops. Each socket waits for one thing, not two.

use shared::OrganizationId;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

/// One signal for each organization that had a socket: as many as there are organizations.
#[derive(Debug)]
pub struct Doors {
    draining: CancellationToken,
    open: Mutex<HashMap<OrganizationId, CancellationToken>>,
}

impl Doors {
    pub(crate) fn new(draining: &CancellationToken) -> Self {
        Self { draining: draining.clone(), open: Mutex::default() }
    }

    /// Cancelled when the organization's sockets must end.
    pub(super) fn of(&self, organization: OrganizationId) -> CancellationToken {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.entry(organization).or_insert_with(|| self.draining.child_token()).clone()
    }

    /// Ends the sockets of an organization that was erased. Whoever comes later does not find it.
    pub(crate) fn close(&self, organization: OrganizationId) {
        let closed = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&organization);
        if let Some(door) = closed {
            door.cancel();
        }
    }
}
