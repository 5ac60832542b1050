//! What `dist/` is made from, and a fingerprint of it that tells whether it must be made again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::digest;

/// The steps themselves: a change here changes what comes out.
const STEPS: &[&str] = &[
    include_str!("mod.rs"),
    include_str!("glue.rs"),
    include_str!("manifest.rs"),
    include_str!("minify.rs"),
    include_str!("names.rs"),
    include_str!("release.rs"),
    include_str!("shipped.rs"),
    include_str!("styles.rs"),
    include_str!("traps.rs"),
    include_str!("words.rs"),
];

#[derive(Debug)]
pub(crate) struct Inputs {
    static_directory: PathBuf,
    static_files: BTreeMap<String, Vec<u8>>,
    wasm: Vec<u8>,
}

impl Inputs {
    pub(crate) fn read(static_directory: &Path, wasm: &Path) -> Result<Self> {
        Ok(Self {
            static_directory: static_directory.to_owned(),
            static_files: files_below(static_directory)?,
            wasm: std::fs::read(wasm).with_context(|| wasm.display().to_string())?,
        })
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)], wasm: &str) -> Self {
        Self {
            static_directory: PathBuf::new(),
            static_files: files
                .iter()
                .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
                .collect(),
            wasm: wasm.as_bytes().to_vec(),
        }
    }

    pub(crate) fn static_files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.static_files.iter().map(|(name, content)| (name.as_str(), content.as_slice()))
    }

    pub(crate) fn static_file(&self, name: &str) -> Result<PathBuf> {
        ensure!(self.static_files.contains_key(name), "static/{name} is missing");
        Ok(self.static_directory.join(name))
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        let content = self.static_files.get(name).with_context(|| format!("static/{name} is missing"))?;
        std::str::from_utf8(content).with_context(|| format!("static/{name}"))
    }

    pub(crate) fn fingerprint(&self, wasm_bindgen: &str, minifiers: &str) -> String {
        let files = self.static_files.iter().flat_map(|(name, content)| [name.as_bytes(), content]);
        let others = [wasm_bindgen.as_bytes(), minifiers.as_bytes(), &self.wasm];
        let steps = STEPS.iter().map(|step| step.as_bytes());
        digest::of_parts(others.into_iter().chain(steps).chain(files))
    }
}

/// Every file below a directory, by its path in it with `/`.
pub(crate) fn files_below(directory: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    collect(directory, "", &mut files)?;
    Ok(files)
}

fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let entries = std::fs::read_dir(directory).with_context(|| directory.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_changes_the_fingerprint() {
        let base = Inputs::of(&[("a.js", "1"), ("b.js", "2")], "wasm");
        let prints = [
            base.fingerprint("0.2.130", "tools"),
            base.fingerprint("0.2.131", "tools"),
            base.fingerprint("0.2.130", "none"),
            Inputs::of(&[("a.js", "1"), ("b.js", "2")], "other").fingerprint("0.2.130", "tools"),
            Inputs::of(&[("a.js", "1"), ("c.js", "2")], "wasm").fingerprint("0.2.130", "tools"),
            Inputs::of(&[("a.js", "1b.js"), ("", "2")], "wasm").fingerprint("0.2.130", "tools"),
        ];
        let distinct: std::collections::BTreeSet<_> = prints.iter().collect();
        assert_eq!(distinct.len(), prints.len());
        assert_eq!(base.fingerprint("0.2.130", "tools"), prints[0]);
    }
}
