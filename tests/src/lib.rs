//! What the protocol tests and the load generator share: a relay to start and to kill, clients that speak
//! to it as widgets, agents and programs do, and the checker that reads a log back.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a client names what it waits for and passes over the rest"
)]

pub mod agent;
pub mod checker;
pub mod clock;
pub mod greeting;
pub mod identity;
pub mod latency;
pub mod process;
pub mod receiver;
pub mod relay;
pub mod rest;
pub mod s3;
pub mod socket;
pub mod visitor;
