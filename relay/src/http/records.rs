//! What is the same for every resource that is stored as one document: list, get, replace members, delete.

use super::{
    Refused,
    answer::Listed,
    lists::{self, Asked, Item},
    params::Params,
    path::Path,
};
use crate::{
    app::App,
    auth::{Admin, Agent},
    store::{Read, Record, StoreError},
};
use axum::{Json, extract::State, http::StatusCode};
use shared::Error;
use std::str::FromStr;

/// GET `/v2/<resources>`
pub(super) async fn list<R: Record + Send + 'static>(
    State(app): State<App>,
    asked: Asked,
) -> Result<Listed<Item<R>>, Refused> {
    lists::list(&app, asked, R::RESOURCE, |read, query| read.list::<R>(query)).await
}

/// GET `/v2/<resources>/{id}`
pub(super) async fn get<R: Record + Send + 'static>(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    params: Params,
) -> Result<Item<R>, Refused>
where
    R::Id: FromStr + Send,
{
    let (scope, id) = (agent.scope(), id_of::<R>(&id)?);
    lists::one(&app, params, R::RESOURCE, move |read| read.get::<R>(scope, id)).await
}

/// PATCH: reads the record, lets `change` replace members, stores it, in one transaction.
pub(super) async fn change<R: Record + Send + 'static>(
    app: &App,
    agent: Agent,
    id: &str,
    change: impl FnOnce(&Read<'_>, &mut R) -> Result<(), StoreError> + Send + 'static,
) -> Result<Json<R>, Refused>
where
    R::Id: FromStr + Send,
{
    let id = id_of::<R>(id)?;
    let changed = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let mut record: R = write.get(agent.scope(), id)?;
        change(write, &mut record)?;
        write.update(&record)?;
        Ok(record)
    });
    Ok(Json(changed.await?))
}

/// DELETE `/v2/<resources>/{id}`: what refers to the record keeps its id.
pub(super) async fn delete<R: Record + 'static>(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused>
where
    R::Id: FromStr + Send + 'static,
{
    let (agent, id) = (admin.agent(), id_of::<R>(&id)?);
    let deleted = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        write.delete::<R>(agent.scope(), id)
    });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id in an address. What is no id names nothing.
pub(super) fn id_of<R: Record>(text: &str) -> Result<R::Id, Error>
where
    R::Id: FromStr,
{
    text.parse().map_err(|_| Error::not_found(R::KIND, text))
}
