//! Every list of the API: its parameters are about the fields of the resource, as the store's tables have them. An address
//! of one record takes two of them, `select` and `populate`.

mod cursor;
mod filter;
mod link;
pub(super) mod shown;

use super::{Refused, answer::Listed, params::Params};
use crate::{
    app::App,
    auth::Agent,
    store::{
        Read, StoreError,
        lists::{Filter, Found, Order, Query, Resource, Sort},
    },
};
use axum::{extract::FromRequestParts, http::request::Parts};
use link::Link;
use serde::Serialize;
use shared::{Error, OrganizationId};
use shown::Shown;
pub(super) use shown::{Item, Listable};

/// Items that an `offset` leaves out at most: each is walked over. `Link` has no such end.
pub(super) const MOST_OFFSET: u64 = 1_000_000;
/// Filters of one list.
const MOST_FILTERS: usize = 20;
/// Characters of `q`, and words in it: each is looked up.
pub(super) const WORDS: usize = 200;

/// Who asks for a list, and what for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) agent: Agent,
    pub(super) params: Params,
    link: Link,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let agent = Agent::from_request_parts(parts, app).await?;
        Ok(Self { agent, params: Params::of(&parts.uri), link: Link::to(app, parts) })
    }
}

/// Answers with a part of a list.
pub(super) async fn list<T: Serialize + Send + 'static>(
    app: &App,
    asked: Asked,
    resource: &'static Resource,
    read: impl FnOnce(&Read<'_>, &Query) -> Result<Found<T>, StoreError> + Send + 'static,
) -> Result<Listed<Item<T>>, Refused> {
    let Asked { agent, mut params, link } = asked;
    let shown = Shown::take(&mut params, resource)?;
    let query = query(&agent, params, resource)?;
    let sort = query.sort;
    let found = app.store.read(move |store| {
        let Found { items, total, next } = read(store, &query)?;
        let items = items.into_iter().map(|item| shown.show(store, item)).collect::<Result<_, _>>()?;
        Ok(Found { items, total, next })
    });
    let Found { items, total, next } = found.await?;
    let next = next.map(|place| link.after(&cursor::write(resource, sort, &place)));
    Ok(Listed { items, total, next })
}

/// Answers with one record.
pub(super) async fn one<T: Serialize + Send + 'static>(
    app: &App,
    mut params: Params,
    resource: &'static Resource,
    read: impl FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<Item<T>, Refused> {
    let shown = Shown::take(&mut params, resource)?;
    params.finish()?;
    Ok(app.store.read(move |store| shown.show(store, read(store)?)).await?)
}

/// The parameters of a list. What has no meaning of its own is a filter.
fn query(agent: &Agent, mut params: Params, resource: &'static Resource) -> Result<Query, Error> {
    let scope = match params.take::<OrganizationId>("organization")? {
        Some(named) => agent.organization(Some(named))?.into(),
        None => agent.scope(),
    };
    let limit = params.limit()?;
    let offset = params.number("offset")?.unwrap_or(0);
    if offset > MOST_OFFSET {
        let message = format!("at most {MOST_OFFSET}; follow the Link header instead");
        return Err(Error::invalid("offset", message));
    }
    let offset = u32::try_from(offset).expect("at most a million");
    let (sort, after) = (params.text("sort")?, params.text("after")?);
    let words = if resource.is_searched { params.text("q")? } else { None };
    if words.as_ref().is_some_and(|words| words.chars().count() > WORDS) {
        return Err(Error::invalid("q", format!("at most {WORDS} characters")));
    }
    let filters: Vec<Filter> =
        params.rest().map(|(name, value)| filter::read(resource, &name, &value)).collect::<Result<_, _>>()?;
    if filters.len() > MOST_FILTERS {
        return Err(Error::invalid(
            filters[MOST_FILTERS].field.name,
            format!("at most {MOST_FILTERS} filters"),
        ));
    }
    let sort = match sort {
        Some(text) => read_sort(resource, &text)?,
        None => default_sort(resource, &filters, words.is_some()),
    };
    if words.is_some() && sort.field.order != Order::Made {
        return Err(Error::invalid("sort", "what `q` finds is sorted by createdAt or -createdAt"));
    }
    let after = after.map(|text| cursor::read(resource, sort, &text)).transpose()?;
    Ok(Query { resource, scope, filters, words, sort, after, limit, offset })
}

fn read_sort(resource: &'static Resource, text: &str) -> Result<Sort, Error> {
    let (name, is_descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let mut sorted = resource.fields.iter().filter(|field| field.order != Order::Never);
    match sorted.clone().find(|field| field.name == name) {
        Some(field) => Ok(Sort { field, is_descending }),
        None => {
            let first = sorted.next().map_or("createdAt", |field| field.name);
            let names: Vec<&str> = sorted.map(|field| field.name).collect();
            let message = format!(
                "{}s are sorted by {first}, {}, or with - the other way round",
                resource.kind,
                names.join(", ")
            );
            Err(Error::invalid("sort", message))
        }
    }
}

/// Newest first. Of those that changed since some time, the latest changed first: an index has them in that order.
fn default_sort(resource: &'static Resource, filters: &[Filter], is_searched: bool) -> Sort {
    let mut filtered = filters.iter().map(|filter| filter.field);
    let updated = filtered.find(|field| field.name == "updatedAt" && field.order == Order::Value);
    let field = updated.filter(|_| !is_searched).unwrap_or_else(|| resource.made());
    Sort { field, is_descending: true }
}

#[cfg(test)]
mod tests;
