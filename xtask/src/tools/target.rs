//! The standard library for browsers.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;
use crate::workspace::Workspace;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// `rust-toolchain.toml` names the target, and rustup brings it with the toolchain; a toolchain that was there
/// before may lack it.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<&'static str> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(&workspace.root).args(["--print", "target-libdir", "--target", WASM]);
    if !Path::new(steps::output(&mut rustc)?.trim()).is_dir() {
        steps::step(&format!("adding the Rust target {WASM}, which the widget is built for"), || {
            let mut rustup = Command::new("rustup");
            steps::run(rustup.current_dir(&workspace.root).args(["target", "add", WASM]))
                .context("the widget needs the Rust target, and rustup could not add it")
        })?;
    }
    Ok(WASM)
}
