//! POST `/v2/conversations/{conversation}/read`: the token's user has read it, all of it or up to an entry. No entry of the log:
//! what is unread is the reader's own matter.

use super::show::id_of;
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, json::Json as Body, path::Path},
    store::Owner,
};
use axum::{extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::Seq;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UpTo {
    /// The newest entry where absent.
    seq: Option<Seq>,
}

pub(super) async fn read(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Body(UpTo { seq }): Body<UpTo>,
) -> Result<StatusCode, Refused> {
    let id = id_of(&id)?;
    let marked = app.store.write(move |write| {
        let Owner { organization, .. } = write.owner(agent.scope(), id)?;
        write.mark_read(organization, id, agent.user.id, seq)
    });
    marked.await?;
    Ok(StatusCode::NO_CONTENT)
}
