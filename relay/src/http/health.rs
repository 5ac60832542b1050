//! For whoever runs the relay: is it alive, does it take work, what does it do.

use super::Refused;
use crate::app::App;
use axum::{Router, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use shared::{Error, ErrorCode};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// Not ready from the moment on at which the relay is told to stop: a balancer sends nobody new.
async fn ready(State(app): State<App>) -> Result<&'static str, Refused> {
    if app.draining.is_cancelled() || !app.store.is_open() {
        return Err(Error::new(ErrorCode::Unavailable, "the relay is stopping").into());
    }
    Ok("ready\n")
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let page = app.metrics.render(&app.store.counters(), app.store.commit_times());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page)
}
