//! What must be installed beside Rust, in pinned versions, in the user's cache directory: a fresh clone finds
//! what another one has installed.

mod apt;
mod cargo_tool;
mod chromium;
mod npm;
mod schemathesis;
mod target;

use std::path::PathBuf;

use anyhow::{Context, Result};

pub(crate) use cargo_tool::{CARGO_DENY, CARGO_MACHETE, TRUNK, has_nextest, wasm_bindgen};
pub(crate) use chromium::Chromium;
pub(crate) use npm::{BuildTools, Node, browser_bench, node_tests, playwright};
pub(crate) use schemathesis::Schemathesis;
pub(crate) use target::wasm_target;

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
