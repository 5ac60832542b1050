//! What a visitor loads after the loader: files under one mark, made of all their contents. So the loader, which
//! every page load pays for, names them all with a few bytes, and no two releases are ever mixed in one page.

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::shipped::{ASSETS, Shipped};
use crate::digest;

/// Hex digits of the contents' hash in a name.
const MARK_DIGITS: usize = 8;

/// Around the object in `static/loader.js` that says where the files are.
const COMMENT: &str = "/*assets*/";

/// How a page finds the files: `widget.css` is at `base + "widget" + tag + ".css"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Release {
    /// The path on the relay, with a slash at both ends.
    base: String,
    /// `-01234567`; nothing on the development server.
    tag: String,
}

impl Release {
    /// Of these files and their contents.
    pub(crate) fn of(files: &[(String, Vec<u8>)]) -> Self {
        let parts = files.iter().flat_map(|(name, content)| [name.as_bytes(), content]);
        Self { base: format!("/{ASSETS}"), tag: format!("-{}", &digest::of_parts(parts)[..MARK_DIGITS]) }
    }

    /// The name of `widget.css` in this release, beside the others.
    pub(crate) fn name(&self, file: &str) -> String {
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        format!("{stem}{}.{extension}", self.tag)
    }

    pub(crate) fn path(&self, file: &str) -> String {
        format!("{ASSETS}{}", self.name(file))
    }

    pub(crate) fn ship(&self, files: Vec<(String, Vec<u8>)>, shipped: &mut Shipped) {
        for (name, content) in files {
            let content = match name.strip_suffix(".js") {
                Some(_) => self.imports(&content),
                None => content,
            };
            shipped.add(&self.path(&name), content);
        }
    }

    /// A module that imports `./page.js` gets the one of this release.
    fn imports(&self, module: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(module);
        let mut marked = String::with_capacity(text.len());
        let mut rest = text.as_ref();
        while let Some((before, after)) = rest.split_once("\"./") {
            let (name, after) = after.split_once('"').unwrap_or((after, ""));
            let is_import = before.trim_end().ends_with("from") || before.trim_end().ends_with("import");
            let is_module = is_import && name.ends_with(".js") && !name.contains('/');
            let name = if is_module { self.name(name) } else { name.to_owned() };
            marked.extend([before, "\"./", &name, "\""]);
            rest = after;
        }
        marked.push_str(rest);
        marked.into_bytes()
    }

    /// Fills the gaps `{{base}}` and `{{tag}}` of a page.
    pub(crate) fn fill(&self, page: &str) -> String {
        page.replace("{{base}}", &self.base).replace("{{tag}}", &self.tag)
    }

    /// Replaces the object between the two comments in the loader.
    pub(crate) fn fill_loader(&self, loader: &str) -> Result<String> {
        let parts: Vec<&str> = loader.split(COMMENT).collect();
        ensure!(
            parts.len() == 3,
            "{COMMENT} must stand exactly twice, around the object that says where the assets are; it stands {} times",
            parts.len() - 1
        );
        let between = parts[1].trim();
        ensure!(
            between.starts_with('{') && between.ends_with('}'),
            "an object must stand between the two {COMMENT}, not `{between}`"
        );
        let object = serde_json::to_string(self).context("names are text")?;
        Ok(format!("{}{COMMENT} {object} {COMMENT}{}", parts[0], parts[2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_between_the_comments_is_replaced_and_nothing_else() {
        let loader = "(() => {\n  const ASSETS = /*assets*/ { base: \"/\", tag: \"\" } /*assets*/;\n  go(ASSETS);\n})();\n";
        assert_eq!(
            release().fill_loader(loader).unwrap(),
            "(() => {\n  const ASSETS = /*assets*/ {\"base\":\"/assets/\",\"tag\":\"-1\"} /*assets*/;\n  go(ASSETS);\n})();\n"
        );
    }

    #[test]
    fn the_loader_names_the_version_of_the_workspace() {
        let version = format!("version: \"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(
            include_str!("../../../static/loader.js").contains(&version),
            "no {version} in static/loader.js"
        );
    }

    #[test]
    fn missing_or_doubled_comments_are_told() {
        for (loader, times) in
            [("const ASSETS = {};", 0), ("/*assets*/ {}", 1), (&"/*assets*/ {} ".repeat(4), 4)]
        {
            let message = release().fill_loader(loader).unwrap_err().to_string();
            assert!(message.ends_with(&format!("it stands {times} times")), "{message}");
        }
        assert!(release().fill_loader("/*assets*/ names() /*assets*/").is_err());
    }

    #[test]
    fn every_content_changes_every_name() {
        let files = |css: &str| vec![("a.js".to_owned(), vec![1]), ("b.css".to_owned(), css.into())];
        let (one, other) = (Release::of(&files("a{}")), Release::of(&files("b{}")));
        assert_ne!(one.name("a.js"), other.name("a.js"));
        assert!(one.name("a.js").starts_with("a-") && one.name("a.js").ends_with(".js"));
        assert_eq!(one.name("a.js").len(), "a-.js".len() + MARK_DIGITS);
    }

    #[test]
    fn imports_stay_within_the_release() {
        let module = r#"import{a} from "./page.js";import"./b.js";import"./snippets/x/inline0.js";const c={"./widget_bg.js":a}"#;
        assert_eq!(
            String::from_utf8(release().imports(module.as_bytes())).unwrap(),
            r#"import{a} from "./page-1.js";import"./b-1.js";import"./snippets/x/inline0.js";const c={"./widget_bg.js":a}"#
        );
    }

    #[test]
    fn a_page_names_the_files_of_the_release() {
        assert_eq!(release().fill("{{base}}a{{tag}}.css {{origins}}"), "/assets/a-1.css {{origins}}");
    }

    fn release() -> Release {
        Release { base: "/assets/".to_owned(), tag: "-1".to_owned() }
    }
}
