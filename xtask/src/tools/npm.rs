//! Node, and what comes from npm: the tools that make the widget small, the packages of the tests of clients and
//! browsers, and those that the bench compares with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};

use super::{cache, on_path};
use crate::workspace::Workspace;
use crate::{digest, steps};

const PACKAGE: &str = include_str!("../../npm/package.json");
const LOCK: &str = include_str!("../../npm/package-lock.json");

/// The oldest major version that the pinned packages accept.
const OLDEST_NODE: u32 = 20;

/// Proof that Node and npm are there and new enough.
#[derive(Debug)]
pub(crate) struct Node {
    npm: PathBuf,
}

impl Node {
    /// The reason as an error when there is none.
    pub(crate) fn find() -> Result<Self> {
        let Some(npm) = on_path(&["npm", "npm.cmd"]) else {
            bail!("npm is not on the PATH");
        };
        let version =
            steps::output(Command::new("node").arg("--version")).context("Node is not to be had")?;
        match major(&version) {
            Some(major) if major >= OLDEST_NODE => Ok(Self { npm }),
            _ => bail!("Node {} is too old, {OLDEST_NODE} is needed", version.trim()),
        }
    }

    pub(crate) fn ensure_client_packages(&self, workspace: &Workspace) -> Result<()> {
        let what =
            "installing web1on1's SDK into tests/clients/node_modules, for the tests of clients and browsers";
        self.ensure_packages(&workspace.client_tests(), what)
    }

    pub(crate) fn ensure_test_packages(&self, workspace: &Workspace) -> Result<()> {
        let what = "installing Playwright and axe into tests/browser/node_modules, for the browser tests";
        self.ensure_packages(&workspace.browser_tests(), what)
    }

    /// For nothing but `bench widget`: no test needs the peers.
    pub(crate) fn ensure_bench_packages(&self, workspace: &Workspace) -> Result<()> {
        let what = "installing Lighthouse and two chat widgets into tests/browser/bench/node_modules, to compare with";
        self.ensure_packages(&workspace.browser_tests().join("bench"), what)
    }

    /// Unpacks one package, with nothing that it needs, into `directory/package`.
    pub(crate) fn fetch(&self, package: &str, directory: &Path) -> Result<()> {
        let mut npm = Command::new(&self.npm);
        let file = steps::output(npm.current_dir(directory).args(["pack", "--silent", package]))?;
        steps::run(Command::new("tar").current_dir(directory).args(["-xzf", file.trim()]))
    }

    /// Installs the packages of this directory's lock file, unless they are there already.
    fn ensure_packages(&self, directory: &Path, what: &str) -> Result<()> {
        let path = directory.join("package-lock.json");
        let lock = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let stamp = directory.join("node_modules/.installed-lock");
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
            return Ok(());
        }
        steps::step(what, || {
            self.install(directory)?;
            std::fs::write(&stamp, &lock).with_context(|| stamp.display().to_string())
        })
    }

    /// No install scripts: everything used is plain JavaScript or a ready binary inside its package.
    fn install(&self, directory: &Path) -> Result<()> {
        let mut npm = Command::new(&self.npm);
        npm.current_dir(directory).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        steps::run(&mut npm)
    }
}

/// wasm-opt, esbuild and Terser, at the versions of `xtask/npm/package-lock.json`.
#[derive(Debug)]
pub(crate) struct BuildTools {
    packages: PathBuf,
}

impl BuildTools {
    pub(crate) fn ensure(node: &Node) -> Result<Self> {
        let home = cache()?.join(format!("npm-{}", Self::version()));
        if !home.is_dir() {
            let what = format!(
                "installing wasm-opt, esbuild and Terser into {}, to make the widget small",
                home.display()
            );
            steps::step(&what, || {
                // Complete under its name or not there: an interrupted installation is never used.
                let partial = home.with_extension(format!("partial-{}", std::process::id()));
                std::fs::create_dir_all(&partial).with_context(|| partial.display().to_string())?;
                std::fs::write(partial.join("package.json"), PACKAGE)?;
                std::fs::write(partial.join("package-lock.json"), LOCK)?;
                node.install(&partial)?;
                std::fs::rename(&partial, &home).with_context(|| home.display().to_string())
            })?;
        }
        Ok(Self { packages: home.join("node_modules") })
    }

    /// Changes with any pinned version.
    pub(crate) fn version() -> &'static str {
        static VERSION: LazyLock<String> = LazyLock::new(|| digest::of(LOCK)[..12].to_owned());
        &VERSION
    }

    pub(crate) fn wasm_opt(&self) -> Command {
        script(&self.packages.join("binaryen/bin/wasm-opt"))
    }

    pub(crate) fn terser(&self) -> Command {
        script(&self.packages.join("terser/bin/terser"))
    }

    pub(crate) fn esbuild(&self) -> Command {
        script(&self.packages.join("esbuild/bin/esbuild"))
    }
}

/// Node's own test runner, on all tests of this directory.
pub(crate) fn node_tests(directory: &Path) -> Command {
    let mut tests = Command::new("node");
    tests.current_dir(directory).args(["--test", "--test-reporter", "spec"]);
    tests
}

/// Playwright's command, to be run where its configuration stands.
pub(crate) fn playwright(workspace: &Workspace) -> Command {
    let mut playwright = script(Path::new("node_modules/@playwright/test/cli.js"));
    playwright.current_dir(workspace.browser_tests());
    playwright
}

/// A program that measures the widget in a browser, by its name.
pub(crate) fn browser_bench(workspace: &Workspace, name: &str) -> Command {
    let mut bench = script(&Path::new("bench").join(name));
    bench.current_dir(workspace.browser_tests());
    bench
}

/// A package's program by its file: what npm puts into `.bin` differs between systems.
fn script(path: &Path) -> Command {
    let mut node = Command::new("node");
    node.arg(path);
    node
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major("v"), None);
    }

    #[test]
    fn the_lock_files_name_no_host() {
        assert!(!LOCK.contains("\"resolved\""));
        assert!(!include_str!("../../../tests/clients/package-lock.json").contains("\"resolved\""));
        assert!(!include_str!("../../../tests/browser/package-lock.json").contains("\"resolved\""));
        assert!(!include_str!("../../../tests/browser/bench/package-lock.json").contains("\"resolved\""));
    }
}
