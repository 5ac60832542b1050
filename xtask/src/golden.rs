//! A wire frame's golden file is added once and stands for ever: old widgets and old relays are out there.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::steps;
use crate::workspace::Workspace;

const FILES: &str = "shared/golden";

/// Looks for golden files that were changed or removed, in the history and since the last commit.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&workspace.root).args(arguments);
        steps::output(git.args(["--diff-filter=MDRT", "--name-only", "--format=", "--", FILES]))
    };
    // An unpacked archive has no history to look at.
    if !workspace.root.join(".git").exists() {
        steps::say("    no git history here: not checked");
        return Ok(());
    }
    let changed = git(&["log"])? + &git(&["diff", "HEAD"])?;
    let mut changed: Vec<_> = changed.lines().filter(|line| !line.is_empty()).collect();
    changed.sort_unstable();
    changed.dedup();
    ensure!(
        changed.is_empty(),
        "golden files are only added, but these were changed: {}",
        changed.join(", ")
    );
    Ok(())
}
