//! Answers that are not errors.

use crate::store::Listed;
use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Serialize;

const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// 201 with what was made.
#[derive(Debug)]
pub(super) struct Created<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

/// An array, and how many there are in all.
impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        ([(TOTAL_COUNT, HeaderValue::from(self.total))], Json(self.items)).into_response()
    }
}
