//! POST `/v2/auth/token`: a token for whoever has a password, or a refresh token.

use super::{
    Refused,
    answer::Created,
    json::Json as Body,
    openapi::{Operation, Routes},
};
use crate::{
    app::App,
    auth::{Issued, PasswordHash, TokenKind, refresh_refused},
    model::User,
    store::{Scope, StoreError},
};
use axum::extract::{ConnectInfo, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Error, ErrorCode, Millis};
use std::net::SocketAddr;

/// How long a token is good that was got here. Whoever loses one does not lose much; the next one costs a request.
const TOKEN_LIFE: Millis = Millis(3_600_000);
/// How long a person stays signed in.
const SIGNED_IN: Millis = Millis(30 * 24 * 3_600_000);

pub(super) fn routes() -> Routes {
    let operation = Operation::new("signIn", "A token for a password, or for a refresh token")
        .refusing([ErrorCode::Unauthorized, ErrorCode::RateLimited]);
    Routes::about("Signing in").post("/v2/auth/token", token, operation)
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Credentials {
    email: Option<String>,
    password: Option<String>,
    /// The address of mail of the refresh token's user, by web1on1's SDK; if it is given it must be that.
    client_id: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SignedIn")]
struct Tokens {
    token_type: &'static str,
    token: String,
    refresh_token: String,
    expires_at: Millis,
}

async fn token(
    State(app): State<App>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    Body(credentials): Body<Credentials>,
) -> Result<Created<Tokens>, Refused> {
    let now = app.now();
    let Credentials { email, password, client_id, refresh_token } = credentials;
    let (user, kept) = match (email, password, refresh_token) {
        (_, None, Some(refresh)) => {
            (refreshed(&app, &refresh, client_id.as_deref(), now).await?, Some(refresh))
        }
        (Some(email), Some(password), None) => {
            let from = peer.map(|axum::Extension(ConnectInfo(peer))| peer.ip());
            app.rates.check_sign_in(from, &email)?;
            (signed_in(&app, email, password).await?, None)
        }
        (None, Some(_), _) => return Err(Error::invalid("email", "whose password is it?").into()),
        (Some(_), None, None) => return Err(Error::invalid("password", "a password is missing").into()),
        _ => return Err(Error::invalid("refreshToken", "give email and password, or a refreshToken").into()),
    };
    Ok(Created(issue(&app, user, kept, now).await?))
}

async fn signed_in(app: &App, email: String, password: String) -> Result<User, Refused> {
    let known = app.store.read(move |read| read.password(&email)).await?;
    let (user, hash) = known.unzip();
    let wrong = || Error::new(ErrorCode::Unauthorized, "the email or the password is wrong");
    if !PasswordHash::is_of(hash, password).await {
        return Err(wrong().into());
    }
    let user = user.ok_or_else(wrong)?;
    Ok(app.store.read(move |read| read.get(Scope::All, user)).await?)
}

async fn refreshed(app: &App, refresh: &str, client: Option<&str>, now: Millis) -> Result<User, Refused> {
    let user = app.tokens.refreshed(&app.store, refresh, now).await?;
    match client {
        Some(client) if !user.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(client)) => {
            Err(refresh_refused().into())
        }
        _ => Ok(user),
    }
}

/// A new token, with the refresh token that got it or a new one.
async fn issue(app: &App, user: User, refresh: Option<String>, now: Millis) -> Result<Tokens, StoreError> {
    let expires_at = now + TOKEN_LIFE;
    let token = Issued::new(&user, user.role.into(), now, Some(expires_at));
    let (refresh_token, fresh) = match refresh {
        Some(kept) => (kept, None),
        None => {
            let fresh = Issued::new(&user, TokenKind::Refresh, now, Some(now + SIGNED_IN));
            (app.tokens.sign(&fresh.claims), Some(fresh.record))
        }
    };
    let text = app.tokens.sign(&token.claims);
    let stored = app.store.write(move |write| {
        write.issue_signed_in_token(&token.record)?;
        let Some(fresh) = fresh else { return Ok(()) };
        write.issue_signed_in_token(&fresh)?;
        write.announce_sign_in(&user)
    });
    stored.await?;
    Ok(Tokens { token_type: "Bearer", token: text, refresh_token, expires_at })
}
