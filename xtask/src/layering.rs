//! The directions that dependencies may point in (ARCHITECTURE.md): `shared` is pure, and nothing stands on
//! `widget`. What `shared` may not call from the standard library is listed in `shared/clippy.toml`.

use anyhow::{Result, ensure};

use crate::steps;
use crate::workspace::{Package, Workspace};

/// Crates that bring a clock, randomness, a socket, a browser, a database or a runtime.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "getrandom",
    "hyper",
    "js-sys",
    "leptos",
    "mio",
    "rand",
    "rusqlite",
    "smol",
    "sqlx",
    "tokio",
    "wasm-bindgen",
    "web-sys",
];

const TOP: &str = "widget";

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    // Every target's dependencies: what a browser build pulls in counts too.
    cargo.args(["tree", "--package", "shared", "--edges", "normal,build", "--target", "all"]);
    let tree = steps::output(cargo.args(["--prefix", "none", "--format", "{p}"]))?;
    let impure = impurities(&tree);
    ensure!(impure.is_empty(), "`shared` must stay pure, but depends on {}", impure.join(", "));

    let above = standing_on_top(&workspace.packages);
    ensure!(above.is_empty(), "nothing may depend on `{TOP}`, but {} does", above.join(", "));
    Ok(())
}

/// Which of the forbidden crates `cargo tree` lists, each once.
fn impurities(tree: &str) -> Vec<&'static str> {
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    IMPURE.iter().copied().filter(|name| names.contains(name)).collect()
}

fn standing_on_top(packages: &[Package]) -> Vec<&str> {
    packages
        .iter()
        .filter(|package| package.dependencies.iter().any(|dependency| dependency.name == TOP))
        .map(|package| package.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    #[test]
    fn a_forbidden_crate_is_found_at_any_depth_but_not_by_half_its_name() {
        let tree =
            "shared v0.1.0 (/x/shared)\nserde v1.0.0\ntokio-util v0.7.0\nrand v0.9.0\nrand v0.9.0 (*)\n";
        assert_eq!(impurities(tree), ["rand"]);
    }

    #[test]
    fn whoever_depends_on_the_widget_is_named() {
        let packages = [package("relay", &["shared"]), package("tests", &["shared", "widget"])];
        assert_eq!(standing_on_top(&packages), ["tests"]);
    }

    fn package(name: &str, dependencies: &[&str]) -> Package {
        let dependencies = dependencies.iter().map(|name| Dependency { name: (*name).to_owned() }).collect();
        Package { name: name.to_owned(), dependencies }
    }
}
