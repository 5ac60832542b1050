//! Addresses of the API. An operation is added with what there is to say about it, or not at all.

use super::{document, operation::Operation, signature::Documented};
use crate::app::App;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::{
        HeaderValue, Method,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    routing::{MethodFilter, get, on},
};
use std::sync::{Arc, LazyLock};

#[derive(Debug)]
pub(in crate::http) struct Routes {
    router: Router<App>,
    /// The heading below which they stand.
    tag: &'static str,
    operations: Vec<Operation>,
}

macro_rules! methods {
    ($($name:ident = $filter:ident;)*) => {$(
        pub(in crate::http) fn $name<H, T, A>(
            self,
            path: &'static str,
            handler: H,
            operation: impl Into<Operation>,
        ) -> Self
        where
            H: Handler<T, App> + Documented<A>,
            T: 'static,
        {
            self.add(MethodFilter::$filter, Method::$filter, path, handler, operation.into())
        }
    )*};
}

impl Routes {
    pub(in crate::http) fn about(tag: &'static str) -> Self {
        Self { router: Router::new(), tag, operations: Vec::new() }
    }

    methods! {
        get = GET;
        post = POST;
        patch = PATCH;
        put = PUT;
        delete = DELETE;
    }

    fn add<H, T, A>(
        mut self,
        filter: MethodFilter,
        method: Method,
        path: &'static str,
        handler: H,
        operation: Operation,
    ) -> Self
    where
        H: Handler<T, App> + Documented<A>,
        T: 'static,
    {
        let mut operation = Operation { method, path, tag: self.tag, ..operation };
        H::describe(&mut operation);
        self.operations.push(operation);
        Self { router: self.router.route(path, on(filter, handler)), ..self }
    }

    /// Bytes of a body, of those that were added so far.
    pub(in crate::http) fn body_limit(self, bytes: usize) -> Self {
        Self { router: self.router.layer(DefaultBodyLimit::max(bytes)), ..self }
    }

    pub(in crate::http) fn merge(mut self, other: Self) -> Self {
        self.operations.extend(other.operations);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// With `/openapi.json`, which is written when somebody asks for it.
    pub(in crate::http) fn into_router(self) -> Router<App> {
        let operations = self.operations;
        let document = Arc::new(LazyLock::new(move || document::of(&operations).to_string()));
        let answer = async move || {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            ];
            (headers, String::clone(&document))
        };
        self.router.route("/openapi.json", get(answer))
    }
}
