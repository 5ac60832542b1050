//! wasm-opt and esbuild where Node is there; the files as they are where it is not.

use std::path::Path;

use anyhow::{Context, Result};

use super::names::Names;
use crate::steps;
use crate::tools::BuildTools;

/// The features that rustc and wasm-bindgen use. `--all-features` makes modules that browsers refuse.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

/// For size after brotli, measured on this widget: inlining what has one caller breaks up what repeats, unless it
/// is small; and a value computed again compresses better than one kept in a local.
const WASM_PASSES: &[&str] = &[
    "-Oz",
    "--one-caller-inline-max-function-size=20",
    "--skip-pass=local-cse",
    "--minify-imports-and-exports-and-modules",
];

/// Newer syntax is rewritten: these are the browsers that have the WebAssembly features above.
const LANGUAGE: &str = "--target=es2021";

#[derive(Debug)]
pub(crate) enum Minify {
    With(BuildTools),
    Without,
}

impl Minify {
    pub(crate) fn is_on(&self) -> bool {
        matches!(self, Self::With(_))
    }

    /// What decides about the result besides the input.
    pub(crate) fn version(&self) -> String {
        match self {
            Self::With(_) => format!("{} {}", BuildTools::version(), WASM_PASSES.join(" ")),
            Self::Without => "none".to_owned(),
        }
    }

    /// The wasm, and the glue that goes with it: a module with what it imports inside.
    pub(crate) fn widget(&self, wasm: &Path, glue: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
        let Self::With(tools) = self else { return Ok((read(wasm)?, read(glue)?)) };
        let optimized = wasm.with_extension("opt.wasm");
        let mut wasm_opt = tools.wasm_opt();
        wasm_opt.args(WASM_PASSES).args(WASM_FEATURES).arg(wasm).arg("--output").arg(&optimized);
        let names = Names::read(&steps::output(&mut wasm_opt)?)?;
        let short = glue.with_extension("opt.js");
        std::fs::write(&short, names.follow(&std::fs::read_to_string(glue)?))?;
        Ok((read(&optimized)?, self.bundle(&short)?))
    }

    /// A module with what it imports inside. An import that no browser could resolve (in the glue: a crate that
    /// expects a C library from `env`) fails here.
    pub(crate) fn bundle(&self, path: &Path) -> Result<Vec<u8>> {
        self.esbuild(path, &["--bundle", "--format=esm"])
    }

    /// A script or style sheet that stands for itself.
    pub(crate) fn source(&self, path: &Path) -> Result<Vec<u8>> {
        self.esbuild(path, &[])
    }

    fn esbuild(&self, path: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
        match self {
            Self::With(tools) => {
                let mut esbuild = tools.esbuild();
                esbuild.args(["--minify", "--log-level=warning", LANGUAGE]).args(arguments).arg(path);
                Ok(steps::output(&mut esbuild)?.into_bytes())
            }
            Self::Without => read(path),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| path.display().to_string())
}
