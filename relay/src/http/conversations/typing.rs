//! POST `/v2/conversations/{conversation}/typing`: the visitor sees that somebody is writing. Nothing is stored; where
//! nobody looks, nothing happens.

use super::show::id_of;
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, json::Json as Body, openapi::Operation, path::Path},
};
use axum::{extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::{
    ErrorCode, limits,
    wire::{self, RelayFrame},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Typing {
    typing: bool,
}

impl Default for Typing {
    fn default() -> Self {
        Self { typing: true }
    }
}

pub(super) fn operation() -> Operation {
    Operation::new("showTyping", "Show the contact that somebody is writing")
        .refusing([ErrorCode::RateLimited])
}

pub(super) async fn typing(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Body(Typing { typing }): Body<Typing>,
) -> Result<StatusCode, Refused> {
    let (id, scope) = (id_of(&id)?, agent.scope());
    let owner = app.store.read(move |read| read.owner(scope, id)).await?;
    app.rates.check_typing(id, Some(agent.user.id))?;
    app.presence.wrote(owner.organization, &agent.user, app.now());
    let lasts = if typing { limits::TYPING.0 } else { 0 };
    let frame = RelayFrame::Typing { name: Some(agent.user.name.clone()), lasts };
    app.bus.whisper_to_conversation(id, wire::encode(&frame).into());
    Ok(StatusCode::NO_CONTENT)
}
