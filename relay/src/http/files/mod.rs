//! `/v2/files`, where files come in, `/v2/widget/files` for those of visitors, and `/files/{file}/{name}`, where they are read.

mod name;
mod range;
mod serve;
mod upload;
mod visitor;

pub(crate) use name::{address, named_by};
pub(super) use visitor::Visitor;

use super::openapi::{Operation, Routes};
use crate::app::App;
use axum::http::StatusCode;
use schemars::SchemaGenerator;

const UPLOADS: &str = "/v2/files";
const VISITORS_UPLOADS: &str = "/v2/widget/files";
/// Bytes of a form beside its file: boundaries, and the headers of the field.
const AROUND: u64 = 16 * 1024;

/// It has its own time limit: a file is larger than other requests.
pub(super) fn is_upload(route: &str) -> bool {
    [UPLOADS, VISITORS_UPLOADS].contains(&route)
}

pub(super) fn routes(app: &App) -> Routes {
    // Twice the limit is still read, and thrown away: who sends on without listening would not hear the answer.
    let most = app.settings.limits.file_bytes.saturating_mul(2).saturating_add(AROUND);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let file = Operation::new("getFile", "A file, for whoever has its address")
        .query(
            serve::DOWNLOAD,
            SchemaGenerator::subschema_for::<String>,
            "Present and empty: to be saved, not shown.",
        )
        .answering(StatusCode::OK, "*/*", "The file")
        .answering(StatusCode::PARTIAL_CONTENT, "*/*", "The parts that `Range` asks for")
        .answering_nothing(StatusCode::NOT_MODIFIED, "The one that is known")
        .answering_nothing(StatusCode::RANGE_NOT_SATISFIABLE, "It is shorter than that");
    Routes::about("Files")
        .post(UPLOADS, upload::upload, upload::operation())
        .post(VISITORS_UPLOADS, visitor::upload, visitor::operation())
        .body_limit(most)
        .get("/files/{file}/{name}", serve::serve, file)
}
