//! HTTP: what is asked for is found in `routes`, who asks in `auth`; every answer passes `envelope`.
//! One file per resource, each with its operations in the order of their addresses.

mod answer;
mod assets;
mod audit;
mod channels;
mod contacts;
mod conversations;
mod demo;
mod docs;
mod envelope;
pub(crate) mod files;
mod forms;
mod framed;
mod health;
mod idempotency;
mod json;
mod links;
mod lists;
mod markup;
mod messages;
mod openapi;
mod organizations;
pub mod origin;
mod params;
mod patch;
mod path;
pub mod proxy;
mod records;
mod refused;
mod routes;
mod sign_in;
mod users;
mod valid;
mod webhooks;

pub(crate) use demo::first as first_organization;
pub use refused::Refused;
pub use routes::router;
