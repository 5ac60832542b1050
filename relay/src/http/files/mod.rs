//! `/v2/files`, where files come in, and `/files/{file}/{name}`, where they are read.

mod name;
mod range;
mod serve;
mod upload;

use crate::app::App;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

/// It has its own time limit: a file is larger than other requests.
pub(super) const UPLOADS: &str = "/v2/files";
/// Bytes of a form beside its file: boundaries, and the headers of the field.
const AROUND: u64 = 16 * 1024;

pub(super) fn routes(app: &App) -> Router<App> {
    // Twice the limit is still read, and thrown away: who sends on without listening would not hear the answer.
    let most = app.settings.limits.file_bytes.saturating_mul(2).saturating_add(AROUND);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Router::new()
        .route(UPLOADS, post(upload::upload).layer(DefaultBodyLimit::max(most)))
        .route("/files/{file}/{name}", get(serve::serve))
}
