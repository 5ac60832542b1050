//! The two pages that are made to stand in a frame of somebody else's page: `/embed/{organization}`, the widget alone,
//! and `/frame/{organization}`, where the widget runs for a page that cannot run it itself.

mod embed;
mod frame;
mod policy;

use super::{Refused, records};
use crate::{
    app::App,
    model::Organization,
    store::{Scope, StoreError},
};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use shared::ErrorCode;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/embed/{organization}", get(embed::page))
        .route("/embed.css", get(embed::styles))
        .route("/frame/{organization}", get(frame::page))
}

/// The organization of an address; none where the address names none.
async fn organization(app: &App, id: &str) -> Result<Option<Organization>, Refused> {
    let Ok(id) = records::id_of::<Organization>(id) else { return Ok(None) };
    match app.store.read(move |read| read.get(Scope::All, id)).await {
        Ok(organization) => Ok(Some(organization)),
        Err(StoreError::Refused(error)) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn answer(app: &App, headers: &HeaderMap, organization: &Organization, page: String) -> Response {
    let policy = policy::of(organization, app, headers);
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
        // Whom the policy lets in can change at any time.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, Html(page)).into_response()
}

/// For the person who has mistyped an address, not for a program.
fn nobody() -> Response {
    let page = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>No such chat</title>\n\
                <p>There is no organization at this address. Check the id that follows the last slash.</p>\n";
    let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"))];
    (StatusCode::NOT_FOUND, policy, Html(page)).into_response()
}
