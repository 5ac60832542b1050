//! How a socket ends: with a word from the relay, or because its peer is gone.

use super::lane::Lost;
use crate::store::StoreError;
use shared::{Error, ErrorCode};

/// What a socket is told before it is closed.
pub(super) struct Refusal {
    pub(super) error: Error,
    /// Milliseconds after which the client may come back.
    pub(super) retry_after: Option<u64>,
}

/// Why the loop of a socket ends.
pub(super) enum End {
    Closed(Refusal),
    Lost(Lost),
}

/// After a passing trouble of the relay.
const RETRY: u64 = 1_000;
/// Span over which the clients of a stopping relay spread their return.
const RETRY_SPREAD: u64 = 4_000;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let retry_after = error.code.can_retry().then_some(RETRY);
        Self { error, retry_after }
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Closed(refusal)
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Closed(error.into())
    }
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        told(&error).into()
    }
}

impl From<Lost> for End {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

/// What a socket is told when the relay stops.
pub(super) fn stopping() -> Refusal {
    let error = Error::new(ErrorCode::Unavailable, "the relay is restarting");
    Refusal { error, retry_after: Some(retry_hint()) }
}

/// What a socket is told of an error of the store; the rest goes to the log.
pub(super) fn told(error: &StoreError) -> Error {
    if let StoreError::Failed(failure) = error {
        tracing::error!(%failure, "a socket could not be served");
    }
    error.public()
}

/// Milliseconds after which a client may come back; another number for each.
pub(super) fn retry_hint() -> u64 {
    let mut random = [0; 8];
    // Without randomness all come back after the same second: worse, and no reason to fail.
    let _ = getrandom::fill(&mut random);
    RETRY + u64::from_ne_bytes(random) % RETRY_SPREAD
}
