//! A client of the REST API.

use crate::clock::patiently;
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, header, request},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use std::net::SocketAddr;

/// More than any answer has; the largest file that a test sends fits in.
const ANSWER_BYTES: usize = 128 << 20;

#[derive(Debug, Clone)]
pub struct Rest {
    client: Client<HttpConnector, Body>,
    address: SocketAddr,
    token: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Null where the body is not JSON.
    pub body: Value,
    pub bytes: Bytes,
}

impl Rest {
    /// A client without a token.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), address, token: None }
    }

    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Sends a file as a form does.
    pub async fn upload(&self, name: &str, content: &[u8]) -> Answer {
        self.upload_to("/v2/files", name, content).await
    }

    /// Sends it to this address.
    pub async fn upload_to(&self, path: &str, name: &str, content: &[u8]) -> Answer {
        let head =
            format!("--form\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let form = [head.as_bytes(), content, b"\r\n--form--\r\n"].concat();
        let request = self.request("POST", path);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=form");
        let answer = self.answer(request.body(Body::from(form)).expect("a valid request")).await;
        answer.unwrap_or_else(|| panic!("no answer to a file from {}", self.address))
    }

    /// A part of a file.
    pub async fn get_range(&self, path: &str, range: &str) -> Answer {
        let request = self.request("GET", path).header(header::RANGE, range);
        let answer = self.answer(request.body(Body::empty()).expect("a valid request")).await;
        answer.unwrap_or_else(|| panic!("GET {path}: no answer from {}", self.address))
    }

    /// `None` where no answer comes, because nobody listens.
    pub async fn try_get(&self, path: &str) -> Option<Answer> {
        self.try_send("GET", path, None).await
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let answer = self.try_send(method, path, body).await;
        answer.unwrap_or_else(|| panic!("{method} {path}: no answer from {}", self.address))
    }

    async fn try_send(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Answer> {
        let mut request = self.request(method, path);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.answer(request.body(body).expect("a valid request")).await
    }

    fn request(&self, method: &str, path: &str) -> request::Builder {
        let request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    async fn answer(&self, request: Request<Body>) -> Option<Answer> {
        let what = format!("the answer to {} {}", request.method(), request.uri().path());
        let answered = async {
            let (parts, body) = self.client.request(request).await.ok()?.into_parts();
            Some((parts, to_bytes(Body::new(body), ANSWER_BYTES).await.ok()?))
        };
        let (parts, bytes) = patiently(&what, answered).await?;
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Some(Answer { status: parts.status.as_u16(), headers: parts.headers, body, bytes })
    }
}

impl Answer {
    /// The body of a 200.
    ///
    /// # Panics
    /// When it is another status.
    pub fn ok(self) -> Value {
        self.expect_status(200)
    }

    /// The body of a 201.
    ///
    /// # Panics
    /// When it is another status.
    pub fn created(self) -> Value {
        self.expect_status(201)
    }

    fn expect_status(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}
