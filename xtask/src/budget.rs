//! The bytes that a visitor may be made to load, as `budget.toml` sets them.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Bytes after brotli.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// The one script that every page load costs.
    pub(crate) loader: u64,
    /// What carries the page's calls to the widget, in the page and in an iframe.
    pub(crate) page: u64,
    /// What pages with `data-compat="flex"` load besides.
    pub(crate) flex: u64,
    /// Everything but the loader, loaded at the first sign of intent.
    pub(crate) rest: u64,
}

/// What was built, in bytes after brotli.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) loader: u64,
    pub(crate) page: u64,
    pub(crate) flex: u64,
    pub(crate) rest: u64,
}

impl Budget {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// One line for each limit that is exceeded.
    pub(crate) fn complaints(&self, weight: Weight) -> Vec<String> {
        [
            ("the loader", weight.loader, self.loader),
            ("the page's side", weight.page, self.page),
            ("flex", weight.flex, self.flex),
            ("the rest", weight.rest, self.rest),
        ]
        .into_iter()
        .filter(|(_, bytes, limit)| bytes > limit)
        .map(|(what, bytes, limit)| {
            format!("{what} weighs {bytes} bytes, {} over its limit of {limit}", bytes - limit)
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed() {
        assert!(BUDGET.complaints(Weight { loader: 3000, page: 5500, flex: 900, rest: 95_000 }).is_empty());
    }

    #[test]
    fn each_excess_is_told_with_its_size() {
        assert_eq!(
            BUDGET.complaints(Weight { loader: 3001, page: 5500, flex: 900, rest: 95_100 }),
            [
                "the loader weighs 3001 bytes, 1 over its limit of 3000",
                "the rest weighs 95100 bytes, 100 over its limit of 95000"
            ]
        );
    }

    #[test]
    fn the_projects_budget_is_readable() {
        Budget::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../budget.toml")).unwrap();
    }

    const BUDGET: Budget = Budget { loader: 3000, page: 5500, flex: 900, rest: 95_000 };
}
