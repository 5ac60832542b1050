//! A relay to ask, and what it answers.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, request},
};
use relay::{
    app::App,
    config::{Effective, Flags, Settings},
    http, start,
};
use serde_json::{Value, json};
use std::path::Path;
use tower::ServiceExt;

pub(crate) struct Relay {
    pub(crate) app: App,
    router: Router,
    pub(crate) directory: tempfile::TempDir,
}

/// Somebody who asks, with a token or without.
pub(crate) struct Client<'a> {
    relay: &'a Relay,
    token: Option<String>,
    key: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// A text where it is not JSON; null where there is none.
    pub(crate) body: Value,
    pub(crate) bytes: Bytes,
}

pub(crate) fn settings(data_dir: &Path) -> Settings {
    settings_with(data_dir, &[])
}

fn settings_with(data_dir: &Path, more: &[(&str, &str)]) -> Settings {
    let environment = |name: &str| match name {
        "RELAY_LISTEN" => Some("127.0.0.1:0".to_owned()),
        "RELAY_DATA_DIR" => Some(data_dir.to_str().unwrap().to_owned()),
        _ => more.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    };
    Settings::read(&Effective::resolve(&Flags::default(), environment).unwrap()).unwrap()
}

impl Relay {
    /// As after a first start.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these variables in its environment.
    pub(crate) async fn start_with(environment: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (app, _) = start::start(settings_with(directory.path(), environment)).await.unwrap();
        Self { router: http::router(app.clone()), app, directory }
    }

    /// Another relay on the same data.
    pub(crate) async fn restart(self) -> Self {
        let Self { app, router, directory } = self;
        app.store.close().await;
        drop((app, router));
        let (app, _) = start::start(settings_with(directory.path(), &[])).await.unwrap();
        Self { router: http::router(app.clone()), app, directory }
    }

    pub(crate) fn anonymous(&self) -> Client<'_> {
        Client { relay: self, token: None, key: None }
    }

    pub(crate) fn with_token(&self, token: impl Into<String>) -> Client<'_> {
        Client { relay: self, token: Some(token.into()), key: None }
    }

    /// The admin of all, as the first start wrote the token down.
    pub(crate) fn admin(&self) -> Client<'_> {
        let path = start::admin_token_path(self.directory.path());
        self.with_token(std::fs::read_to_string(path).unwrap().trim())
    }

    pub(crate) async fn demo(&self) -> String {
        start::demo_organization(&self.app).await.unwrap().unwrap().id.to_string()
    }

    /// A new user of the demo organization.
    pub(crate) async fn user(&self, role: &str) -> Client<'_> {
        self.user_of(&self.demo().await, role).await
    }

    pub(crate) async fn user_of(&self, organization: &str, role: &str) -> Client<'_> {
        let new = json!({"organization": organization, "name": format!("Anna the {role}"), "role": role});
        self.with_token(self.admin().post("/v2/users", new).await.text("token"))
    }

    /// A new organization, by its id.
    pub(crate) async fn organization(&self, name: &str) -> String {
        self.admin().post("/v2/organizations", json!({"name": name})).await.text("id")
    }

    /// A new conversation of the demo organization, by its id.
    pub(crate) async fn conversation(&self) -> String {
        let new = json!({
            "organization": self.demo().await,
            "contact": {"profile": {"name": "John Johnson", "telephone": "+31646280994"}},
            "messages": [{"role": "agent", "text": "Hey there."}],
        });
        self.admin().post("/v2/conversations", new).await.text("id")
    }
}

impl Client<'_> {
    pub(crate) fn with_key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        // As browsers and clients write addresses.
        let path = path.replace('<', "%3C").replace('>', "%3E");
        self.ask(Method::GET, &path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, None).await
    }

    /// Sends a form of these fields, each of a name, perhaps a file name, and a content.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, Option<&str>, &[u8])]) -> Reply {
        let mut form = Vec::new();
        for (name, file, content) in fields {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            form.extend([head.as_bytes(), content, b"\r\n"].concat());
        }
        form.extend(b"--b--\r\n");
        let request = self.request(Method::POST, path);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> request::Builder {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key);
        }
        request
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let mut request = self.request(method, path);
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.relay.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| match &bytes[..] {
            b"" => Value::Null,
            text => Value::from(String::from_utf8_lossy(text)),
        });
        Reply { status: parts.status, headers: parts.headers, body, bytes }
    }
}

impl Reply {
    /// A member that must be a text; the whole answer is shown when it is not.
    pub(crate) fn text(&self, member: &str) -> String {
        match self.body[member].as_str() {
            Some(text) => text.to_owned(),
            None => panic!("no text '{member}' in {} {}", self.status, self.body),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status, code and field of an error.
    pub(crate) fn error(&self) -> (u16, &str, Option<&str>) {
        let error = &self.body["error"];
        (self.status.as_u16(), error["code"].as_str().unwrap_or_default(), error["field"].as_str())
    }
}
