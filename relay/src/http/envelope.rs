//! Around every request: its id, its span in the log, its place in the metrics, and the body of its error.
//! The log has routes and ids, never texts, tokens or query strings.

use super::{Refused, files};
use crate::{app::App, auth::Asking};
use axum::{
    body::Body,
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{
        HeaderName, HeaderValue, Method,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use shared::{Error, ErrorCode};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use tracing::Instrument;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(super) struct ErrorBody<'a> {
    error: ErrorMembers<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ErrorMembers")]
struct ErrorMembers<'a> {
    code: ErrorCode,
    message: &'a str,
    field: Option<&'a str>,
    request_id: &'a str,
}

pub(super) async fn envelope(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let client = name_client(&mut request, &app, &id);
    let span = tracing::info_span!("request", id, %method, route, client);

    let limits = &app.settings.limits;
    let seconds = if files::is_upload(route) { limits.upload_seconds } else { limits.request_seconds };
    let most = Duration::from_secs(seconds);
    let mut response = match timeout(most, next.run(request)).instrument(span.clone()).await {
        Ok(response) => response,
        Err(_) => {
            Refused::from(Error::new(ErrorCode::Unavailable, "the request took too long")).into_response()
        }
    };

    if let Some(Refused { error, .. }) = response.extensions_mut().remove::<Refused>() {
        app.metrics.error(error.code);
        let body = error_body(&error, &id);
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = if method == Method::HEAD { Body::empty() } else { Body::from(body) };
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let (status, took) = (response.status().as_u16(), started.elapsed());
    app.metrics.requests.observe(route, method.as_str(), status, took);
    span.in_scope(|| tracing::debug!(status, took_us = took.as_micros(), "answered"));
    response
}

/// Puts whoever asks, behind any proxy, in the place of the peer. Returns the address as it is logged.
fn name_client(request: &mut Request, app: &App, id: &str) -> Option<String> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    let client = peer.map(|peer| match &app.settings.general.trusted_proxies {
        Some(proxies) => SocketAddr::new(proxies.client(peer.ip(), request.headers()), peer.port()),
        None => SocketAddr::new(peer.ip().to_canonical(), peer.port()),
    });
    if let Some(client) = client {
        request.extensions_mut().insert(ConnectInfo(client));
    }
    let address = client.map(|client| client.ip());
    request.extensions_mut().insert(Asking { request_id: id.to_owned(), address });
    address.map(|address| address.to_string())
}

fn error_body(error: &Error, request_id: &str) -> String {
    let (message, field) = (error.message.as_str(), error.field.as_deref());
    let error = ErrorMembers { code: error.code, message, field, request_id };
    serde_json::to_string(&ErrorBody { error }).expect("texts are JSON")
}

/// The one that a proxy in front gave, or a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_plain = |id: &&str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    given.filter(is_plain).map_or_else(new_id, str::to_owned)
}

fn new_id() -> String {
    let id = getrandom::u64().expect("the operating system has randomness once it has started");
    format!("{id:016x}")
}
