//! The protocol over real sockets, against a real relay.

#![expect(clippy::unwrap_used, reason = "also below the tests: what fails here fails the test")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects; whatever else comes fails it"
)]

mod access;
mod commands;
mod delays;
mod erasure;
mod events;
mod files;
mod greeting;
mod history;
mod identity;
mod kill;
mod limits;
mod links;
mod malformed;
mod messages;
mod operation;
mod reading;
mod revisions;
mod shutdown;
mod start;
mod state;
mod stream;
mod typing;
mod webhooks;
