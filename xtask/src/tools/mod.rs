//! What must be installed beside Rust, in pinned versions, in the user's cache directory: a fresh clone finds
//! what another one has installed.

mod cargo_tool;
mod chromium;
mod npm;
mod target;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;

pub(crate) use cargo_tool::{CARGO_DENY, CARGO_MACHETE, TRUNK, has_nextest, wasm_bindgen};
pub(crate) use chromium::Chromium;
pub(crate) use npm::{BuildTools, Node, browser_bench, node_tests, playwright};
pub(crate) use target::wasm_target;

/// A Python that has `requests`, as it is installed here or not.
pub(crate) fn python_with_requests() -> Option<PathBuf> {
    let python = on_path(&["python3", "python"])?;
    steps::output(Command::new(&python).args(["-c", "import requests"])).is_ok().then_some(python)
}

/// `frontdesk` in the user's cache directory.
fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) if !cache.is_empty() => PathBuf::from(cache),
        _ => std::env::home_dir().context("neither XDG_CACHE_HOME nor HOME is set")?.join(".cache"),
    };
    Ok(base.join("frontdesk"))
}

/// The first program of these names on the PATH.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(executable(name))))
        .find(|candidate| candidate.is_file())
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
