//! GET `/v2/conversations/{conversation}`

use super::shape::shown;
use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        lists::{self, Item},
        origin,
        params::Params,
        path::Path,
    },
    model::Conversation,
    store::{Read, lists::CONVERSATIONS},
};
use axum::{extract::State, http::HeaderMap};
use shared::{ConversationId, Error};

pub(super) async fn show(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Result<Item<Conversation>, Refused> {
    let (scope, id, own) = (agent.scope(), id_of(&id)?, origin::own(&app, &headers));
    let show = move |read: &Read<'_>| shown(read, &own, read.conversation(scope, id)?);
    lists::one(&app, params, &CONVERSATIONS, show).await
}

/// An id in an address. What is no id names nothing.
pub(in crate::http) fn id_of(text: &str) -> Result<ConversationId, Error> {
    text.parse().map_err(|_| Error::not_found("conversation", text))
}
