//! The browser of the browser tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{apt, on_path};
use crate::steps;
use crate::workspace::Workspace;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MACOS: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

#[derive(Debug)]
pub(crate) enum Chromium {
    /// One that the machine has.
    Installed(PathBuf),
    /// The build that Playwright fetched for itself and finds by itself.
    Playwrights,
}

impl Chromium {
    /// Needs the browser tests' packages installed.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        if let Some(path) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
            if !path.is_file() {
                bail!("CHROMIUM names {}, which is not there", path.display());
            }
            return Ok(Self::Installed(path));
        }
        if let Some(path) = find() {
            return Ok(Self::Installed(path));
        }
        if playwright_has_one(workspace) {
            return Ok(Self::Playwrights);
        }
        let fetched = steps::step("installing Chromium, for the browser tests", || install(workspace));
        match (fetched, find()) {
            (Ok(()), Some(path)) => Ok(Self::Installed(path)),
            (Ok(()), None) if playwright_has_one(workspace) => Ok(Self::Playwrights),
            _ => bail!(
                "no Chromium for the browser tests: install it (Debian: `apt-get install chromium`) \
                 or name one in CHROMIUM"
            ),
        }
    }
}

fn find() -> Option<PathBuf> {
    on_path(NAMES).or_else(|| Some(PathBuf::from(ON_MACOS)).filter(|path| path.is_file()))
}

/// The distribution's package where this user may install one, else Playwright's own build.
fn install(workspace: &Workspace) -> Result<()> {
    if let Err(error) = apt::install("chromium") {
        steps::say(format!("    {error:#}: trying Playwright's own build"));
        return steps::run(super::playwright(workspace).args(["install", "chromium"]));
    }
    Ok(())
}

fn playwright_has_one(workspace: &Workspace) -> bool {
    let mut node = Command::new("node");
    node.current_dir(workspace.browser_tests());
    node.args(["--print", "require('@playwright/test').chromium.executablePath()"]);
    steps::output(&mut node).is_ok_and(|path| Path::new(path.trim()).is_file())
}
