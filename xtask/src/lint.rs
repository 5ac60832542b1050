//! Everything that can be said about the code without running it.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{golden, layering, steps, tools};

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let target = tools::wasm_target(workspace)?;
    let cargo = |arguments: &str| {
        let mut cargo = workspace.cargo();
        cargo.args(arguments.split(' ')).env("RUSTDOCFLAGS", "-D warnings");
        steps::step(&format!("cargo {arguments}"), || steps::run(&mut cargo))
    };
    // All of them, so that one run tells everything.
    steps::all([
        cargo("fmt --all --check"),
        steps::step("layering", || layering::check(workspace)),
        steps::step("golden files", || golden::check(workspace)),
        cargo("clippy --workspace --exclude widget --all-targets -- -D warnings"),
        cargo(&format!("clippy --package widget --target {target} -- -D warnings")),
        cargo("doc --workspace --no-deps"),
    ])
}
