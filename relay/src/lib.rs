//! The relay: stores what is said, in order, and carries it to whoever listens.

pub mod app;
pub mod auth;
pub mod bus;
pub mod config;
pub mod delays;
pub mod erasure;
pub mod files;
pub mod http;
pub mod metrics;
pub mod model;
pub mod presence;
pub mod queues;
pub mod retention;
pub mod serve;
pub mod socket;
pub mod start;
pub mod store;
mod tls;
pub mod webhooks;
