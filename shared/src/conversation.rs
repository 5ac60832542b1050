//! What a conversation is: an ordered [`Log`] of entries, and the [`State`] that follows from it.

mod log;
mod state;

pub use log::{Applied, Log};
pub use state::{FormResults, MentionRecord, Notification, Participant, State, Status};
