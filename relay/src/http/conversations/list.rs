//! GET `/v2/conversations`

use super::shape::shown;
use crate::{
    app::App,
    http::{
        Refused,
        answer::Listed,
        lists::{self, Asked, Item},
        origin,
    },
    model::Conversation,
    store::{
        Read, StoreError,
        lists::{CONVERSATIONS, Found, Query},
    },
};
use axum::{extract::State, http::HeaderMap};

pub(super) async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Listed<Item<Conversation>>, Refused> {
    let own = origin::own(&app, &headers);
    let list = move |read: &Read<'_>, query: &Query| -> Result<Found<Conversation>, StoreError> {
        let Found { items, total, next } = read.conversations(query)?;
        let items = items.into_iter().map(|one| shown(read, &own, one)).collect::<Result<_, _>>()?;
        Ok(Found { items, total, next })
    };
    lists::list(&app, asked, &CONVERSATIONS, list).await
}
