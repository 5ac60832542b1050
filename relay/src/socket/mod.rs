//! The two WebSocket endpoints. Thin drivers: they carry bytes, time and commands between a socket and a
//! peer of `shared::peer`, which makes every decision of the protocol.

mod admission;
mod attachment;
mod doors;
mod end;
mod introduction;
mod lane;
mod listening;
mod rate;
mod stream;
mod visitor;

pub use doors::Doors;
pub use rate::Rates;

use crate::{
    app::App,
    metrics::{Counted, Gauge},
};
use axum::{Router, routing::any};
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
