//! `dist/manifest.json`: what was built, how many bytes it is, and from what, so that it is not built twice.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::loader::Assets;
use super::shipped::ASSETS;
use crate::budget::Weight;

pub(crate) const NAME: &str = "manifest.json";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    inputs: String,
    optimized: bool,
    assets: Assets,
    files: BTreeMap<String, Size>,
}

/// Bytes as built, and after each compression where there is one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Size {
    pub(crate) raw: u64,
    pub(crate) br: Option<u64>,
    pub(crate) gz: Option<u64>,
}

impl Manifest {
    pub(crate) fn new(
        inputs: String,
        optimized: bool,
        assets: Assets,
        files: BTreeMap<String, Size>,
    ) -> Self {
        Self { inputs, optimized, assets, files }
    }

    /// The manifest of a directory that was made from these very inputs and still has all its files.
    pub(crate) fn of_complete(dist: &Path, inputs: &str) -> Option<Self> {
        let text = std::fs::read_to_string(dist.join(NAME)).ok()?;
        let manifest: Self = serde_json::from_str(&text).ok()?;
        let is =
            |name: &str, bytes: u64| std::fs::metadata(dist.join(name)).is_ok_and(|file| file.len() == bytes);
        let complete = manifest.files.iter().all(|(name, size)| {
            is(name, size.raw)
                && size.br.is_none_or(|bytes| is(&format!("{name}.br"), bytes))
                && size.gz.is_none_or(|bytes| is(&format!("{name}.gz"), bytes))
        });
        (manifest.inputs == inputs && complete).then_some(manifest)
    }

    pub(crate) fn to_json(&self) -> Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self).context("a manifest is names and numbers")?;
        json.push(b'\n');
        Ok(json)
    }

    /// Whether wasm-opt and the minifier had their part in it.
    pub(crate) fn optimized(&self) -> bool {
        self.optimized
    }

    /// What a visitor loads, in the order of loading.
    pub(crate) fn loaded(&self) -> Result<[(&'static str, Size); 4]> {
        let size = |path: String| {
            self.files.get(&path).copied().with_context(|| format!("dist/{NAME} lists no {path}"))
        };
        let asset = |name: &str| size(format!("{ASSETS}{name}"));
        Ok([
            ("loader", size("web1on1.js".to_owned())?),
            ("glue", asset(&self.assets.glue)?),
            ("wasm", asset(&self.assets.wasm)?),
            ("css", asset(&self.assets.css)?),
        ])
    }

    pub(crate) fn weight(&self) -> Result<Weight> {
        let [(_, loader), rest @ ..] = self.loaded()?;
        let brotli = |size: Size| size.br.unwrap_or(size.raw);
        Ok(Weight { loader: brotli(loader), rest: rest.into_iter().map(|(_, size)| brotli(size)).sum() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_is_weighed_apart_from_the_rest() {
        let weight = manifest().weight().unwrap();
        assert_eq!((weight.loader, weight.rest), (10, 20 + 30 + 4));
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let json = manifest().to_json().unwrap();
        let again: Manifest = serde_json::from_slice(&json).unwrap();
        assert_eq!(again.to_json().unwrap(), json);
    }

    fn manifest() -> Manifest {
        let assets = Assets {
            glue: "widget-1.js".into(),
            wasm: "widget-2.wasm".into(),
            css: "widget-3.css".into(),
            base: "/assets/".into(),
        };
        let size = |raw, br| Size { raw, br, gz: None };
        let files = [
            ("web1on1.js", size(100, Some(10))),
            ("assets/widget-1.js", size(100, Some(20))),
            ("assets/widget-2.wasm", size(100, Some(30))),
            ("assets/widget-3.css", size(4, None)),
            ("index.html", size(1000, Some(500))),
        ];
        let files = files.into_iter().map(|(name, size)| (name.to_owned(), size)).collect();
        Manifest::new("inputs".into(), true, assets, files)
    }
}
