//! Style sheets, one file for each part of what they style: a visitor loads one, with its parts inside.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::inputs::Inputs;
use super::names;

/// A line that a part stands for.
const IMPORT: &str = "@import \"./";

/// What the widget itself sets besides, by these names (`static/accent.js`).
const ACCENT: &str = "--accent";

/// Whether the file is a part of a sheet, which stands beside the directory of its parts.
pub(super) fn is_part(name: &str) -> bool {
    name.contains('/') && name.ends_with(".css")
}

/// The sheet with its parts, in their order.
pub(super) fn joined(inputs: &Inputs, name: &str) -> Result<String> {
    let mut sheet = String::new();
    for line in inputs.text(name)?.lines() {
        match line.strip_prefix(IMPORT).and_then(|rest| rest.strip_suffix("\";")) {
            Some(part) => sheet.push_str(inputs.text(part).with_context(|| format!("static/{name}"))?),
            None => sheet.extend([line, "\n"]),
        }
    }
    Ok(sheet)
}

/// The widget's minified sheet, with short names for the custom properties that it declares.
pub(super) fn shorten(sheet: &str) -> String {
    let mut short = BTreeMap::new();
    names::replace_in_styles(sheet, |before, word, after| {
        if is_declared(before, word, after) {
            let number = short.len();
            short.entry(word.to_owned()).or_insert_with(|| format!("--{number:x}"));
        }
        None
    });
    names::replace_in_styles(sheet, |_, word, _| short.get(word).cloned())
}

fn is_declared(before: &str, word: &str, after: &str) -> bool {
    word.starts_with("--")
        && !word.starts_with(ACCENT)
        && before.ends_with(['{', ';'])
        && after.starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_their_order_before_what_follows() {
        let inputs = inputs("@import \"./css/a.css\";\n@import \"./css/b.css\";\n\np {\n}\n");
        assert_eq!(joined(&inputs, "widget.css").unwrap(), "a {\n}\nb {\n}\n\np {\n}\n");
    }

    #[test]
    fn a_part_that_is_missing_is_named() {
        let error = joined(&inputs("@import \"./css/c.css\";\n"), "widget.css").unwrap_err();
        assert!(format!("{error:#}").contains("static/css/c.css is missing"), "{error:#}");
    }

    #[test]
    fn what_only_the_sheet_knows_has_short_names() {
        let sheet = ".widget{--space-1:4px;--line:var(--chat-line,red)}@keyframes a{to{color:var(--line)}}\
                     .widget{.a-b{--accent-ink:var(--line);margin:var(--space-1)}}";
        assert_eq!(
            shorten(sheet),
            ".widget{--0:4px;--1:var(--chat-line,red)}@keyframes a{to{color:var(--1)}}\
             .widget{.a-b{--accent-ink:var(--1);margin:var(--0)}}"
        );
    }

    fn inputs(sheet: &str) -> Inputs {
        Inputs::of(&[("widget.css", sheet), ("css/a.css", "a {\n}\n"), ("css/b.css", "b {\n}\n")], "")
    }
}
