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
    let scope = agent.scope();
    let id: MessageId = id.parse().map_err(|_| Error::not_found("message", &id))?;
    lists::one(&app, params, &MESSAGES, move |read| read.message(scope, id)).await
}
