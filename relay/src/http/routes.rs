//! The table of addresses, and what lies around all of them.

use super::{
    Refused, answer, assets, audit, channels, contacts, conversations, demo, docs, envelope, files, forms,
    framed, health, links, messages, organizations, sign_in, users, webhooks,
};
use crate::{app::App, socket};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    response::{IntoResponse, Response},
};
use shared::{Error, ErrorCode};
use std::{any::Any, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{Any as Anything, CorsLayer},
    set_header::SetResponseHeaderLayer,
};

/// A browser asks again whether it may ask only after this long.
const PREFLIGHT_KEPT: Duration = Duration::from_secs(3600);

pub fn router(app: App) -> Router {
    let most = app.settings.limits.request_bytes;
    let api = organizations::routes()
        .merge(users::routes())
        .merge(sign_in::routes())
        .merge(channels::routes())
        .merge(forms::routes())
        .merge(contacts::routes())
        .merge(conversations::routes())
        .merge(messages::routes())
        .merge(webhooks::routes())
        .merge(audit::routes())
        .merge(files::routes(&app))
        .merge(health::routes());
    Router::new()
        .merge(api.into_router())
        .merge(socket::routes())
        .merge(demo::routes())
        .merge(docs::routes())
        .merge(framed::routes())
        .merge(links::routes())
        .merge(assets::routes())
        .fallback(assets::fallback)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(most))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(cross_origin())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(middleware::from_fn_with_state(app.clone(), envelope::envelope))
        .with_state(app)
}

/// Any page may ask: there are no cookies, so a page gets only what it has a token for.
fn cross_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Anything)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            envelope::REQUEST_ID,
        ])
        .expose_headers([answer::TOTAL_COUNT, header::LINK, header::RETRY_AFTER, envelope::REQUEST_ID])
        .max_age(PREFLIGHT_KEPT)
}

async fn method_not_allowed(method: Method) -> Refused {
    Error::new(ErrorCode::MethodNotAllowed, format!("{method} is not done here; see the Allow header")).into()
}

/// The panic itself is in the log of the process.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refused::from(Error::new(ErrorCode::Unavailable, "the relay could not do this")).into_response()
}
