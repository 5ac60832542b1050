//! `/v2/conversations/{conversation}/messages`, `/v2/messages` and `/v2/messages/{message}`: what is said.

mod change;
mod create;
mod list;
mod show;

use crate::app::App;
use axum::{Router, routing::get};
use shared::{ConversationId, Error, ErrorCode, Millis, limits, message::Draft};

/// Messages of one request. They are stored in one transaction, and nobody else's waits long for it.
const MOST: usize = 100;
/// The medium that the relay carries itself.
const WEB: &str = "web";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v2/conversations/{conversation}/messages", get(list::list).post(create::create))
        .route("/v2/messages", get(list::all).post(create::create_where_said))
        .route(
            "/v2/messages/{message}",
            get(show::show).patch(change::patch).put(change::put).delete(change::delete),
        )
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
