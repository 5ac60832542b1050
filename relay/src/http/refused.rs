//! A request that is not answered as asked. The body is written by `envelope`, which knows the request's id.

use crate::{files::FilesError, store::StoreError};
use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use shared::{Error, ErrorCode};

/// What the client is told. Anything internal has been logged and left out before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub error: Error,
    /// Seconds after which the client may try again, where that can help.
    retry_after: u64,
}

/// Seconds after which a client may try again what the relay could not do now.
const RETRY_SECONDS: u64 = 1;

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, retry_after: RETRY_SECONDS }
    }
}

/// Over a rate: there is room again after so many milliseconds.
impl From<(Error, u64)> for Refused {
    fn from((error, wait): (Error, u64)) -> Self {
        Self { error, retry_after: wait.div_ceil(1_000) }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        if let StoreError::Failed(failure) = &error {
            tracing::error!(%failure, "the store failed");
        }
        error.public().into()
    }
}

impl From<FilesError> for Refused {
    fn from(error: FilesError) -> Self {
        if !matches!(error, FilesError::Refused(_)) {
            tracing::error!(%error, "the file store failed");
        }
        error.public().into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.error.code.http_status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let mut response = status.into_response();
        if matches!(self.error.code, ErrorCode::RateLimited | ErrorCode::Unavailable) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(self.retry_after));
        }
        response.extensions_mut().insert(self);
        response
    }
}
