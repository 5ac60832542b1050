//! The loader's one line that names what it loads. In `static/loader.js` it holds the names of the development
//! server; in `dist/` the hashed ones.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

const MARK: &str = "/*assets*/";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Assets {
    pub(crate) glue: String,
    pub(crate) wasm: String,
    pub(crate) css: String,
    /// The path on the relay that the names above stand under, with a slash at both ends.
    pub(crate) base: String,
}

/// Replaces what stands between the two marks.
pub(crate) fn with_assets(loader: &str, assets: &Assets) -> Result<String> {
    let parts: Vec<&str> = loader.split(MARK).collect();
    ensure!(
        parts.len() == 3,
        "the mark {MARK} must stand exactly twice, around the object that names the assets; it stands {} times",
        parts.len() - 1
    );
    let between = parts[1].trim();
    ensure!(
        between.starts_with('{') && between.trim_end_matches(';').ends_with('}'),
        "an object must stand between the two {MARK}, not `{between}`"
    );
    let semicolon = if between.ends_with(';') { ";" } else { "" };
    let object = serde_json::to_string(assets).context("names are text")?;
    Ok(format!("{}{MARK} {object}{semicolon} {MARK}{}", parts[0], parts[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_between_the_marks_are_replaced_and_nothing_else() {
        let loader = "(() => {\n  const ASSETS = /*assets*/ { glue: \"widget.js\", base: \"/\" } /*assets*/;\n  go(ASSETS);\n})();\n";
        assert_eq!(
            with_assets(loader, &assets()).unwrap(),
            "(() => {\n  const ASSETS = /*assets*/ {\"glue\":\"widget-1.js\",\"wasm\":\"widget-2.wasm\",\
             \"css\":\"widget-3.css\",\"base\":\"/assets/\"} /*assets*/;\n  go(ASSETS);\n})();\n"
        );
    }

    #[test]
    fn a_semicolon_inside_the_marks_stays() {
        let replaced = with_assets("const A = /*assets*/ { a: 1 }; /*assets*/\n", &assets()).unwrap();
        assert!(replaced.ends_with("\"base\":\"/assets/\"}; /*assets*/\n"), "{replaced}");
    }

    #[test]
    fn missing_or_doubled_marks_are_told() {
        for (loader, times) in
            [("const ASSETS = {};", 0), ("/*assets*/ {}", 1), (&"/*assets*/ {} ".repeat(4), 4)]
        {
            let message = with_assets(loader, &assets()).unwrap_err().to_string();
            assert!(message.ends_with(&format!("it stands {times} times")), "{message}");
        }
        assert!(with_assets("/*assets*/ names() /*assets*/", &assets()).is_err());
    }

    fn assets() -> Assets {
        Assets {
            glue: "widget-1.js".into(),
            wasm: "widget-2.wasm".into(),
            css: "widget-3.css".into(),
            base: "/assets/".into(),
        }
    }
}
