//! The names between glue and wasm. Those of wasm-bindgen are long, some end in 16 random hex digits, which nothing can
//! compress, and both files carry them: 3 KB together. wasm-opt makes one or two letters of each, and the glue follows.

use anyhow::{Context, Result};
use serde::Deserialize;

/// In the glue before a name that the wasm exports.
const EXPORTS: &str = "wasm.";

/// How the glue calls the one module that the wasm imports, and how wasm-opt does.
const MODULE: &str = "\"./widget_bg.js\"";
const SHORT_MODULE: &str = "\"a\"";

/// What wasm-opt tells of the names that it has shortened.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    /// Module, old name, new name.
    imports: Vec<(String, String, String)>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

impl Names {
    pub(super) fn read(report: &str) -> Result<Self> {
        serde_json::from_str(report).context("wasm-opt's report on names")
    }

    /// The glue of the wasm that has these names.
    pub(super) fn follow(&self, glue: &str) -> String {
        let import = |word: &str| self.imports.iter().find(|(_, old, _)| old == word).map(|(_, _, new)| new);
        let export = |word: &str| self.exports.iter().find(|(old, _)| old == word).map(|(_, new)| new);
        let glue =
            replace(glue, |before, word, after| match (before.ends_with(EXPORTS), after.starts_with(": ")) {
                (true, _) => export(word).cloned(),
                (false, true) => import(word).cloned(),
                (false, false) => None,
            });
        glue.replace(MODULE, SHORT_MODULE)
    }
}

/// The text with other words in it: `new(before, word, after)`, where there is one.
pub(super) fn replace(text: &str, new: impl FnMut(&str, &str, &str) -> Option<String>) -> String {
    replace_words(text, |c| c.is_ascii_alphanumeric() || c == '_' || c == '$', new)
}

/// The same, for what is a word of a style sheet.
pub(super) fn replace_in_styles(text: &str, new: impl FnMut(&str, &str, &str) -> Option<String>) -> String {
    replace_words(text, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-', new)
}

fn replace_words(
    text: &str,
    is_word: fn(char) -> bool,
    mut new: impl FnMut(&str, &str, &str) -> Option<String>,
) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        let word = &text[start..end];
        replaced.push_str(&text[at..start]);
        replaced.push_str(new(&text[..start], word, &text[end..]).as_deref().unwrap_or(word));
        at = end;
    }
    replaced.push_str(&text[at..]);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_glue_has_the_names_of_the_wasm() {
        let report = r#"{
            "imports": [["./widget_bg.js", "__wbg_call_a4", "b"], ["./widget_bg.js", "__wbg_call_a40", "c"]],
            "exports": [["start", "d"], ["memory", "e"]]
        }"#;
        let glue = r#"
            export function start() { const memory = wasm.start(wasm.memory.buffer); }
            { __wbg_call_a4: (arg0) => arg0.start, __wbg_call_a40: (arg0) => arg0 }
            { "./widget_bg.js": import0 }"#;
        let expected = r#"
            export function start() { const memory = wasm.d(wasm.e.buffer); }
            { b: (arg0) => arg0.start, c: (arg0) => arg0 }
            { "a": import0 }"#;
        assert_eq!(Names::read(report).unwrap().follow(glue), expected);
    }

    #[test]
    fn a_report_that_is_none_is_told() {
        assert!(Names::read("[wasm-opt] done").unwrap_err().to_string().contains("report on names"));
    }
}
