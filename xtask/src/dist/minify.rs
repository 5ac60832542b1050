//! wasm-opt, esbuild and Terser where Node is there; the files as they are where it is not.

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

/// Newer syntax is rewritten: these are the browsers that have the WebAssembly features above. esbuild only puts modules
/// together: what Terser makes of them is 5 % less after brotli.
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
    pub(crate) fn widget(&self, work: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
        let (wasm, glue) = (work.join("widget_bg.wasm"), work.join("widget.js"));
        let Self::With(tools) = self else { return Ok((read(&wasm)?, read(&glue)?)) };
        let optimized = wasm.with_extension("opt.wasm");
        let mut wasm_opt = tools.wasm_opt();
        wasm_opt.args(WASM_PASSES).args(WASM_FEATURES).arg(&wasm).arg("--output").arg(&optimized);
        let names = Names::read(&steps::output(&mut wasm_opt)?)?;
        let short = glue.with_extension("opt.js");
        std::fs::write(&short, names.follow(&std::fs::read_to_string(&glue)?))?;
        Ok((read(&optimized)?, self.bundle(&short, work)?))
    }

    /// A module with what it imports inside. An import that no browser could resolve (in the glue: a crate that
    /// expects a C library from `env`) fails here.
    pub(crate) fn bundle(&self, path: &Path, work: &Path) -> Result<Vec<u8>> {
        let Self::With(tools) = self else { return read(path) };
        let bundle = work.join("bundle.js");
        let mut esbuild = tools.esbuild();
        esbuild.args(["--bundle", "--format=esm", "--log-level=warning", LANGUAGE]).arg(path);
        std::fs::write(&bundle, steps::output(&mut esbuild)?)?;
        terser(tools, &["--module"], &bundle)
    }

    /// A script that stands for itself.
    pub(crate) fn script(&self, path: &Path) -> Result<Vec<u8>> {
        match self {
            Self::With(tools) => terser(tools, &[], path),
            Self::Without => read(path),
        }
    }

    pub(crate) fn styles(&self, path: &Path) -> Result<String> {
        let Self::With(tools) = self else { return Ok(std::fs::read_to_string(path)?) };
        let mut esbuild = tools.esbuild();
        esbuild.args(["--minify", "--log-level=warning"]).arg(path);
        steps::output(&mut esbuild)
    }
}

fn terser(tools: &BuildTools, arguments: &[&str], path: &Path) -> Result<Vec<u8>> {
    let mut terser = tools.terser();
    terser.args(["--compress", "--mangle", "--ecma", "2020"]).args(arguments).arg(path);
    Ok(steps::output(&mut terser)?.into_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| path.display().to_string())
}
