//! GET `/v2/conversations/{conversation}`

use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        lists::{self, Item},
        params::Params,
        path::Path,
    },
    model::Conversation,
    store::lists::CONVERSATIONS,
};
use axum::extract::State;
use shared::{ConversationId, Error};

pub(super) async fn show(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    params: Params,
) -> Result<Item<Conversation>, Refused> {
    let (scope, id) = (agent.scope(), id_of(&id)?);
    lists::one(&app, params, &CONVERSATIONS, move |read| read.conversation(scope, id)).await
}

/// An id in an address. What is no id names nothing.
pub(in crate::http) fn id_of(text: &str) -> Result<ConversationId, Error> {
    text.parse().map_err(|_| Error::not_found("conversation", text))
}
