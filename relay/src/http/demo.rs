//! `/`: the demo shop, with the widget of the first organization on it.

use super::{Refused, assets, origin};
use crate::{
    app::App,
    model::Organization,
    store::{
        Read, Scope, StoreError,
        lists::{ORGANIZATIONS, Query},
    },
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

/// As strict as a careful site's: what runs here runs there.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ws: wss:; \
     img-src 'self' data: https:; frame-src 'self'; object-src 'none'; base-uri 'none'",
);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(page))
}

async fn page(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    let Some(page) = assets::text("index.html") else {
        return Ok(assets::not_built());
    };
    let organization = app.store.read(first).await?;
    let id = organization.map(|organization| organization.id.to_string()).unwrap_or_default();
    let page = page.replace("{{organization}}", &id).replace("{{origin}}", &origin::own(&app, &headers));
    let policy: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((policy, Html(page)).into_response())
}

/// The oldest one: `Demo`, as the first start made it.
pub(crate) fn first(read: &Read<'_>) -> Result<Option<Organization>, StoreError> {
    let mut oldest = Query::all(&ORGANIZATIONS, Scope::All, 1);
    oldest.sort.is_descending = false;
    Ok(read.list(&oldest)?.items.pop())
}
