//! What follows the `?` of an address: known names only, each with a value that fits.

use super::Refused;
use crate::{app::App, store::Page};
use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{
    Deserialize,
    de::{IntoDeserializer, value},
};
use shared::Error;
use std::{collections::BTreeMap, convert::Infallible};

/// Items of a list where nothing is said, and at most.
const DEFAULT_LIMIT: u64 = 100;
const MOST: u64 = 200;

/// Taken one by one; [`Params::finish`] refuses what is left over.
#[derive(Debug)]
pub(super) struct Params(BTreeMap<String, String>);

impl FromRequestParts<App> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Params {
    /// An id or one of a few names.
    pub(super) fn take<T: for<'de> Deserialize<'de>>(&mut self, name: &str) -> Result<Option<T>, Refused> {
        let Some(text) = self.0.remove(name) else { return Ok(None) };
        let deserializer: value::StringDeserializer<value::Error> = text.into_deserializer();
        let parsed = T::deserialize(deserializer);
        Ok(Some(parsed.map_err(|error| Error::invalid(name, error.to_string()))?))
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, Refused> {
        let Some(text) = self.0.remove(name) else { return Ok(None) };
        let number = text.parse().map_err(|_| Error::invalid(name, "expected a whole number"))?;
        Ok(Some(number))
    }

    /// `limit`, from 1 to 200.
    pub(super) fn limit(&mut self) -> Result<u32, Refused> {
        let limit = self.number("limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("expected 1 to {MOST}")).into());
        }
        Ok(u32::try_from(limit).expect("at most 200"))
    }

    /// `limit` and `offset`.
    pub(super) fn page(&mut self) -> Result<Page, Refused> {
        let limit = self.limit()?;
        let offset = self.number("offset")?.unwrap_or(0);
        let offset =
            u32::try_from(offset).map_err(|_| Error::invalid("offset", "expected a smaller number"))?;
        Ok(Page { limit, offset })
    }

    pub(super) fn finish(self) -> Result<(), Refused> {
        match self.0.into_keys().next() {
            Some(name) => Err(Error::invalid(&name, format!("'{name}' is not known here")).into()),
            None => Ok(()),
        }
    }
}
