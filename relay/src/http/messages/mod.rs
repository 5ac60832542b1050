//! `/v2/conversations/{conversation}/messages`, `/v2/messages` and `/v2/messages/{message}`: what is said.

mod create;
mod list;
mod show;

use crate::http::openapi::Routes;
use shared::{
    Error, ErrorCode,
    message::{Draft, WEB},
};

/// Messages of one request. They are stored in one transaction, and nobody else's waits long for it.
pub(super) const MOST: usize = 100;

pub(super) fn routes() -> Routes {
    Routes::about("Messages")
        .get("/v2/conversations/{conversation}/messages", list::list, list::operation())
        .post("/v2/conversations/{conversation}/messages", create::create, create::operation())
        .get("/v2/messages", list::all, ("listMessages", "Messages"))
        .get("/v2/messages/{message}", show::show, ("getMessage", "One message"))
}

pub(super) fn check_count(drafts: &[Draft]) -> Result<(), Error> {
    super::valid::count("messages", drafts.len(), MOST)
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
