//! Answers that are not errors.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header::LINK},
    response::{IntoResponse, Response},
};
use serde::Serialize;

pub(super) const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// 201 with what was made.
#[derive(Debug)]
pub(super) struct Created<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

/// An array, how many there are in all, and the address of what comes next (RFC 8288).
#[derive(Debug)]
pub(super) struct Listed<T> {
    pub(super) items: Vec<T>,
    pub(super) total: u64,
    pub(super) next: Option<String>,
}

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let mut response = ([(TOTAL_COUNT, HeaderValue::from(self.total))], Json(self.items)).into_response();
        let next = self.next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok());
        if let Some(next) = next {
            response.headers_mut().insert(LINK, next);
        }
        response
    }
}
