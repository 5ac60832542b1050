//! GET `/v2/conversations/{conversation}/messages`: oldest first. Without `after` and `before` the newest. And GET
//! `/v2/messages`, a list like any other.

use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        answer::Listed,
        conversations,
        lists::{self, Asked, Item},
        openapi::Operation,
        params::Params,
        path::Path,
    },
    store::{Window, lists::MESSAGES},
};
use axum::extract::State;
use schemars::SchemaGenerator;
use shared::{Error, Seq, message::Message};

pub(super) fn operation() -> Operation {
    let seq = SchemaGenerator::subschema_for::<Seq>;
    Operation::new("listConversationMessages", "The log of a conversation, oldest first; the newest entries")
        .query("after", seq, "The entries after this one.")
        .query("before", seq, "The entries before this one; not with `after`.")
        .limited()
}

pub(super) async fn list(
    State(app): State<App>,
    agent: Agent,
    Path(conversation): Path<String>,
    mut params: Params,
) -> Result<Listed<Message>, Refused> {
    let (scope, id) = (agent.scope(), conversations::id_of(&conversation)?);
    let window = match (params.number("after")?, params.number("before")?) {
        (None, None) => Window::Newest,
        (Some(after), None) => Window::After(Seq(after)),
        (None, Some(before)) => Window::Before(Seq(before)),
        (Some(_), Some(_)) => return Err(Error::invalid("before", "give after or before, not both").into()),
    };
    let limit = params.limit()? as usize;
    params.finish()?;
    let listed = app.store.read(move |read| {
        // Every seq is an entry: the newest one counts them.
        let Seq(total) = read.conversation(scope, id)?.head;
        Ok(Listed { items: read.messages(scope, id, window, limit)?, total, next: None })
    });
    Ok(listed.await?)
}

pub(super) async fn all(State(app): State<App>, asked: Asked) -> Result<Listed<Item<Message>>, Refused> {
    lists::list(&app, asked, &MESSAGES, |read, query| read.message_list(query)).await
}
