//! For whoever runs the relay: is it alive, does it take work, what does it do.

use super::{
    Refused,
    openapi::{Operation, Routes},
};
use crate::app::App;
use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use shared::{Error, ErrorCode};

const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn routes() -> Routes {
    let metrics = Operation::new("getMetrics", "What it does, as Prometheus reads it").answering(
        StatusCode::OK,
        METRICS,
        "Metrics",
    );
    Routes::about("Operation")
        .get("/healthz", healthy, ("getHealth", "Is it alive?"))
        .get("/readyz", ready, ("getReadiness", "Does it take work?"))
        .get("/metrics", page, metrics)
}

async fn healthy() -> &'static str {
    "ok\n"
}

/// Not ready from the moment on at which the relay is told to stop: a balancer sends nobody new.
async fn ready(State(app): State<App>) -> Result<&'static str, Refused> {
    if app.draining.is_cancelled() || !app.store.is_open() {
        return Err(Error::new(ErrorCode::Unavailable, "the relay is stopping").into());
    }
    Ok("ready\n")
}

async fn page(State(app): State<App>) -> Response {
    let page = app.metrics.render(&app.store.counters(), app.store.commit_times());
    ([(CONTENT_TYPE, METRICS)], page).into_response()
}
