//! The two ends of a widget's socket, without the socket: [`Visitor`] in the browser, [`Greeting`] and
//! [`Session`] in the relay. Both follow one grammar: `handle_*` takes what happened and when,
//! `poll_output` gives what to do, `poll_timeout` says when to call `handle_timeout`.

mod backoff;
mod outbox;
mod session;
mod visitor;

pub use outbox::{Unsent, UnsentState};
pub use session::{Admission, Greeting, Resume, Send, Session, SessionOutput};
pub use visitor::{ConnectionStatus, Output, Visitor, VisitorConfig, VisitorEvent};

#[cfg(test)]
mod pair;
