//! `/v2/users`: who works for an organization. Creating one hands out its tokens, once.

mod create;
mod delete;
mod patch;
mod tokens;

use super::records;
use crate::{
    app::App,
    model::User,
    store::{Read, Scope, StoreError},
};
use axum::{
    Router,
    routing::{self, get, post},
};
use shared::{Error, OrganizationId, UserId};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/users", get(records::list::<User>).post(create::create))
        .route("/v2/users/{user}", get(records::get::<User>).patch(patch::patch).delete(delete::delete))
        .route("/v2/users/{user}/tokens", post(tokens::create))
        .route("/v2/users/{user}/tokens/{jti}", routing::delete(tokens::revoke))
}

/// Refuses a member that names nobody who works for the organization: its own users do, and those of all.
pub(super) fn check(
    read: &Read<'_>,
    organization: OrganizationId,
    user: UserId,
    field: &str,
) -> Result<(), StoreError> {
    let found: Option<User> = read.find(Scope::All, user)?;
    if found.is_some_and(|user| user.organization.is_none_or(|of| of == organization)) {
        return Ok(());
    }
    Err(Error::not_found("user", user).with_field(field).into())
}
