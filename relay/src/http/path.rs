//! The parts of an address. What cannot be one of them (bytes that are no UTF-8) names nothing.

use super::Refused;
use crate::app::App;
use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use shared::{Error, ErrorCode};

#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let path = axum::extract::Path::from_request_parts(parts, app).await;
        let axum::extract::Path(path) =
            path.map_err(|_| Error::new(ErrorCode::NotFound, "there is nothing at this address"))?;
        Ok(Self(path))
    }
}
