//! What follows the `?` of an address: known names only, each with a value that fits.

use crate::app::App;
use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};
use serde::{
    Deserialize,
    de::{IntoDeserializer, value},
};
use shared::Error;
use std::convert::Infallible;

/// Items of a list where nothing is said, and at most.
pub(super) const DEFAULT_LIMIT: u64 = 100;
pub(super) const MOST: u32 = 200;

/// Taken one by one; [`Params::finish`] refuses what is left over.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl FromRequestParts<App> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri))
    }
}

impl Params {
    pub(super) fn of(uri: &Uri) -> Self {
        Self(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// A text, given once.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        let mut named = self.0.extract_if(.., |(given, _)| given == name).map(|(_, text)| text);
        match (named.next(), named.next()) {
            (first, None) => Ok(first),
            (_, Some(_)) => Err(Error::invalid(name, format!("'{name}' is given twice"))),
        }
    }

    /// An id or one of a few names.
    pub(super) fn take<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let deserializer: value::StringDeserializer<value::Error> = text.into_deserializer();
        let parsed = T::deserialize(deserializer);
        Ok(Some(parsed.map_err(|error| Error::invalid(name, error.to_string()))?))
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let number = text.parse().map_err(|_| Error::invalid(name, "expected a whole number"))?;
        Ok(Some(number))
    }

    /// `limit`, from 1 to 200.
    pub(super) fn limit(&mut self) -> Result<u32, Error> {
        let limit = self.number("limit")?.unwrap_or(DEFAULT_LIMIT);
        let limit = u32::try_from(limit).ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Error::invalid("limit", format!("expected 1 to {MOST}")))
    }

    /// What was not taken.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter()
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        match self.rest().next() {
            Some((name, _)) => Err(Error::invalid(&name, format!("'{name}' is not known here"))),
            None => Ok(()),
        }
    }
}
