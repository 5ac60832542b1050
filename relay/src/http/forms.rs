//! `/v2/forms`: named lists of fields, activated in a conversation and filled in there.

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    openapi::Routes,
    patch::{given, replace},
    path::Path,
    records, valid,
};
use crate::{
    app::App,
    auth::Admin,
    model::{Form, FormField, Organization, text::Name},
};
use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Error, OrganizationId};

/// Fields of one form.
const MOST: usize = 200;

pub(super) fn routes() -> Routes {
    Routes::about("Forms")
        .get("/v2/forms", records::list::<Form>, ("listForms", "Forms"))
        .post("/v2/forms", create, ("createForm", "Make a form"))
        .get("/v2/forms/{form}", records::get::<Form>, ("getForm", "One form"))
        .patch("/v2/forms/{form}", patch, ("updateForm", "Change a form"))
        .delete("/v2/forms/{form}", records::delete::<Form>, ("deleteForm", "Delete a form"))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewForm {
    organization: Option<OrganizationId>,
    #[schemars(with = "Name")]
    name: String,
    #[serde(default)]
    #[schemars(length(max = MOST))]
    fields: Vec<FormField>,
    #[serde(default)]
    meta: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "FormMembers")]
struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Name")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<FormField>", length(max = MOST))]
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
    let changed = records::change(&app, admin.agent(), &id, move |_, form: &mut Form| {
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
        check_type(&format!("fields[{at}]"), field)?;
        valid::short(&format!("fields[{at}].label"), &field.label)?;
        valid::count(&format!("fields[{at}].options"), field.options.len(), FormField::MOST_OPTIONS)?;
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

fn check_type(member: &str, field: &FormField) -> Result<(), Error> {
    if !FormField::TYPES.contains(&field.kind.as_str()) {
        let what = format!("'{}' is no type; known are {}", field.kind, FormField::TYPES.join(", "));
        return Err(Error::invalid(format!("{member}.type"), what));
    }
    if field.kind == "select" && field.options.is_empty() {
        return Err(Error::invalid(format!("{member}.options"), "a select needs options"));
    }
    for (at, option) in field.options.iter().enumerate() {
        valid::name(&format!("{member}.options[{at}]"), option)?;
    }
    Ok(())
}
