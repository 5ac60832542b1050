//! GET `/v2/conversations/{conversation}`

use crate::{
    app::App,
    auth::Agent,
    http::{Refused, params::Params},
    model::{Contact, Conversation},
    store::StoreError,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use shared::{ConversationId, Error};

/// A reference that is shown as what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Populate {
    Contact,
}

/// The later `contact` of a JSON object wins, so the reference must not be written beside the contact itself.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Shown {
    Plain(Box<Conversation>),
    Populated {
        #[serde(flatten)]
        conversation: Box<Conversation>,
        contact: Option<Contact>,
    },
}

pub(super) async fn show(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<Shown>, Refused> {
    let (scope, id) = (agent.scope(), id_of(&id)?);
    let populate: Option<Populate> = params.take("populate")?;
    params.finish()?;
    let shown = app.store.read(move |read| -> Result<Shown, StoreError> {
        let mut conversation = Box::new(read.conversation(scope, id)?);
        if populate.is_none() {
            return Ok(Shown::Plain(conversation));
        }
        let contact = conversation.contact.take().map(|contact| read.get(scope, contact)).transpose()?;
        Ok(Shown::Populated { conversation, contact })
    });
    Ok(Json(shown.await?))
}

/// An id in an address. What is no id names nothing.
pub(in crate::http) fn id_of(text: &str) -> Result<ConversationId, Error> {
    text.parse().map_err(|_| Error::not_found("conversation", text))
}
