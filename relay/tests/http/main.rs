//! The REST API as a client meets it: the real router on a real store in a directory of its own.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

mod asking;
mod audit;
mod auth;
mod authorization;
mod bad_input;
mod bodies;
mod categories;
mod conversations;
mod delays;
mod erasure;
mod errors;
mod files;
mod framed;
mod idempotency;
mod identity;
mod life;
mod links;
mod lists;
mod messages;
mod openapi;
mod operations;
mod outbound;
mod records;
mod resources;
mod retention;
mod revisions;
mod settings;
mod sign_in;
mod starting;
mod webhooks;
