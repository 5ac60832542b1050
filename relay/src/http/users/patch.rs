//! PATCH `/v2/users/{user}`

use crate::{
    app::App,
    auth::Admin,
    http::{
        Refused,
        json::Json as Body,
        patch::{given, replace},
        records, valid,
    },
    model::{User, UserRole},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Members {
    #[serde(deserialize_with = "given")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    email: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    role: Option<UserRole>,
    #[serde(deserialize_with = "given")]
    avatar: Option<Option<String>>,
}

pub(super) async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<User>, Refused> {
    let now = app.now();
    let changed = records::change(&app, admin.agent().scope(), &id, move |_, user: &mut User| {
        replace(&mut user.name, members.name);
        replace(&mut user.email, members.email);
        replace(&mut user.role, members.role);
        replace(&mut user.avatar, members.avatar);
        user.updated_at = now;
        valid::name("name", &user.name)?;
        Ok(user.email.as_deref().map_or(Ok(()), |email| valid::email("email", email))?)
    });
    let user = changed.await?;
    app.tokens.forget();
    Ok(user)
}
