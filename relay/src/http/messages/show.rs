//! GET `/v2/messages/{message}`

use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        lists::{self, Item},
        params::Params,
        path::Path,
    },
    store::lists::MESSAGES,
};
use axum::extract::State;
use shared::{Error, MessageId, message::Message};

pub(super) async fn show(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    params: Params,
) -> Result<Item<Message>, Refused> {
    let (scope, id) = (agent.scope(), id_of(&id)?);
    lists::one(&app, params, &MESSAGES, move |read| read.message(scope, id)).await
}

/// An id in an address. What is no id names nothing.
pub(super) fn id_of(text: &str) -> Result<MessageId, Error> {
    text.parse().map_err(|_| Error::not_found("message", text))
}
