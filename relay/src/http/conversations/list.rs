//! GET `/v2/conversations`

use crate::{
    app::App,
    http::{
        Refused,
        answer::Listed,
        lists::{self, Asked, Item},
    },
    model::Conversation,
    store::lists::CONVERSATIONS,
};
use axum::extract::State;

pub(super) async fn list(
    State(app): State<App>,
    asked: Asked,
) -> Result<Listed<Item<Conversation>>, Refused> {
    lists::list(&app, asked, &CONVERSATIONS, |read, query| read.conversations(query)).await
}
