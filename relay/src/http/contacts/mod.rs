//! `/v2/contacts`: visitors and consumers, each linked to at most one conversation.

mod export;
mod links;

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    openapi::{Operation, Routes},
    patch::{given, replace},
    records, valid,
};
use crate::{
    app::App,
    auth::{Admin, Agent},
    http::path::Path,
    model::{
        Contact, Organization,
        text::{PROFILE_MEMBERS, Profile},
    },
    store::{Identifier, Read, StoreError, Write},
};
use axum::{Json, extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Error, ErrorCode, Millis, OrganizationId};

/// By which a person is recognized.
const IDENTIFIERS: [(&str, Identifier); 2] =
    [("email", Identifier::Email), ("telephone", Identifier::Telephone)];

pub(super) fn routes() -> Routes {
    let create_contact =
        Operation::new("createContact", "Make a contact").refusing([ErrorCode::ContactExists]);
    let update_contact =
        Operation::new("updateContact", "Change a contact").refusing([ErrorCode::ContactExists]);
    Routes::about("Contacts")
        .get("/v2/contacts", records::list::<Contact>, ("listContacts", "Contacts"))
        .post("/v2/contacts", create, create_contact)
        .get("/v2/contacts/{contact}", records::get::<Contact>, ("getContact", "One contact"))
        .patch("/v2/contacts/{contact}", patch, update_contact)
        .delete("/v2/contacts/{contact}", delete, ("deleteContact", "Erase a person and the conversation"))
        .get("/v2/contacts/{contact}/export", export::export, export::operation())
        .post(
            "/v2/contacts/{contact}/links",
            links::create,
            ("createLink", "Make a one-time link to the web"),
        )
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewContact {
    organization: Option<OrganizationId>,
    #[serde(default)]
    #[schemars(with = "Profile")]
    profile: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "ContactMembers")]
struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Profile")]
    profile: Option<Map<String, Value>>,
}

async fn create(State(app): State<App>, post: Post<NewContact>) -> Result<Created<Contact>, Refused> {
    let now = app.now();
    let created = post.once(&app, move |write, agent, new| {
        let organization: Organization = write.get(agent.scope(), agent.organization(new.organization)?)?;
        insert(write, organization.id, new.profile, now)
    });
    Ok(Created(created.await?))
}

async fn patch(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<Contact>, Refused> {
    let now = app.now();
    let changed = records::change(&app, agent, &id, move |read, contact: &mut Contact| {
        replace(&mut contact.profile, members.profile);
        contact.updated_at = now;
        check(read, contact)
    });
    changed.await
}

/// Erases the person and the conversation.
async fn delete(State(app): State<App>, admin: Admin, Path(id): Path<String>) -> Result<StatusCode, Refused> {
    let (agent, id, now) = (admin.agent(), records::id_of::<Contact>(&id)?, app.now());
    let erased = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        write.erase_contact(agent.scope(), id, now)
    });
    erased.await?;
    app.erasure.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Stores a new contact.
pub(super) fn insert(
    write: &mut Write<'_>,
    organization: OrganizationId,
    profile: Map<String, Value>,
    now: Millis,
) -> Result<Contact, StoreError> {
    let id = write.new_id(now);
    let contact = Contact {
        id,
        organization,
        external_id: None,
        profile,
        conversation: None,
        created_at: now,
        updated_at: now,
    };
    check(write, &contact)?;
    write.insert(&contact)?;
    Ok(contact)
}

/// Whether the profile names something by which the person can be recognized.
pub(super) fn is_identified(profile: &Map<String, Value>) -> bool {
    IDENTIFIERS.iter().any(|(member, _)| profile.contains_key(*member))
}

fn check(read: &Read<'_>, contact: &Contact) -> Result<(), StoreError> {
    valid::count("profile", contact.profile.len(), PROFILE_MEMBERS)?;
    for (member, identifier) in IDENTIFIERS {
        let field = format!("profile.{member}");
        let value = match contact.profile.get(member) {
            None => continue,
            Some(Value::String(value)) => value,
            Some(_) => return Err(Error::invalid(field, "expected a text").into()),
        };
        valid::name(&field, value)?;
        let known = read.contact_with(contact.organization, identifier, value)?;
        if let Some(other) = known.filter(|id| *id != contact.id) {
            let message = format!("contact {other} has this {member}");
            return Err(Error::new(ErrorCode::ContactExists, message).with_field(field).into());
        }
    }
    Ok(())
}
