//! Who a handler serves. Taking one of these as an argument is the check.

use crate::{
    app::App,
    http::Refused,
    model::{Actor, Source, User, UserRole},
    store::{Author, Scope, StoreError},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use shared::{Error, ErrorCode, OrganizationId};
use std::{net::IpAddr, sync::Arc};

/// A user or program with a live token.
#[derive(Debug, Clone)]
pub struct Agent {
    pub user: Arc<User>,
    pub(crate) asking: Asking,
}

/// An [`Agent`] with the role `admin`, of one organization or of all.
#[derive(Debug, Clone)]
pub struct Admin {
    pub user: Arc<User>,
    pub(crate) asking: Asking,
}

/// Which request it is, and from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    pub request_id: String,
    pub address: Option<IpAddr>,
}

impl Agent {
    /// Whose token this is.
    ///
    /// # Errors
    /// `unauthorized`, or a failure of the store.
    pub async fn from_token(app: &App, token: &str, asking: Asking) -> Result<Self, StoreError> {
        Ok(Self { user: app.tokens.user(&app.store, token, app.now()).await?, asking })
    }

    /// Whose records this user may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.user.organization.map_or(Scope::All, Scope::Organization)
    }

    /// As whom this user administers.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let Asking { request_id, address } = self.asking.clone();
        Actor { source: Source::Api, user: Some(self.user.id), request_id: Some(request_id), address }
    }

    /// As whom this user speaks.
    #[must_use]
    pub fn author(&self) -> Author {
        Author::User { id: self.user.id, name: self.user.name.clone() }
    }

    /// The organization that a new record belongs to: the user's own, or the one that a user of all names.
    ///
    /// # Errors
    /// `not_found` for another's, `invalid` when a user of all names none.
    pub fn organization(&self, named: Option<OrganizationId>) -> Result<OrganizationId, Error> {
        match (self.user.organization, named) {
            (None, Some(named)) => Ok(named),
            (None, None) => {
                Err(Error::invalid("organization", "which organization? This token acts in all of them"))
            }
            (Some(own), Some(named)) if named != own => Err(Error::not_found("organization", named)),
            (Some(own), _) => Ok(own),
        }
    }
}

impl Admin {
    #[must_use]
    pub fn agent(&self) -> Agent {
        Agent { user: Arc::clone(&self.user), asking: self.asking.clone() }
    }

    /// # Errors
    /// `forbidden` for an admin of one organization.
    pub fn of_all(&self) -> Result<(), Error> {
        match self.user.organization {
            None => Ok(()),
            Some(_) => {
                Err(Error::new(ErrorCode::Forbidden, "only an admin of all organizations may do this"))
            }
        }
    }
}

/// The token of `Authorization: Bearer <token>` (RFC 6750).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<App> for Agent {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let token = bearer(&parts.headers).ok_or_else(|| {
            Error::new(ErrorCode::Unauthorized, "a token is needed: Authorization: Bearer <token>")
        })?;
        let asking = parts.extensions.get::<Asking>().cloned().unwrap_or_default();
        Ok(Self::from_token(app, token, asking).await?)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let Agent { user, asking } = Agent::from_request_parts(parts, app).await?;
        match user.role {
            UserRole::Admin => Ok(Self { user, asking }),
            UserRole::Agent | UserRole::Bot => {
                Err(Error::new(ErrorCode::Forbidden, "only an admin may do this").into())
            }
        }
    }
}
