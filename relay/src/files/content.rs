//! What a file is, by what it contains. Its name and what its sender says it is count for nothing: a browser would
//! run what calls itself a picture.

use super::pixels::{Pixels, pixels};

/// Bytes from the beginning that are looked at for signatures. Those of Office documents are a few KiB in.
const SIGNATURE: usize = 8 * 1024;
/// Bytes from the beginning that are kept. A photo says how large it is behind a segment or two of 64 KiB, which hold a
/// small copy of it.
const HEAD: usize = 160 * 1024;

/// Markup can run scripts whatever it is called: found by its first sign, never shown in a page.
const MARKUP: [(&str, &str); 4] = [
    ("<svg", "image/svg+xml"),
    ("<html", "text/html"),
    ("<!doctype html", "text/html"),
    ("<?xml", "text/xml"),
];

/// What has passed so far.
#[derive(Debug, Default)]
pub(super) struct Content {
    head: Vec<u8>,
    text: Text,
}

/// Whether all of it is text: UTF-8 without control characters.
#[derive(Debug)]
struct Text {
    is_text: bool,
    /// The beginning of a character whose end has not come yet.
    cut: Vec<u8>,
}

impl Default for Text {
    fn default() -> Self {
        Self { is_text: true, cut: Vec::new() }
    }
}

impl Content {
    pub(super) fn pass(&mut self, part: &[u8]) {
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&part[..room.min(part.len())]);
        self.text.pass(part);
    }

    /// How large it is shown, if it is a picture.
    pub(super) fn pixels(&self) -> Option<Pixels> {
        pixels(&self.head)
    }

    pub(super) fn media_type(&self) -> &'static str {
        let head = &self.head[..self.head.len().min(SIGNATURE)];
        let found = infer::get(head).map(|kind| kind.mime_type());
        if !self.text.is_whole() {
            return found.filter(|kind| !kind.starts_with("text/")).unwrap_or("application/octet-stream");
        }
        // Signatures of two letters are found in texts, too; these formats alone can be all text.
        match found {
            Some(kind @ ("application/pdf" | "application/rtf" | "text/x-shellscript")) => kind,
            Some(_) | None => markup(head).unwrap_or("text/plain"),
        }
    }
}

impl Text {
    fn pass(&mut self, part: &[u8]) {
        if !self.is_text {
            return;
        }
        let joined;
        let bytes = if self.cut.is_empty() {
            part
        } else {
            joined = [&self.cut, part].concat();
            &joined
        };
        let (text, rest) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, &[][..]),
            // Without a length of what is wrong, the end is only missing.
            Err(error) if error.error_len().is_none() => {
                let (whole, rest) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(whole).unwrap_or_default(), rest)
            }
            Err(_) => return self.is_text = false,
        };
        self.is_text = !text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'));
        self.cut = rest.to_vec();
    }

    fn is_whole(&self) -> bool {
        self.is_text && self.cut.is_empty()
    }
}

/// The kind of markup that this text is. What begins like an element and is none of those that are known is XML.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let after = begins.strip_prefix('<')?;
    if !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
        return None;
    }
    if infer::text::is_html(begins.as_bytes()) {
        return Some("text/html");
    }
    let known = MARKUP.iter().find(|(sign, _)| begins.contains(sign));
    Some(known.map_or("text/xml", |(_, kind)| kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(bytes: &[u8]) -> &'static str {
        let mut whole = Content::default();
        whole.pass(bytes);
        let mut by_byte = Content::default();
        bytes.chunks(1).for_each(|byte| by_byte.pass(byte));
        assert_eq!(whole.media_type(), by_byte.media_type(), "however it arrives");
        whole.media_type()
    }

    #[test]
    fn signatures_are_known() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"%PDF-1.4\nall of it is text", "application/pdf"),
            (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "application/pdf"),
            (b"PK\x03\x04\x14\0\0\0", "application/zip"),
            (b"MZ\x90\0\x03\0", "application/vnd.microsoft.portable-executable"),
        ] {
            assert_eq!(kind_of(bytes), kind);
        }
    }

    #[test]
    fn text_is_utf_8_without_control_characters() {
        assert_eq!(kind_of("Grüße aus 東京 🚲\r\n\tund so weiter".as_bytes()), "text/plain");
        assert_eq!(kind_of(b"BMW for sale"), "text/plain");
        assert_eq!(kind_of(b"1 < 2, and <3"), "text/plain");
        assert_eq!(kind_of(b"< no element"), "text/plain");
        assert_eq!(kind_of(b"a bell \x07"), "application/octet-stream");
        assert_eq!(kind_of(b"nothing \0"), "application/octet-stream");
        assert_eq!(kind_of(b"Gr\xfc\xdfe"), "application/octet-stream");
        assert_eq!(kind_of(&"é".as_bytes()[..1]), "application/octet-stream");
        let late = [&[b'a'; 3 * SIGNATURE][..], b"\xff"].concat();
        assert_eq!(kind_of(&late), "application/octet-stream");
    }

    #[test]
    fn whatever_runs_scripts_is_called_so() {
        for (text, kind) in [
            ("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
            ("<?xml version='1.0'?>\n<!-- a --><SVG onload='x()'/>", "image/svg+xml"),
            ("\u{feff} \n<!DOCTYPE html><p>", "text/html"),
            ("<script>alert(1)</script>", "text/html"),
            ("<!-- a comment --><html>", "text/html"),
            ("<?xml version='1.0'?><rss/>", "text/xml"),
            ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>", "text/xml"),
            ("#!/bin/sh\nrm -r /", "text/x-shellscript"),
        ] {
            assert_eq!(kind_of(text.as_bytes()), kind, "{text}");
        }
    }
}
