//! `/v2/conversations`: logs with their state. What is said in them is in `http::messages`.

mod create;
mod list;
mod patch;
mod shape;
mod show;
mod transcript;
mod typing;

pub(super) use show::id_of;

use crate::app::App;
use axum::{
    Router,
    routing::{get, post},
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/conversations", get(list::list).post(create::create))
        .route("/v2/conversations/{conversation}", get(show::show).patch(patch::patch))
        .route("/v2/conversations/{conversation}/transcript", get(transcript::transcript))
        .route("/v2/conversations/{conversation}/typing", post(typing::typing))
}
