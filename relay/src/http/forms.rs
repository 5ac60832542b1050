//! `/v2/forms`: named lists of fields, activated in a conversation and filled in there.

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    patch::{given, replace},
    records, valid,
};
use crate::{
    app::App,
    auth::Admin,
    model::{Form, FormField, Organization},
};
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Error, OrganizationId};

/// Fields of one form, and options of one field.
const MOST: usize = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/forms", get(records::list::<Form>).post(create))
        .route("/v2/forms/{form}", get(records::get::<Form>).patch(patch).delete(records::delete::<Form>))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewForm {
    organization: Option<OrganizationId>,
    name: String,
    #[serde(default)]
    fields: Vec<FormField>,
    #[serde(default)]
    meta: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Members {
    #[serde(deserialize_with = "given")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    fields: Option<Vec<FormField>>,
    #[serde(deserialize_with = "given")]
    meta: Option<Map<String, Value>>,
}

async fn create(State(app): State<App>, _: Admin, post: Post<NewForm>) -> Result<Created<Form>, Refused> {
    let now = app.now();
    let created = post.once(&app, move |write, agent, new| {
        let organization: Organization = write.get(agent.scope(), agent.organization(new.organization)?)?;
        let NewForm { name, fields, meta, .. } = new;
        let (id, organization) = (write.new_id(now), organization.id);
        let form = Form { id, organization, name, fields, meta, created_at: now, updated_at: now };
        check(&form)?;
        write.insert(&form)?;
        Ok(form)
    });
    Ok(Created(created.await?))
}

async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<Form>, Refused> {
    let now = app.now();
    let changed = records::change(&app, admin.agent().scope(), &id, move |_, form: &mut Form| {
        replace(&mut form.name, members.name);
        replace(&mut form.fields, members.fields);
        replace(&mut form.meta, members.meta);
        form.updated_at = now;
        Ok(check(form)?)
    });
    changed.await
}

fn check(form: &Form) -> Result<(), Error> {
    valid::name("name", &form.name)?;
    valid::meta(&form.meta)?;
    valid::count("fields", form.fields.len(), MOST)?;
    for (at, field) in form.fields.iter().enumerate() {
        check_key(&format!("fields[{at}].key"), &field.key)?;
        valid::short(&format!("fields[{at}].label"), &field.label)?;
        valid::count(&format!("fields[{at}].options"), field.options.len(), MOST)?;
        if form.fields[..at].iter().any(|earlier| earlier.key == field.key) {
            return Err(Error::invalid(format!("fields[{at}].key"), "another field has this key"));
        }
    }
    Ok(())
}

/// `>cs .key value` ends the key at the first space.
fn check_key(member: &str, key: &str) -> Result<(), Error> {
    if key.contains(char::is_whitespace) {
        return Err(Error::invalid(member, "may not contain spaces"));
    }
    valid::name(member, key)
}
