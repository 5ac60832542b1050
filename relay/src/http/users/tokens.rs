//! POST `/v2/users/{user}/tokens`, DELETE `/v2/users/{user}/tokens/{jti}`

use crate::{
    app::App,
    auth::{Admin, Claims, Issued},
    http::{Refused, answer::Created, idempotency::Post, path::Path, records},
    model::{TokenId, User},
};
use axum::{extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Error, Millis};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewToken {
    /// Absent or null for a token that does not expire.
    expires_at: Option<Millis>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IssuedToken")]
pub(super) struct Token {
    token_type: &'static str,
    token: String,
    /// What the token is revoked by.
    jti: TokenId,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Millis>,
}

pub(super) async fn create(
    State(app): State<App>,
    _: Admin,
    Path(user): Path<String>,
    post: Post<NewToken>,
) -> Result<Created<Token>, Refused> {
    let user = records::id_of::<User>(&user)?;
    let now = app.now();
    let issued = post.once(&app, move |write, agent, new| {
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(Error::invalid("expiresAt", "lies in the past").into());
        }
        let user: User = write.get(agent.scope(), user)?;
        let issued = Issued::new(&user, user.role.into(), now, new.expires_at);
        write.issue_token(&issued.record)?;
        Ok(issued.claims)
    });
    Ok(Created(Token::of(&issued.await?, &app)))
}

pub(super) async fn revoke(
    State(app): State<App>,
    admin: Admin,
    Path((user, jti)): Path<(String, String)>,
) -> Result<StatusCode, Refused> {
    let unknown = Error::not_found("token", &jti);
    let (user, jti) = (records::id_of::<User>(&user)?, jti.parse().map_err(|_| unknown.clone())?);
    let (agent, now) = (admin.agent(), app.now());
    let revoked = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let user: User = write.get(agent.scope(), user)?;
        write.revoke_token(user.id, jti, now)
    });
    if !revoked.await? {
        return Err(unknown.into());
    }
    app.tokens.forget();
    Ok(StatusCode::NO_CONTENT)
}

impl Token {
    fn of(claims: &Claims, app: &App) -> Self {
        Self {
            token_type: "Bearer",
            token: app.tokens.sign(claims),
            jti: claims.jti,
            expires_at: claims.exp.map(Millis::from_secs),
        }
    }
}
