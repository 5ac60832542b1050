//! `/v2/organizations`: tenants. Their own admins change them; an admin of all makes new ones.

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    origin,
    patch::{given, replace},
    records, valid,
};
use crate::{app::App, auth::Admin, model::Organization, store::Read};
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Error, Millis, command::CommandFamily};

/// Entries of `allowedOrigins` and `categories`.
const MOST: usize = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/organizations", get(records::list::<Organization>).post(create))
        .route("/v2/organizations/{organization}", get(records::get::<Organization>).patch(patch))
}

/// The members that a client may set.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Members {
    #[serde(deserialize_with = "given")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    display_name: Option<String>,
    #[serde(deserialize_with = "given")]
    allowed_origins: Option<Vec<String>>,
    #[serde(deserialize_with = "given")]
    locale: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    categories: Option<Vec<String>>,
    #[serde(deserialize_with = "given")]
    visitor_commands: Option<Vec<CommandFamily>>,
    #[serde(deserialize_with = "given")]
    settings: Option<Map<String, Value>>,
}

async fn create(
    State(app): State<App>,
    admin: Admin,
    post: Post<Members>,
) -> Result<Created<Organization>, Refused> {
    admin.of_all()?;
    let now = app.now();
    let created = post.once(&app, move |write, _, members| {
        let mut organization = Organization::new(write.new_id(now), "", now);
        members.replace_in(&mut organization, now)?;
        write.insert(&organization)?;
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
    let now = app.now();
    let change =
        move |_: &Read<'_>, organization: &mut Organization| Ok(members.replace_in(organization, now)?);
    records::change(&app, admin.agent().scope(), &id, change).await
}

impl Members {
    fn replace_in(self, organization: &mut Organization, now: Millis) -> Result<(), Error> {
        replace(&mut organization.name, self.name);
        replace(&mut organization.display_name, self.display_name);
        replace(&mut organization.allowed_origins, self.allowed_origins);
        replace(&mut organization.locale, self.locale);
        replace(&mut organization.categories, self.categories);
        replace(&mut organization.visitor_commands, self.visitor_commands);
        replace(&mut organization.settings, self.settings);
        organization.updated_at = now;
        check(organization)
    }
}

fn check(organization: &Organization) -> Result<(), Error> {
    valid::name("name", &organization.name)?;
    valid::short("displayName", &organization.display_name)?;
    valid::short("locale", organization.locale.as_deref().unwrap_or_default())?;
    valid::count("allowedOrigins", organization.allowed_origins.len(), MOST)?;
    valid::count("categories", organization.categories.len(), MOST)?;
    let bad_origin = organization.allowed_origins.iter().position(|entry| !origin::is_entry(entry));
    if let Some(at) = bad_origin {
        let expected =
            "expected an origin such as https://shop.example, a wildcard such as *.shop.example, or *";
        return Err(Error::invalid(format!("allowedOrigins[{at}]"), expected));
    }
    let mut categories = organization.categories.iter().enumerate();
    categories.try_for_each(|(at, category)| valid::name(&format!("categories[{at}]"), category))
}
