//! POST `/v2/widget/files`: a visitor's file, before it is the message that names it. Who may write may send files, also
//! before their first message; whoever the socket would turn away is turned away here.

use super::{
    VISITORS_UPLOADS,
    upload::{Sender, Uploaded, receive},
};
use crate::{
    app::App,
    auth::{Asking, bearer},
    http::{Refused, answer::Created, openapi::Operation, origin, params::Params},
    metrics::Counter,
    model::{Identity, Organization},
    store::{Scope, TokenHash},
};
use axum::{
    extract::{FromRequestParts, Multipart, State, multipart::MultipartRejection},
    http::{
        HeaderMap,
        header::{HOST, HeaderName, ORIGIN},
        request::Parts,
    },
};
use schemars::SchemaGenerator;
use shared::{Error, ErrorCode, OrganizationId, VisitorToken};

/// Somebody whom the organization lets in, from a page that it allows.
#[derive(Debug)]
pub(in crate::http) struct Visitor {
    organization: OrganizationId,
    token: TokenHash,
}

pub(super) fn operation() -> Operation {
    let organization = SchemaGenerator::subschema_for::<OrganizationId>;
    Operation::new("createVisitorFile", "Upload a visitor's file").needing(
        "organization",
        organization,
        "Whose visitor it is.",
    )
}

pub(super) async fn upload(
    State(app): State<App>,
    visitor: Result<Visitor, Refused>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Created<Uploaded>, Refused> {
    let Visitor { organization, token } = match visitor {
        Ok(visitor) => visitor,
        Err(refused) => {
            read_on(form).await;
            return Err(refused);
        }
    };
    let name = token.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let sender = Sender { organization, scope: organization.into(), name, path: VISITORS_UPLOADS };
    receive(&app, sender, &headers, form).await
}

/// Who is still sending does not listen yet: a browser would call the refusal a broken connection.
async fn read_on(form: Result<Multipart, MultipartRejection>) {
    let Ok(mut form) = form else { return };
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(_)) = field.chunk().await {}
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Refused;

    /// The token is the browser's own, or the word of the organization's server on who the visitor is.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let text = |name: HeaderName| Some(String::from_utf8_lossy(parts.headers.get(name)?.as_bytes()));
        let given = bearer(&parts.headers)
            .ok_or_else(|| unauthorized("a visitor's token is needed: Authorization: Bearer <token>"))?;
        let mut params = Params::of(&parts.uri);
        let organization: OrganizationId = params
            .take("organization")?
            .ok_or_else(|| Error::invalid("organization", "whose visitor is it?"))?;
        params.finish()?;

        let found = app.store.read(move |read| {
            Ok((read.get::<Organization>(Scope::All, organization)?, read.identity_secret(organization)?))
        });
        let (record, secret) = found.await?;
        origin::check(&record, text(ORIGIN).as_deref(), text(HOST).as_deref(), app)?;
        let token = match given.parse::<VisitorToken>() {
            Ok(_) if record.require_identity => {
                return Err(unauthorized("the organization lets in visitors with an identity only").into());
            }
            Ok(token) => TokenHash::of(&token),
            Err(_) => {
                let secret = secret.ok_or_else(|| unauthorized("invalid token"))?;
                TokenHash::of_subject(&Identity::verify(given, &secret, app.now())?.subject)
            }
        };
        let address = parts.extensions.get::<Asking>().and_then(|asking| asking.address);
        app.rates.check_file(&token, address).inspect_err(|_| app.metrics.add(Counter::RateLimited, 1))?;
        Ok(Self { organization, token })
    }
}

fn unauthorized(message: &str) -> Error {
    Error::new(ErrorCode::Unauthorized, message)
}
