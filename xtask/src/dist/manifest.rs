//! `dist/manifest.json`: what was built, how many bytes it is, and from what, so that it is not built twice.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::release::Release;
use crate::budget::Weight;

pub(crate) const NAME: &str = "manifest.json";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    inputs: String,
    optimized: bool,
    release: Release,
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
        release: Release,
        files: BTreeMap<String, Size>,
    ) -> Self {
        Self { inputs, optimized, release, files }
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

    /// What a visitor may load, in the order of loading.
    pub(crate) fn loaded(&self) -> Result<Vec<(&'static str, Size)>> {
        let size = |path: String| {
            self.files.get(&path).copied().with_context(|| format!("dist/{NAME} lists no {path}"))
        };
        let asset = |name: &str| size(self.release.path(name));
        Ok(vec![
            ("loader", size("web1on1.js".to_owned())?),
            ("page", asset("page.js")?),
            ("frame", asset("frame.js")?),
            ("flex", asset("flex.js")?),
            ("engine", asset("engine.js")?),
            ("glue", asset("widget.js")?),
            ("wasm", asset("widget.bin")?),
            ("css", asset("widget.css")?),
            ("later", asset("later.js")?),
        ])
    }

    pub(crate) fn weight(&self) -> Result<Weight> {
        let mut weight = Weight { loader: 0, page: 0, flex: 0, rest: 0 };
        for (name, size) in self.loaded()? {
            let bytes = size.br.unwrap_or(size.raw);
            match name {
                "loader" => weight.loader += bytes,
                "page" | "frame" => weight.page += bytes,
                "flex" => weight.flex += bytes,
                _ => {}
            }
            if name != "loader" {
                weight.rest += bytes;
            }
        }
        Ok(weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_is_weighed_apart_from_the_rest() {
        let weight = manifest().weight().unwrap();
        assert_eq!(
            (weight.loader, weight.page, weight.flex, weight.rest),
            (10, 5 + 1, 2, 5 + 1 + 2 + 7 + 3 + 20 + 30 + 4)
        );
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let json = manifest().to_json().unwrap();
        let again: Manifest = serde_json::from_slice(&json).unwrap();
        assert_eq!(again.to_json().unwrap(), json);
    }

    fn manifest() -> Manifest {
        let release = Release::of(&[]);
        let size = |raw, br| Size { raw, br, gz: None };
        let files = [
            ("web1on1.js".to_owned(), size(100, Some(10))),
            (release.path("page.js"), size(100, Some(5))),
            (release.path("frame.js"), size(100, Some(1))),
            (release.path("flex.js"), size(100, Some(2))),
            (release.path("engine.js"), size(100, Some(7))),
            (release.path("later.js"), size(100, Some(3))),
            (release.path("widget.js"), size(100, Some(20))),
            (release.path("widget.bin"), size(100, Some(30))),
            (release.path("widget.css"), size(4, None)),
            ("index.html".to_owned(), size(1000, Some(500))),
        ];
        Manifest::new("inputs".into(), true, release, files.into_iter().collect())
    }
}
