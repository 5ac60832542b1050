//! `/v2/users`: who works for an organization. Creating one hands out its tokens, once.

mod create;
mod delete;
mod patch;
mod tokens;

use super::records;
use crate::{
    http::openapi::Routes,
    model::User,
    store::{Read, Scope, StoreError},
};
use shared::{Error, OrganizationId, UserId};

pub(super) fn routes() -> Routes {
    Routes::about("Users")
        .get("/v2/users", records::list::<User>, ("listUsers", "Users"))
        .post("/v2/users", create::create, ("createUser", "Make a user, with a token"))
        .get("/v2/users/{user}", records::get::<User>, ("getUser", "One user"))
        .patch("/v2/users/{user}", patch::patch, ("updateUser", "Change a user"))
        .delete("/v2/users/{user}", delete::delete, ("deleteUser", "Delete a user; their tokens end"))
        .post("/v2/users/{user}/tokens", tokens::create, ("createToken", "Make another token for a user"))
        .delete("/v2/users/{user}/tokens/{jti}", tokens::revoke, ("revokeToken", "Revoke a token"))
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
