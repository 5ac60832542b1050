//! The files of `dist/` in memory, each with its compressed copies, and how they get onto the disk.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::manifest::{self, Manifest, Size};
use super::{columns, inputs};

/// Where the hashed files stand, in `dist/` and on the relay.
pub(crate) const ASSETS: &str = "assets/";

/// Text shrinks. Images and fonts are compressed already.
const COMPRESSIBLE: &[&str] = &["css", "html", "js", "json", "svg", "ts", "txt"];

/// Wasm in columns.
const COLUMNS: &str = "bin";

/// Bytes at a time from the compressor.
const BUFFER: usize = 65_536;

#[derive(Debug, Default)]
pub(crate) struct Shipped {
    files: BTreeMap<String, File>,
}

#[derive(Debug)]
struct File {
    raw: Vec<u8>,
    br: Option<Vec<u8>>,
    gz: Option<Vec<u8>>,
}

impl Shipped {
    pub(crate) fn add(&mut self, name: &str, raw: Vec<u8>) {
        let (br, gz) = match name.rsplit('.').next() {
            Some(COLUMNS) => (Some(brotli(&raw, &columns::borders(&raw))), Some(gzip(&raw))),
            Some(extension) if COMPRESSIBLE.contains(&extension) => {
                (Some(brotli(&raw, &[])), Some(gzip(&raw)))
            }
            _ => (None, None),
        };
        self.files.insert(name.to_owned(), File { raw, br, gz });
    }

    pub(crate) fn sizes(&self) -> BTreeMap<String, Size> {
        let size = |file: &File| Size {
            raw: file.raw.len() as u64,
            br: file.br.as_ref().map(|bytes| bytes.len() as u64),
            gz: file.gz.as_ref().map(|bytes| bytes.len() as u64),
        };
        self.files.iter().map(|(name, file)| (name.clone(), size(file))).collect()
    }

    /// Makes the directory hold these files and the manifest, and no others. A file that is right already is not
    /// touched, so that the relay is not compiled again for it; the manifest comes last, and vouches for the rest.
    pub(crate) fn replace(self, directory: &Path, manifest: &Manifest) -> Result<()> {
        let mut wanted = BTreeMap::new();
        for (name, file) in self.files {
            if let Some(br) = file.br {
                wanted.insert(format!("{name}.br"), br);
            }
            if let Some(gz) = file.gz {
                wanted.insert(format!("{name}.gz"), gz);
            }
            wanted.insert(name, file.raw);
        }
        std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
        let present = inputs::files_below(directory)?;
        for (name, content) in &wanted {
            if present.get(name) != Some(content) {
                write(&directory.join(name), content)?;
            }
        }
        for name in present.keys().filter(|name| *name != manifest::NAME && !wanted.contains_key(*name)) {
            std::fs::remove_file(directory.join(name)).with_context(|| name.clone())?;
        }
        write(&directory.join(manifest::NAME), &manifest.to_json()?)
    }
}

/// Quality and window at their maximum: compressed once, served from memory ever after. At each of `borders` a block
/// begins, with codes of its own.
fn brotli(raw: &[u8], borders: &[usize]) -> Vec<u8> {
    let parameters =
        BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: raw.len(), ..Default::default() };
    let mut compressor = CompressorWriter::with_params(Vec::new(), BUFFER, &parameters);
    let mut start = 0;
    for &border in borders {
        compressor
            .write_all(&raw[start..border])
            .and_then(|()| compressor.flush())
            .expect("memory can be written to");
        start = border;
    }
    compressor.write_all(&raw[start..]).expect("memory can be written to");
    compressor.into_inner()
}

fn gzip(raw: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(raw).and_then(|()| encoder.finish()).expect("memory can be written to")
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
    }
    std::fs::write(path, content).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_compressed_and_images_are_not() {
        let mut shipped = Shipped::default();
        shipped.add("a.js", b"go();".repeat(100));
        shipped.add("a.png", b"go();".repeat(100));
        let sizes = shipped.sizes();
        assert!(sizes["a.js"].br.is_some_and(|bytes| bytes < 50));
        assert!(sizes["a.js"].gz.is_some_and(|bytes| bytes < 50));
        assert!(sizes["a.png"].br.is_none() && sizes["a.png"].gz.is_none());
    }

    #[test]
    fn brotli_reads_back_whatever_its_blocks() {
        let mut text = String::new();
        let compressed = brotli(b"hello, hello", &[5, 7]);
        std::io::Read::read_to_string(&mut brotli::Decompressor::new(&compressed[..], BUFFER), &mut text)
            .unwrap();
        assert_eq!(text, "hello, hello");
    }

    #[test]
    fn gzip_reads_back() {
        let mut text = String::new();
        let compressed = gzip(b"hello");
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&compressed[..]), &mut text).unwrap();
        assert_eq!(text, "hello");
    }
}
