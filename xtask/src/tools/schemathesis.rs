//! Schemathesis, from PyPI, with a Python environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{apt, cache};
use crate::{digest, steps};

/// All versions are pinned, also of what it needs itself.
const REQUIREMENTS: &str = include_str!("../../../tests/api/requirements.txt");

#[derive(Debug)]
pub(crate) struct Schemathesis {
    home: PathBuf,
}

impl Schemathesis {
    pub(crate) fn ensure() -> Result<Self> {
        let home = cache()?.join(format!("schemathesis-{}", &digest::of(REQUIREMENTS)[..12]));
        // An environment works in no other place than where it was made: it is complete when this is there.
        let stamp = home.join(".installed");
        if !stamp.is_file() {
            let what = format!("installing schemathesis into {}, for the tests of the API", home.display());
            steps::step(&what, || {
                make_environment(&home)?;
                let requirements = home.join("requirements.txt");
                std::fs::write(&requirements, REQUIREMENTS)
                    .with_context(|| requirements.display().to_string())?;
                let mut pip = Command::new(home.join("bin/python"));
                pip.args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "-r",
                ]);
                steps::run(pip.arg(&requirements))?;
                std::fs::write(&stamp, "").with_context(|| stamp.display().to_string())
            })?;
        }
        Ok(Self { home })
    }

    /// A Python that has `requests`, which schemathesis asks with.
    pub(crate) fn python(&self) -> PathBuf {
        self.home.join("bin/python")
    }

    pub(crate) fn command(&self) -> Command {
        Command::new(self.home.join("bin/schemathesis"))
    }
}

/// Debian keeps what makes environments in a package of its own.
fn make_environment(home: &Path) -> Result<()> {
    let make = || {
        let mut python = Command::new("python3");
        python.args(["-m", "venv", "--clear"]).arg(home);
        steps::output(&mut python)
    };
    if make().is_err() {
        apt::install("python3-venv").and_then(|()| make()).context(
            "the tests of the API need Python 3 with venv (Debian: `apt-get install python3-venv`)",
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_pinned_and_no_host_is_named() {
        for line in REQUIREMENTS.lines() {
            assert!(line.contains("==") && !line.contains("://"), "{line}");
        }
        assert!(REQUIREMENTS.contains("schemathesis==4."));
    }
}
