//! The two WebSocket endpoints. Thin drivers: they carry bytes, time and commands between a socket and a
//! peer of `shared::peer`, which makes every decision of the protocol.

mod admission;
mod introduction;
mod lane;
mod rate;
mod stream;
mod visitor;

pub use rate::Rates;

use crate::{
    app::App,
    metrics::{Counted, Gauge},
    store::StoreError,
};
use axum::{Router, routing::any};
use shared::{Error, ErrorCode};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// `/v2/widget` for visitors, `/v2/events` for agents and programs.
pub fn routes() -> Router<App> {
    Router::new().route("/v2/widget", any(visitor::upgrade)).route("/v2/events", any(stream::upgrade))
}

/// An open socket's place in the relay: it is counted, and a stop waits for it. Dropping it is the only way to leave.
#[derive(Debug)]
struct Place {
    _counted: Counted,
    _tracked: TaskTrackerToken,
}

impl Place {
    fn new(app: &App, gauge: Gauge) -> Self {
        Self { _counted: Counted::new(app.clone(), gauge), _tracked: app.sockets.token() }
    }
}

/// What a socket is told when the relay stops.
fn restarting() -> Error {
    Error::new(ErrorCode::Unavailable, "the relay is restarting")
}

/// What a socket is told of an error of the store; the rest goes to the log.
fn told(error: &StoreError) -> Error {
    if let StoreError::Failed(failure) = error {
        tracing::error!(%failure, "a socket could not be served");
    }
    error.public()
}

/// Span over which the clients of a stopping relay spread their return.
const RETRY_SPREAD: u64 = 4_000;

/// Milliseconds after which a client may come back; another number for each.
fn retry_hint() -> u64 {
    let mut random = [0; 8];
    // Without randomness all come back after the same second: worse, and no reason to fail.
    let _ = getrandom::fill(&mut random);
    1_000 + u64::from_ne_bytes(random) % RETRY_SPREAD
}
