//! Where the checkout is, where cargo builds, and how to call cargo from here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::steps;

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target directory, wherever the user's configuration puts it.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in a workspace")?.to_owned();
        let json = steps::output(cargo_in(&root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Metadata =
            serde_json::from_str(&json).context("`cargo metadata` changed its format")?;
        Ok(Self { root, target: metadata.target_directory, packages: metadata.packages })
    }

    pub(crate) fn cargo(&self) -> Command {
        cargo_in(&self.root)
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    pub(crate) fn client_tests(&self) -> PathBuf {
        self.root.join("tests/clients")
    }

    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests/browser")
    }
}

/// Cargo, without what `cargo run` told xtask about itself: build scripts that watch these variables would
/// run again each time one changes between a direct call and one from here.
fn cargo_in(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| text.starts_with(prefix)) {
            cargo.env_remove(&name);
        }
    }
    cargo
}
