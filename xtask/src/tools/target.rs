//! The standard library for browsers: as rustup has it, and its source, of which the widget's own is built.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;
use crate::workspace::Workspace;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Within rustc's own directory.
const SOURCE: &str = "lib/rustlib/src/rust/library/Cargo.lock";

/// `rust-toolchain.toml` names both, and rustup brings them with the toolchain; a toolchain that was there before may
/// lack one.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<&'static str> {
    let ask = |arguments: &[&str]| {
        steps::output(Command::new("rustc").current_dir(&workspace.root).args(arguments))
    };
    if !Path::new(ask(&["--print", "target-libdir", "--target", WASM])?.trim()).is_dir() {
        add(
            workspace,
            &["target", "add", WASM],
            &format!("the Rust target {WASM}, which the widget is built for"),
        )?;
    }
    if !Path::new(ask(&["--print", "sysroot"])?.trim()).join(SOURCE).is_file() {
        add(
            workspace,
            &["component", "add", "rust-src"],
            "the source of Rust's standard library, which is built for the widget",
        )?;
    }
    Ok(WASM)
}

fn add(workspace: &Workspace, arguments: &[&str], what: &str) -> Result<()> {
    steps::step(&format!("adding {what}"), || {
        let mut rustup = Command::new("rustup");
        steps::run(rustup.current_dir(&workspace.root).args(arguments))
            .with_context(|| format!("the widget needs {what}, and rustup could not add it"))
    })
}
