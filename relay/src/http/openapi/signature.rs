//! What a handler's signature says about its operation: who may ask, with which body and parameters, and what is answered.

use super::{
    lists,
    operation::{Access, Body, Operation, Parameter},
};
use crate::{
    app::App,
    auth::{Admin, Agent},
    http::{
        Refused,
        answer::{Created, Listed},
        files::Visitor,
        idempotency::Post,
        json::Json as JsonBody,
        lists::{Asked, Item, Listable},
        origin::Host,
        params::Params,
        path::Path,
    },
    store::Delivery,
};
use axum::{
    Extension, Json,
    extract::{ConnectInfo, Multipart, RawQuery, State, multipart::MultipartRejection},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use schemars::{JsonSchema, SchemaGenerator};
use shared::{ErrorCode, message::Message};
use std::{future::Future, net::SocketAddr};

/// A handler, by its arguments.
pub(in crate::http) trait Documented<Arguments> {
    fn describe(operation: &mut Operation);
}

pub(in crate::http) trait Argument {
    fn describe(operation: &mut Operation);
}

pub(in crate::http) trait Answer {
    fn describe(operation: &mut Operation);
}

macro_rules! handlers {
    ($(($($argument:ident)*))*) => {$(
        impl<F, Fut, R, $($argument),*> Documented<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Fut,
            Fut: Future<Output = R>,
            R: Answer,
            $($argument: Argument,)*
        {
            fn describe(operation: &mut Operation) {
                $($argument::describe(operation);)*
                R::describe(operation);
            }
        }
    )*};
}

handlers! { () (A) (A B) (A B C) (A B C D) (A B C D E) }

/// These say nothing that a client must know.
macro_rules! silent {
    ($($argument:ty)*) => {$(
        impl Argument for $argument {
            fn describe(_: &mut Operation) {}
        }
    )*};
}

silent! { State<App> HeaderMap Host Method RawQuery Option<Extension<ConnectInfo<SocketAddr>>> }

impl Argument for Agent {
    fn describe(operation: &mut Operation) {
        operation.access = operation.access.max(Access::Agent);
        operation.may_refuse([ErrorCode::Unauthorized]);
    }
}

impl Argument for Admin {
    fn describe(operation: &mut Operation) {
        operation.access = Access::Admin;
        operation.may_refuse([ErrorCode::Unauthorized, ErrorCode::Forbidden]);
    }
}

impl Argument for Result<Visitor, Refused> {
    fn describe(operation: &mut Operation) {
        operation.access = Access::Visitor;
        Params::describe(operation);
        operation.may_refuse([
            ErrorCode::Unauthorized,
            ErrorCode::NotFound,
            ErrorCode::OriginNotAllowed,
            ErrorCode::RateLimited,
        ]);
    }
}

impl<T> Argument for Path<T> {
    fn describe(operation: &mut Operation) {
        operation.may_refuse([ErrorCode::NotFound]);
    }
}

impl Argument for Params {
    fn describe(operation: &mut Operation) {
        operation.may_refuse([ErrorCode::Invalid]);
    }
}

impl Argument for Asked {
    fn describe(operation: &mut Operation) {
        Agent::describe(operation);
        Params::describe(operation);
        // Another organization's is asked for.
        operation.may_refuse([ErrorCode::NotFound]);
    }
}

impl<T: JsonSchema> Argument for JsonBody<T> {
    fn describe(operation: &mut Operation) {
        operation.body = Some(Body::Json(SchemaGenerator::subschema_for::<T>));
        operation.may_refuse([
            ErrorCode::BadJson,
            ErrorCode::BadRequest,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::Invalid,
        ]);
    }
}

impl<T: JsonSchema> Argument for Post<T> {
    fn describe(operation: &mut Operation) {
        Agent::describe(operation);
        JsonBody::<T>::describe(operation);
        operation.parameters.push(Parameter::idempotency_key());
        // Another organization is named.
        operation.may_refuse([ErrorCode::IdempotencyConflict, ErrorCode::NotFound]);
    }
}

impl Argument for Result<Multipart, MultipartRejection> {
    fn describe(operation: &mut Operation) {
        operation.body = Some(Body::File);
        operation.parameters.push(Parameter::idempotency_key());
        operation.may_refuse([
            ErrorCode::BadRequest,
            ErrorCode::IdempotencyConflict,
            ErrorCode::NotFound,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMediaType,
        ]);
    }
}

impl<R: Answer> Answer for Result<R, Refused> {
    fn describe(operation: &mut Operation) {
        R::describe(operation);
    }
}

impl<T: JsonSchema> Answer for Created<T> {
    fn describe(operation: &mut Operation) {
        operation.answer(StatusCode::CREATED, "What was made", SchemaGenerator::subschema_for::<T>);
    }
}

impl<T: JsonSchema> Answer for Json<T> {
    fn describe(operation: &mut Operation) {
        operation.answer(StatusCode::OK, "As it is now", SchemaGenerator::subschema_for::<T>);
    }
}

impl<T: JsonSchema> Answer for (StatusCode, Json<T>) {
    fn describe(operation: &mut Operation) {
        operation.answer(StatusCode::ACCEPTED, "It is on its way", SchemaGenerator::subschema_for::<T>);
    }
}

/// The one status that handlers give without a body.
impl Answer for StatusCode {
    fn describe(operation: &mut Operation) {
        operation.answer_nothing(Self::NO_CONTENT, "Done");
    }
}

impl<T: Listable + JsonSchema> Answer for Item<T> {
    fn describe(operation: &mut Operation) {
        operation.parameters.extend(lists::shown(T::RESOURCE));
        operation.answer(StatusCode::OK, "The record", SchemaGenerator::subschema_for::<Self>);
    }
}

impl<T: Listable + JsonSchema> Answer for Listed<Item<T>> {
    fn describe(operation: &mut Operation) {
        operation.parameters.extend(lists::asked(T::RESOURCE));
        operation.answer_list(SchemaGenerator::subschema_for::<Vec<Item<T>>>);
    }
}

impl Answer for Listed<Message> {
    fn describe(operation: &mut Operation) {
        operation.answer_list(SchemaGenerator::subschema_for::<Vec<Message>>);
    }
}

impl Answer for Listed<Delivery> {
    fn describe(operation: &mut Operation) {
        operation.answer_list(SchemaGenerator::subschema_for::<Vec<Delivery>>);
    }
}

impl Answer for &'static str {
    fn describe(operation: &mut Operation) {
        operation.answer_media(StatusCode::OK, "One word", "text/plain; charset=utf-8");
    }
}

/// What is in it, `Operation::answering` says.
impl Answer for Response {
    fn describe(_: &mut Operation) {}
}
