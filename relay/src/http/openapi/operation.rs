//! One method of one address, as the document describes it.

use super::lists;
use crate::http::idempotency;
use axum::http::{Method, StatusCode};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use shared::ErrorCode;

/// What a handler's signature says, and what no signature can.
#[derive(Debug, Clone)]
pub(in crate::http) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) tag: &'static str,
    /// Its name in programs, and in addresses of the reference.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) access: Access,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answered>,
    /// How it may refuse.
    pub(super) codes: Vec<ErrorCode>,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Anyone,
    Visitor,
    Agent,
    Admin,
}

pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    Json(SchemaOf),
    /// A form with one field.
    File,
}

#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// `query` or `header`; what stands in the path is known from there.
    place: &'static str,
    is_required: bool,
    schema: Value,
    description: String,
}

#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) description: &'static str,
    pub(super) content: Option<Content>,
    pub(super) is_list: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    Json(SchemaOf),
    Other(&'static str),
}

impl From<(&'static str, &'static str)> for Operation {
    fn from((id, summary): (&'static str, &'static str)) -> Self {
        Self::new(id, summary)
    }
}

impl Operation {
    pub(in crate::http) const fn new(id: &'static str, summary: &'static str) -> Self {
        Self {
            method: Method::GET,
            path: "",
            tag: "",
            id,
            summary,
            access: Access::Anyone,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Takes this after the `?`.
    pub(in crate::http) fn query(mut self, name: &'static str, schema: SchemaOf, description: &str) -> Self {
        let schema = schema(&mut inline()).to_value();
        self.parameters.push(Parameter::query(name, schema, description));
        self
    }

    /// Takes this after the `?`, and nothing without it.
    pub(in crate::http) fn needing(
        mut self,
        name: &'static str,
        schema: SchemaOf,
        description: &str,
    ) -> Self {
        let schema = schema(&mut inline()).to_value();
        let parameter = Parameter::query(name, schema, description);
        self.parameters.push(Parameter { is_required: true, ..parameter });
        self
    }

    /// Takes `limit`.
    pub(in crate::http) fn limited(mut self) -> Self {
        self.parameters.push(lists::limit());
        self
    }

    /// Refuses also in these ways.
    pub(in crate::http) fn refusing<const N: usize>(mut self, codes: [ErrorCode; N]) -> Self {
        self.may_refuse(codes);
        self
    }

    /// Answers something else than JSON.
    pub(in crate::http) fn answering(
        mut self,
        status: StatusCode,
        media_type: &'static str,
        description: &'static str,
    ) -> Self {
        self.answer_media(status, description, media_type);
        self
    }

    /// Answers nothing but a status.
    pub(in crate::http) fn answering_nothing(
        mut self,
        status: StatusCode,
        description: &'static str,
    ) -> Self {
        self.answer_nothing(status, description);
        self
    }

    pub(super) fn may_refuse<const N: usize>(&mut self, codes: [ErrorCode; N]) {
        self.codes.extend(codes);
    }

    pub(super) fn answer(&mut self, status: StatusCode, description: &'static str, schema: SchemaOf) {
        let content = Some(Content::Json(schema));
        self.answers.push(Answered { status, description, content, is_list: false });
    }

    pub(super) fn answer_list(&mut self, schema: SchemaOf) {
        let content = Some(Content::Json(schema));
        let description = "A part of the list";
        self.answers.push(Answered { status: StatusCode::OK, description, content, is_list: true });
    }

    pub(super) fn answer_media(
        &mut self,
        status: StatusCode,
        description: &'static str,
        media_type: &'static str,
    ) {
        let content = Some(Content::Other(media_type));
        self.answers.push(Answered { status, description, content, is_list: false });
    }

    pub(super) fn answer_nothing(&mut self, status: StatusCode, description: &'static str) {
        self.answers.push(Answered { status, description, content: None, is_list: false });
    }
}

impl Parameter {
    pub(super) fn query(name: &'static str, schema: Value, description: impl Into<String>) -> Self {
        Self { name, place: "query", is_required: false, schema, description: description.into() }
    }

    pub(super) fn idempotency_key() -> Self {
        Self {
            name: "Idempotency-Key",
            place: "header",
            is_required: false,
            schema: json!({"type": "string", "minLength": 1, "maxLength": idempotency::MOST, "pattern": "^[!-~]+$"}),
            description: "The same key and body get the same answer for 24 h, and nothing is done twice."
                .into(),
        }
    }

    pub(super) fn document(&self) -> Value {
        let Self { name, place, is_required, schema, description } = self;
        json!({"name": name, "in": place, "required": is_required, "description": description, "schema": schema})
    }
}

/// Schemas of parameters stand where they are used.
fn inline() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true).into_generator()
}
