//! `/v2/organizations`: tenants. Their own admins change them; an admin of all makes new ones.

mod categories;
mod settings;

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    openapi::Routes,
    origin,
    patch::{given, replace},
    path::Path,
    records, valid,
};
use crate::{
    app::App,
    auth::Admin,
    model::{
        Category, Organization, Retention,
        text::{Entry, Name, Short},
    },
    store::{Read, StoreError, Write},
};
use axum::{Json, extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Error, Millis, OrganizationId, command::CommandFamily};
use std::ops::RangeInclusive;

/// Entries of `allowedOrigins` and `categories`.
const MOST: usize = 200;
/// Of an identity secret: the 256 bits of an HS256 key (RFC 7518, section 3.2), and more than anybody makes.
const SECRET_CHARACTERS: RangeInclusive<usize> = 32..=1_024;

pub(super) fn routes() -> Routes {
    Routes::about("Organizations")
        .get("/v2/organizations", records::list::<Organization>, ("listOrganizations", "Organizations"))
        .post(
            "/v2/organizations",
            create,
            ("createOrganization", "Make an organization (an admin of all does)"),
        )
        .get(
            "/v2/organizations/{organization}",
            records::get::<Organization>,
            ("getOrganization", "One organization"),
        )
        .patch("/v2/organizations/{organization}", patch, ("updateOrganization", "Change an organization"))
        .delete(
            "/v2/organizations/{organization}",
            delete,
            ("deleteOrganization", "Erase an organization and all that it has (an admin of all does)"),
        )
}

/// The members that a client may set.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "OrganizationMembers")]
struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Name")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Short")]
    display_name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Entry>", length(max = MOST))]
    allowed_origins: Option<Vec<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Short>")]
    locale: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Category>", length(max = MOST))]
    categories: Option<Vec<Category>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<CommandFamily>")]
    visitor_commands: Option<Vec<CommandFamily>>,
    /// Never shown again; null clears it.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<String>", length(min = *SECRET_CHARACTERS.start(), max = *SECRET_CHARACTERS.end()))]
    identity_secret: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "bool")]
    require_identity: Option<bool>,
    /// Null: for ever.
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Retention>")]
    retention: Option<Option<Retention>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Map<String, Value>")]
    settings: Option<Map<String, Value>>,
}

/// It has a name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("required" = ["name"]))]
struct NewOrganization(Members);

async fn create(
    State(app): State<App>,
    admin: Admin,
    post: Post<NewOrganization>,
) -> Result<Created<Organization>, Refused> {
    admin.of_all()?;
    let now = app.now();
    let created = post.once(&app, move |write, _, NewOrganization(members)| {
        let mut organization = Organization::new(write.new_id(now), "", now);
        let secret = members.replace_in(write, &mut organization, now)?;
        write.insert(&organization)?;
        put_secret(write, organization.id, secret)?;
        Ok(organization)
    });
    Ok(Created(created.await?))
}

async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<Organization>, Refused> {
    let (id, agent, now) = (records::id_of::<Organization>(&id)?, admin.agent(), app.now());
    let changed = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let mut organization: Organization = write.get(agent.scope(), id)?;
        let secret = members.replace_in(write, &mut organization, now)?;
        write.update(&organization)?;
        put_secret(write, id, secret)?;
        Ok(organization)
    });
    Ok(Json(changed.await?))
}

/// Erases everything of the organization, and ends its sockets.
async fn delete(State(app): State<App>, admin: Admin, Path(id): Path<String>) -> Result<StatusCode, Refused> {
    admin.of_all()?;
    let (id, actor, now) = (records::id_of::<Organization>(&id)?, admin.agent().actor(), app.now());
    let erased = app.store.write(move |write| {
        write.on_behalf_of(actor);
        write.erase_organization(id, now)
    });
    let webhooks = erased.await?;
    app.tokens.forget();
    app.doors.close(id);
    webhooks.into_iter().for_each(|webhook| app.webhooks.wake(webhook));
    app.erasure.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// In the transaction of the organization's document, which says whether there is one.
fn put_secret(
    write: &mut Write<'_>,
    organization: OrganizationId,
    given: Option<Option<String>>,
) -> Result<(), StoreError> {
    given.map_or(Ok(()), |secret| write.put_identity_secret(organization, secret.as_deref()))
}

impl Members {
    /// Gives back the secret, which is no part of the document.
    fn replace_in(
        self,
        read: &Read<'_>,
        organization: &mut Organization,
        now: Millis,
    ) -> Result<Option<Option<String>>, StoreError> {
        self.identity_secret.iter().flatten().try_for_each(|secret| check_secret(secret))?;
        replace(&mut organization.has_identity_secret, self.identity_secret.as_ref().map(Option::is_some));
        replace(&mut organization.require_identity, self.require_identity);
        replace(&mut organization.name, self.name);
        replace(&mut organization.display_name, self.display_name);
        replace(&mut organization.allowed_origins, self.allowed_origins);
        replace(&mut organization.locale, self.locale);
        replace(&mut organization.visitor_commands, self.visitor_commands);
        replace(&mut organization.retention, self.retention);
        organization.updated_at = now;
        check(organization)?;
        if let Some(settings) = self.settings {
            settings::check(read, organization.id, &settings)?;
            organization.settings = settings;
        }
        // Those that are there stay, also with forms that have been deleted since.
        if let Some(categories) = self.categories {
            categories::check(read, organization.id, &categories)?;
            organization.categories = categories;
        }
        Ok(self.identity_secret)
    }
}

fn check_secret(secret: &str) -> Result<(), Error> {
    if SECRET_CHARACTERS.contains(&secret.chars().count()) {
        return Ok(());
    }
    let (least, most) = (SECRET_CHARACTERS.start(), SECRET_CHARACTERS.end());
    Err(Error::invalid("identitySecret", format!("expected {least} to {most} characters")))
}

fn check(organization: &Organization) -> Result<(), Error> {
    if organization.require_identity && !organization.has_identity_secret {
        return Err(Error::invalid("requireIdentity", "nobody could come in without an identitySecret"));
    }
    if organization.retention.is_some_and(|kept| !Retention::DAYS.contains(&kept.days)) {
        let (least, most) = (Retention::DAYS.start(), Retention::DAYS.end());
        return Err(Error::invalid("retention.days", format!("expected {least} to {most}")));
    }
    valid::name("name", &organization.name)?;
    valid::short("displayName", &organization.display_name)?;
    valid::short("locale", organization.locale.as_deref().unwrap_or_default())?;
    valid::count("allowedOrigins", organization.allowed_origins.len(), MOST)?;
    let bad_origin = organization.allowed_origins.iter().position(|entry| !origin::is_entry(entry));
    if let Some(at) = bad_origin {
        let expected =
            "expected an origin such as https://shop.example, a wildcard such as *.shop.example, or *";
        return Err(Error::invalid(format!("allowedOrigins[{at}]"), expected));
    }
    Ok(())
}
