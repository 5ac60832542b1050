//! `/docs`: the reference, a page that is made from `/openapi.json` and tries calls. It fetches nothing from elsewhere.

use super::assets;
use crate::app::App;
use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

/// A token is pasted here: nothing else runs, nothing is sent elsewhere, and nobody shows the page in a frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/docs", get(page))
}

async fn page() -> Response {
    let Some(page) = assets::text("docs.html") else { return assets::not_built() };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, Html(page)).into_response()
}
