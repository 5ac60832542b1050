//! As whom a visitor comes: under the browser's own token, as a person whom the organization's server names, or with
//! a link that makes the browser somebody's.

use super::admission::Visit;
use crate::{
    app::App,
    model::{Contact, Identity, Organization},
    store::{LinkHash, Read, Scope, StoreError, TokenHash},
};
use shared::{
    ContactId, Error, ErrorCode, OrganizationId,
    wire::{Claim, ClaimOutcome, Hello},
};

/// The name under which the store knows a visitor, and what became of the rest.
pub(super) struct Introduced {
    pub(super) token: TokenHash,
    pub(super) newcomer: Option<Box<Identity>>,
    pub(super) claim: Option<ClaimOutcome>,
}

/// # Errors
/// `unauthorized` for an identity that does not hold, what keeps the visit out, or a failure of the store.
pub(super) async fn introduce(hello: &Hello, visit: &Visit, app: &App) -> Result<Introduced, StoreError> {
    if let Some(identity) = &hello.identity {
        let (token, newcomer) = identify(identity, hello, visit, app).await?;
        // A person is one contact: a link to another's does not change who they are.
        let claim = hello.claim.as_ref().map(|_| ClaimOutcome::Refused);
        return Ok(Introduced { token, newcomer, claim });
    }
    let token = TokenHash::of(&hello.token);
    let claim = match &hello.claim {
        Some(claim) => Some(take(claim, token, hello, visit, app).await?),
        None => None,
    };
    Ok(Introduced { token, newcomer: None, claim })
}

/// The person's place in the store. Gives the identity back when that is still empty.
async fn identify(
    identity: &str,
    hello: &Hello,
    visit: &Visit,
    app: &App,
) -> Result<(TokenHash, Option<Box<Identity>>), StoreError> {
    let id = hello.organization;
    let found = app
        .store
        .read(move |read| Ok((read.get::<Organization>(Scope::All, id)?, read.identity_secret(id)?)));
    let (organization, secret) = found.await?;
    visit.check(hello, &organization, app)?;
    let secret = secret.ok_or_else(|| {
        Error::new(
            ErrorCode::Unauthorized,
            "the organization has no identitySecret to check an identity with",
        )
    })?;
    let now = app.now();
    let identity = Identity::verify(identity, &secret, now)?;
    let token = TokenHash::of_subject(&identity.subject);
    let known = app.store.read(move |read| profile(read, id, &token)).await?;
    let Some(known) = known else { return Ok((token, Some(Box::new(identity)))) };
    if !identity.is_known_in(&known.profile) {
        app.store.write(move |write| write.recognize(id, &identity, now)).await?;
    }
    Ok((token, None))
}

fn profile(
    read: &Read<'_>,
    organization: OrganizationId,
    token: &TokenHash,
) -> Result<Option<Contact>, StoreError> {
    let contact = read.visiting_contact(organization, token)?;
    contact.map(|contact| read.get::<Contact>(organization.into(), contact)).transpose()
}

/// Uses a link up. Whoever the organization keeps out anyway must not.
async fn take(
    claim: &Claim,
    token: TokenHash,
    hello: &Hello,
    visit: &Visit,
    app: &App,
) -> Result<ClaimOutcome, StoreError> {
    let (organization, now) = (hello.organization, app.now());
    let (contact, link) = (claim.id.parse::<ContactId>().ok(), LinkHash::of(&claim.token));
    let found = app.store.read(move |read| {
        let record = read.get::<Organization>(Scope::All, organization)?;
        let found = contact.map(|contact| read.link(organization, contact, &link)).transpose()?.flatten();
        Ok((record, found.and(contact)))
    });
    let (record, contact) = found.await?;
    visit.check(hello, &record, app)?;
    // What is no link at all does not bother the writer.
    let Some(contact) = contact else { return Ok(ClaimOutcome::Refused) };
    let claimed = app.store.write(move |write| write.claim(organization, contact, &link, &token, now));
    Ok(if claimed.await? { ClaimOutcome::Accepted } else { ClaimOutcome::Refused })
}
