//! PATCH `/v2/users/{user}`

use crate::{
    app::App,
    auth::{Admin, PasswordHash},
    http::{
        Refused,
        json::Json as Body,
        patch::{given, replace},
        path::Path,
        records, valid,
    },
    model::{
        User, UserRole,
        text::{Email, Name},
    },
};
use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "UserMembers")]
pub(super) struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Name")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Email>")]
    email: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "UserRole")]
    role: Option<UserRole>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    avatar: Option<Option<String>>,
    /// `null` takes it away: the user cannot sign in any more.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(min = *PasswordHash::CHARACTERS.start(), max = *PasswordHash::CHARACTERS.end()))]
    password: Option<Option<String>>,
}

pub(super) async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<User>, Refused> {
    let (id, agent, now) = (records::id_of::<User>(&id)?, admin.agent(), app.now());
    let password = match members.password {
        Some(Some(password)) => Some(Some(PasswordHash::of(password).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let changed = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let mut user: User = write.get(agent.scope(), id)?;
        replace(&mut user.name, members.name);
        replace(&mut user.email, members.email);
        replace(&mut user.role, members.role);
        replace(&mut user.avatar, members.avatar);
        user.updated_at = now;
        valid::name("name", &user.name)?;
        user.email.as_deref().map_or(Ok(()), |email| valid::email("email", email))?;
        write.update(&user)?;
        if password.is_some() {
            write.audit(user.organization, "user.password", user.id)?;
            write.sign_out(user.id, now)?;
        }
        write.keep_password(&user, password)?;
        Ok(user)
    });
    let user = changed.await?;
    app.tokens.forget();
    Ok(Json(user))
}
