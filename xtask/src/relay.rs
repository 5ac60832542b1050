//! Builds the relay, and becomes it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{dist, steps};

/// Builds all that a user gets, then runs the relay in place of this process, in the caller's directory.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let program = release(workspace)?;
    become_it(Command::new(program).arg("serve").args(arguments))
}

/// The relay as it ships, with everything that browsers get inside.
pub(crate) fn release(workspace: &Workspace) -> Result<PathBuf> {
    dist::build(workspace)?;
    steps::step("compiling the relay", || {
        steps::run(workspace.cargo().args(["build", "--release", "--package", "relay"]))
    })?;
    Ok(program(workspace, "release"))
}

/// Where cargo puts the relay, by the name of the profile's directory.
pub(crate) fn program(workspace: &Workspace, profile: &str) -> PathBuf {
    workspace.target.join(profile).join(format!("relay{}", std::env::consts::EXE_SUFFIX))
}

/// The relay gets this process: signals reach it, and its exit code is the one that the shell sees.
#[cfg(unix)]
fn become_it(relay: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::new(relay.exec()).context("the relay could not be started"))
}

#[cfg(not(unix))]
fn become_it(relay: &mut Command) -> Result<()> {
    steps::run(relay)
}
