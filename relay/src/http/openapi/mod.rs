//! The API described for programs: `/openapi.json`, an OpenAPI 3.1 document. It is made of the routes themselves: what a
//! handler takes and gives is read from its signature, fields of lists from the store's tables, limits from where they are
//! checked.

mod document;
mod lists;
mod operation;
mod routes;
mod schemas;
mod shown;
mod signature;

pub(super) use operation::Operation;
pub(super) use routes::Routes;
