//! POST `/v2/conversations/{conversation}/read`: the token's user has read it, all of it or up to an entry. No entry of the log:
//! what is unread is the reader's own matter. The contact and the other users are told, where they look.

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
use shared::{
    Seq,
    wire::{self, StreamFrame},
};

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
    let (scope, user) = (agent.scope(), agent.user.clone());
    let marked = app.store.write(move |write| {
        let Owner { organization, .. } = write.owner(scope, id)?;
        Ok((organization, write.mark_read(organization, id, &user, seq)?))
    });
    let (organization, seq) = marked.await?;
    let frame = StreamFrame::Read { conversation: id, user: Some(agent.user.id), seq };
    app.bus.whisper_to_organization(organization, wire::encode(&frame).into());
    Ok(StatusCode::NO_CONTENT)
}
