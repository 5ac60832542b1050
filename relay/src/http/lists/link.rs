//! The address of the next part: the one that was asked for, with a cursor in the place of an offset.

use crate::{app::App, http::origin};
use axum::http::request::Parts;
use form_urlencoded::Serializer;

#[derive(Debug)]
pub(super) struct Link {
    /// Scheme, host and path: clients that follow links as they are need all of it.
    address: String,
    kept: Vec<(String, String)>,
}

impl Link {
    pub(super) fn to(app: &App, parts: &Parts) -> Self {
        let address = format!("{}{}", origin::own(app, &parts.headers), parts.uri.path());
        let asked = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned();
        let kept = asked.filter(|(name, _)| name != "after" && name != "offset").collect();
        Self { address, kept }
    }

    pub(super) fn after(&self, cursor: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.kept).append_pair("after", cursor);
        format!("{}?{}", self.address, query.finish())
    }
}
