//! What comes in from outside: licences, sources, advisories, and dependencies that nothing uses.

use anyhow::Result;

use crate::steps;
use crate::tools::{CARGO_DENY, CARGO_MACHETE};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let deny = CARGO_DENY.ensure(workspace)?;
    let machete = CARGO_MACHETE.ensure(workspace)?;
    let command = |program| {
        let mut command = std::process::Command::new(program);
        command.current_dir(&workspace.root);
        command
    };

    let rules = steps::step("cargo deny: bans, licences, sources", || {
        steps::run(command(&deny).args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
    });
    let advisories = steps::step("cargo deny: advisories", || {
        if let Err(error) = steps::output(command(&deny).args(["fetch", "db"])) {
            steps::say(format!(
                "    not checked: the advisory database cannot be fetched ({})",
                last_line(&error)
            ));
            return Ok(());
        }
        steps::run(command(&deny).args(["check", "--disable-fetch", "advisories"]))
    });
    let unused = steps::step("cargo machete: unused dependencies", || {
        steps::run(command(&machete).args(["--with-metadata"]))
    });
    steps::all([rules, advisories, unused])
}

fn last_line(error: &anyhow::Error) -> String {
    error.to_string().lines().last().unwrap_or_default().trim().to_owned()
}
