//! `/v2/conversations`: logs with their state. What is said in them is in `http::messages`.

mod create;
mod handover;
mod list;
mod patch;
mod read;
mod session;
mod shape;
mod show;
mod transcript;
mod typing;

pub(super) use shape::shown;
pub(super) use show::id_of;

use crate::http::{openapi::Routes, valid};
use shared::Error;

pub(super) fn routes() -> Routes {
    Routes::about("Conversations")
        .get("/v2/conversations", list::list, ("listConversations", "Conversations"))
        .post("/v2/conversations", create::create, create::operation())
        .get("/v2/conversations/{conversation}", show::show, ("getConversation", "One conversation"))
        .patch(
            "/v2/conversations/{conversation}",
            patch::patch,
            ("updateConversation", "Change a conversation"),
        )
        .delete(
            "/v2/conversations/{conversation}/session",
            session::clear,
            ("clearSession", "Clear the bot's variables"),
        )
        .post(
            "/v2/conversations/{conversation}/handover",
            handover::handover,
            ("handOver", "Hand over from a bot to people"),
        )
        .post("/v2/conversations/{conversation}/read", read::read, ("markRead", "Note what you have read"))
        .get("/v2/conversations/{conversation}/transcript", transcript::transcript, transcript::operation())
        .post("/v2/conversations/{conversation}/typing", typing::typing, typing::operation())
}

/// The texts of a new or a changed conversation: name, category, priority and subject.
fn check_texts(texts: [Option<&str>; 4]) -> Result<(), Error> {
    let mut named = ["name", "category", "priority", "subject"].into_iter().zip(texts);
    named.try_for_each(|(field, text)| text.map_or(Ok(()), |text| valid::short(field, text)))
}
