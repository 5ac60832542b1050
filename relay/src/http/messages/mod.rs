//! `/v2/conversations/{conversation}/messages`, `/v2/messages` and `/v2/messages/{message}`: what is said.

mod change;
mod create;
mod list;
mod show;

use crate::http::openapi::Routes;
use shared::{
    ConversationId, Error, ErrorCode, Millis, limits,
    message::{Draft, WEB},
};

/// Messages of one request. They are stored in one transaction, and nobody else's waits long for it.
pub(super) const MOST: usize = 100;

pub(super) fn routes() -> Routes {
    Routes::about("Messages")
        .get("/v2/conversations/{conversation}/messages", list::list, list::operation())
        .post("/v2/conversations/{conversation}/messages", create::create, create::operation())
        .get("/v2/messages", list::all, ("listMessages", "Messages"))
        .post("/v2/messages", create::create_where_said, create::operation_where_said())
        .get("/v2/messages/{message}", show::show, ("getMessage", "One message"))
        .patch("/v2/messages/{message}", change::patch, ("changeMessage", "Change what was said"))
        .put("/v2/messages/{message}", change::put, ("replaceMessage", "Replace what was said"))
        .delete("/v2/messages/{message}", change::delete, ("deleteMessage", "Take back what was said"))
}

/// What can be told of several messages of one conversation without the store. `field` names a member of the n-th.
pub(super) fn check_all(
    drafts: &[Draft],
    conversation: Option<ConversationId>,
    field: impl Fn(usize, &str) -> String,
) -> Result<(), Error> {
    super::valid::count("messages", drafts.len(), MOST)?;
    let mut delay = Millis(0);
    for (at, draft) in drafts.iter().enumerate() {
        check_conversation(draft, conversation, &field(at, "conversation"))?;
        check_touchpoint(draft.touchpoint.as_deref(), &field(at, "touchpoint"))?;
        draft.check().map_err(|error| {
            let named = field(at, error.field.as_deref().unwrap_or_default());
            error.with_field(named)
        })?;
        delay = delay + draft.delay();
        if delay > limits::DELAY {
            let what = format!("together they are held longer than {} ms, seven days", limits::DELAY.0);
            return Err(Error::invalid(field(at, "delay"), what));
        }
    }
    Ok(())
}

/// Refuses what names another conversation than the one that it is said in.
fn check_conversation(draft: &Draft, conversation: Option<ConversationId>, field: &str) -> Result<(), Error> {
    match draft.conversation {
        Some(named) if conversation != Some(named) => {
            Err(Error::invalid(field, "the message is not posted to this conversation"))
        }
        _ => Ok(()),
    }
}

/// Refuses a medium that no service carries.
pub(super) fn check_touchpoint(touchpoint: Option<&str>, field: &str) -> Result<(), Error> {
    match touchpoint {
        None | Some(WEB) => Ok(()),
        Some(other) => {
            let message = format!("no service carries messages to '{other}'");
            Err(Error::new(ErrorCode::TouchpointUnavailable, message).with_field(field))
        }
    }
}
