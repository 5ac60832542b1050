//! Packages of the distribution, where this user may install some.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::on_path;
use crate::steps;

/// An error also where there is no `apt-get`, or this user would be asked for a password.
pub(super) fn install(package: &str) -> Result<()> {
    on_path(&["apt-get"]).context("there is no apt-get")?;
    let privilege = privilege().context("this user may not install packages")?;
    let apt = |arguments: &[&str]| {
        let mut words = privilege.iter().copied().chain(["apt-get"]).chain(arguments.iter().copied());
        let mut command = Command::new(words.next().unwrap_or("apt-get"));
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        steps::run(&mut command)
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-y", "-q", "--no-install-recommends", package])
}

/// What to write before `apt-get`: nothing for root, `sudo` where it asks for no password.
fn privilege() -> Option<&'static [&'static str]> {
    let user = steps::output(Command::new("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(&[]);
    }
    steps::output(Command::new("sudo").args(["-n", "true"])).ok().map(|_| ["sudo", "-n"].as_slice())
}
