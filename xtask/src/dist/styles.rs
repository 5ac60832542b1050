//! Style sheets, one file for each part of what they style: a visitor loads one, with its parts inside.

use anyhow::{Context, Result};

use super::inputs::Inputs;

/// A line that a part stands for.
const IMPORT: &str = "@import \"./";

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

    fn inputs(sheet: &str) -> Inputs {
        Inputs::of(&[("widget.css", sheet), ("css/a.css", "a {\n}\n"), ("css/b.css", "b {\n}\n")], "")
    }
}
