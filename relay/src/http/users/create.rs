//! POST `/v2/users`

use crate::{
    app::App,
    auth::{Admin, Claims, Issued, PasswordHash, TokenKind},
    http::{Refused, answer::Created, idempotency::Post, valid},
    model::{
        Organization, User, UserRole,
        text::{Email, Name},
    },
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::OrganizationId;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewUser {
    organization: Option<OrganizationId>,
    #[schemars(with = "Name")]
    name: String,
    #[schemars(with = "Option<Email>")]
    email: Option<String>,
    #[serde(default = "agent")]
    role: UserRole,
    avatar: Option<String>,
    /// With it the user can sign in by `email`.
    #[schemars(length(min = *PasswordHash::CHARACTERS.start(), max = *PasswordHash::CHARACTERS.end()))]
    password: Option<String>,
}

/// What was made. Tokens are signed from it for each answer, so that no store ever has one.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    user: User,
    claims: Claims,
    refresh: Claims,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UserWithTokens")]
pub(super) struct WithTokens {
    #[serde(flatten)]
    user: User,
    token: String,
    refresh_token: String,
}

pub(super) async fn create(
    State(app): State<App>,
    _: Admin,
    mut post: Post<NewUser>,
) -> Result<Created<WithTokens>, Refused> {
    let now = app.now();
    let password = match post.body.password.take() {
        Some(password) => Some(PasswordHash::of(password).await?),
        None => None,
    };
    let made = post.once(&app, move |write, agent, new| {
        valid::name("name", &new.name)?;
        new.email.as_deref().map_or(Ok(()), |email| valid::email("email", email))?;
        let organization: Organization = write.get(agent.scope(), agent.organization(new.organization)?)?;
        let user = User {
            id: write.new_id(now),
            organization: Some(organization.id),
            name: new.name,
            email: new.email,
            role: new.role,
            avatar: new.avatar,
            created_at: now,
            updated_at: now,
        };
        write.insert(&user)?;
        write.keep_password(&user, Some(password))?;
        let token = Issued::new(&user, user.role.into(), now, None);
        let refresh = Issued::new(&user, TokenKind::Refresh, now, None);
        write.issue_token(&token.record)?;
        write.issue_token(&refresh.record)?;
        Ok(Made { user, claims: token.claims, refresh: refresh.claims })
    });
    let Made { user, claims, refresh } = made.await?;
    let (token, refresh_token) = (app.tokens.sign(&claims), app.tokens.sign(&refresh));
    Ok(Created(WithTokens { user, token, refresh_token }))
}

fn agent() -> UserRole {
    UserRole::Agent
}
