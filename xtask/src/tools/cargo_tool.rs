//! Tools that are Rust crates: installed at one version into a directory named after it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::{cache, executable, on_path};
use crate::steps;
use crate::workspace::Workspace;

#[derive(Debug)]
pub(crate) struct CargoTool<Version = &'static str> {
    krate: &'static str,
    binary: &'static str,
    version: Version,
    why: &'static str,
}

pub(crate) const TRUNK: CargoTool = CargoTool {
    krate: "trunk",
    binary: "trunk",
    version: "0.22.1",
    why: "to check that the widget's development page builds (about 6 minutes on two cores, once)",
};

pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    krate: "cargo-deny",
    binary: "cargo-deny",
    version: "0.20.2",
    why: "to check licences, sources and advisories (some minutes, once)",
};

pub(crate) const CARGO_MACHETE: CargoTool = CargoTool {
    krate: "cargo-machete",
    binary: "cargo-machete",
    version: "0.9.2",
    why: "to find dependencies that nothing uses",
};

/// The glue generator must be of exactly the version that the widget was compiled against.
pub(crate) fn wasm_bindgen(workspace: &Workspace) -> Result<CargoTool<String>> {
    let path = workspace.root.join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(CargoTool {
        krate: "wasm-bindgen-cli",
        binary: "wasm-bindgen",
        version: locked_version(&lock, "wasm-bindgen")?,
        why: "to make the widget callable from a page (about 2 minutes on two cores, once)",
    })
}

/// Used where the machine has it, never installed: plain `cargo test` does.
pub(crate) fn has_nextest() -> bool {
    on_path(&["cargo-nextest"]).is_some()
}

impl<Version: AsRef<str>> CargoTool<Version> {
    pub(crate) fn version(&self) -> &str {
        self.version.as_ref()
    }

    /// The installed program.
    pub(crate) fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        let root = cache()?.join(format!("{}-{}", self.binary, self.version()));
        let program = root.join("bin").join(executable(self.binary));
        if !program.is_file() {
            let what =
                format!("installing {} {} into {}, {}", self.krate, self.version(), root.display(), self.why);
            steps::step(&what, || self.install(workspace, &root))?;
            ensure!(program.is_file(), "{} {} brought no {}", self.krate, self.version(), program.display());
        }
        Ok(program)
    }

    /// Prebuilt where cargo-binstall is at hand, else from source. Without `--locked`: a lock file inside a crate
    /// may name a patch release that the registry does not serve yet.
    fn install(&self, workspace: &Workspace, root: &Path) -> Result<()> {
        if on_path(&["cargo-binstall"]).is_some() {
            let mut binstall = workspace.cargo();
            binstall.args(["binstall", "--no-confirm", "--disable-strategies", "compile"]);
            binstall.args([self.krate, "--version", self.version(), "--root"]).arg(root);
            match steps::run(&mut binstall) {
                Ok(()) => return Ok(()),
                Err(_) => steps::say("    nothing prebuilt could be had: compiling it"),
            }
        }
        let mut install = workspace.cargo();
        install.args(["install", self.krate, "--version", self.version(), "--bin", self.binary, "--root"]);
        install.arg(root);
        steps::run(&mut install)
    }
}

fn locked_version(lock: &str, name: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }

    let lock: Lock = toml::from_str(lock).context("Cargo.lock cannot be read")?;
    let mut versions = lock.package.into_iter().filter(|package| package.name == name);
    let found = versions.next().with_context(|| format!("Cargo.lock names no {name}"))?;
    ensure!(
        versions.next().is_none(),
        "Cargo.lock names two versions of {name}; the widget can use only one"
    );
    Ok(found.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_of_that_very_crate() {
        let lock =
            lock(&[("wasm-bindgen-macro", "0.2.9"), ("wasm-bindgen", "0.2.130"), ("web-sys", "0.3.1")]);
        assert_eq!(locked_version(&lock, "wasm-bindgen").unwrap(), "0.2.130");
    }

    #[test]
    fn a_missing_or_doubtful_version_is_an_error() {
        let twice = lock(&[("wasm-bindgen", "0.2.130"), ("wasm-bindgen", "0.3.0")]);
        assert_eq!(
            message(&twice),
            "Cargo.lock names two versions of wasm-bindgen; the widget can use only one"
        );
        assert_eq!(message(&lock(&[("serde", "1.0.0")])), "Cargo.lock names no wasm-bindgen");
        assert_eq!(message("package = 1"), "Cargo.lock cannot be read");
    }

    fn message(lock: &str) -> String {
        locked_version(lock, "wasm-bindgen").unwrap_err().to_string()
    }

    fn lock(packages: &[(&str, &str)]) -> String {
        packages
            .iter()
            .map(|(name, version)| {
                format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"x\"\n\n")
            })
            .collect()
    }
}
