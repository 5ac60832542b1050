//! POST `/v2/files`: a form with one field, `file`. It is written away as it comes.

use super::{UPLOADS, name};
use crate::{
    app::App,
    auth::Agent,
    files::{Arrival, Arrived, FilesError},
    http::{Refused, answer::Created, idempotency, openapi::Operation, origin, params::Params},
    metrics::{Counted, Gauge},
    model::{File, Organization},
    store::Scope,
};
use axum::{
    extract::{
        Multipart, State,
        multipart::{MultipartError, MultipartRejection},
    },
    http::{HeaderMap, StatusCode},
};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::{Error, ErrorCode, FileId, OrganizationId};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Uploaded {
    id: FileId,
    url: String,
    name: String,
    content_type: String,
    size: u64,
}

pub(super) fn operation() -> Operation {
    let organization = SchemaGenerator::subschema_for::<OrganizationId>;
    Operation::new("createFile", "Upload a file").query(
        "organization",
        organization,
        "Whose it is, for an admin of all.",
    )
}

pub(super) async fn upload(
    State(app): State<App>,
    agent: Agent,
    mut params: Params,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Created<Uploaded>, Refused> {
    let organization = agent.organization(params.take("organization")?)?;
    params.finish()?;
    let sender =
        Sender { organization, scope: agent.scope(), name: agent.user.id.to_string(), path: UPLOADS };
    receive(&app, sender, &headers, form).await
}

/// Who sends a file.
pub(super) struct Sender {
    pub(super) organization: OrganizationId,
    pub(super) scope: Scope,
    /// Among those who send to this address, for ever.
    pub(super) name: String,
    pub(super) path: &'static str,
}

/// Takes the file of the form, once under each `Idempotency-Key`.
pub(super) async fn receive(
    app: &App,
    sender: Sender,
    headers: &HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Created<Uploaded>, Refused> {
    let Sender { organization, scope, name: who, path } = sender;
    let key = idempotency::key(headers)?;
    let mut form = form.map_err(|_| {
        let message = "send a form with Content-Type: multipart/form-data and its boundary";
        Error::new(ErrorCode::UnsupportedMediaType, message)
    })?;

    let _counted = Counted::new(app.clone(), Gauge::Uploads);
    let (id, now) = (new_id(app), app.now());
    let mut arrival = app.files.receive(organization, id, app.settings.limits.file_bytes).await;
    let expected = app.store.write(move |write| {
        write.get::<Organization>(scope, organization)?;
        write.expect_file(id, organization, now)
    });
    expected.await?;
    let arrived = match take(&mut form, &mut arrival).await {
        Ok(name) => arrival.finish().await.map(|arrived| (name, arrived)),
        Err(error) => {
            if let Err(failure) = arrival.abandon().await {
                tracing::warn!(%failure, "half a file is left; it is removed as an unused one");
            }
            Err(error)
        }
    };
    let (name, Arrived { size, hash, content_type, pixels }) = match arrived {
        Ok(arrived) => arrived,
        Err(error) => return Err(forget(app, organization, id, error.into()).await),
    };

    let url = name::address(&origin::own(app, headers), id, &name, pixels);
    let content_type = content_type.to_owned();
    let made = Uploaded { id, url, name: name.clone(), content_type: content_type.clone(), size };
    let same = Sha256::new().chain_update(hash).chain_update(&name).finalize().into();
    let repeat = key.map(|key| idempotency::Repeat::new(who, path, key, same));
    let file = File { id, organization, name, content_type, size, hash, created_at: now };
    let answer = app.store.write(move |write| match repeat {
        None => write.put_file(&file).map(|()| made),
        Some(repeat) => repeat.or_else(write, now, |write| write.put_file(&file).map(|()| made)),
    });
    match answer.await {
        Ok(answer) if answer.id == id => Ok(Created(answer)),
        // It was sent before: one copy is enough.
        Ok(answer) => {
            remove(app, organization, id).await?;
            Ok(Created(answer))
        }
        Err(error) => Err(forget(app, organization, id, error.into()).await),
    }
}

/// Reads the form's one field; returns the name that the file is to have.
async fn take(form: &mut Multipart, arrival: &mut Arrival<'_>) -> Result<String, FilesError> {
    let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? else {
        return Err(Error::invalid("file", "the form has no field 'file'").into());
    };
    check(field.name())?;
    let name = name::clean(field.file_name().unwrap_or_default());
    while let Some(part) = field.chunk().await.map_err(|error| broken(&error))? {
        if let Err(error) = arrival.write(part).await {
            // Read on: who is still sending does not listen yet.
            while let Ok(Some(_)) = field.chunk().await {}
            return Err(error);
        }
    }
    drop(field);
    match form.next_field().await.map_err(|error| broken(&error))? {
        None => Ok(name),
        Some(another) => {
            check(another.name())?;
            Err(Error::invalid("file", "one file is taken at a time").into())
        }
    }
}

fn check(field: Option<&str>) -> Result<(), Error> {
    match field {
        Some("file") => Ok(()),
        Some(other) => Err(Error::invalid(other, format!("'{other}' is not known here"))),
        None => Err(Error::invalid("file", "a field of the form has no name")),
    }
}

fn broken(error: &MultipartError) -> FilesError {
    let refused = match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Error::new(ErrorCode::TooLarge, "the file is far too large").with_field("file")
        }
        _ => Error::new(ErrorCode::BadRequest, "the form did not arrive whole"),
    };
    refused.into()
}

/// Nothing of a file that is refused stays; what cannot be removed now is removed as an unused one.
async fn forget(app: &App, organization: OrganizationId, file: FileId, refused: Refused) -> Refused {
    match remove(app, organization, file).await {
        Ok(()) => refused,
        Err(failed) => failed,
    }
}

async fn remove(app: &App, organization: OrganizationId, file: FileId) -> Result<(), Refused> {
    app.files.remove(organization, file).await?;
    Ok(app.store.write(move |write| write.forget_files(&[file])).await?)
}

/// Whoever has the address may read the file: nobody can guess one.
fn new_id(app: &App) -> FileId {
    let random = getrandom::u64().expect("the operating system has randomness once it has started");
    FileId::new(app.now().as_secs(), random.to_be_bytes())
}
