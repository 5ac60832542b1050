//! A program that is told what happens: an address on this machine that takes a webhook's calls.

use crate::clock::patiently;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use serde_json::Value;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
};

/// Takes calls as long as it lives.
#[derive(Debug)]
pub struct Receiver {
    url: String,
    desk: Arc<Desk>,
    calls: mpsc::UnboundedReceiver<Call>,
    server: JoinHandle<()>,
}

/// One POST, and what it was answered.
#[derive(Debug)]
pub struct Call {
    pub headers: HeaderMap,
    pub body: String,
    pub json: Value,
    pub status: u16,
}

type Rule = Box<dyn Fn(&Value) -> u16 + Send>;

struct Desk {
    rule: Mutex<Rule>,
    /// Whether answers are held back.
    holds: watch::Sender<bool>,
    calls: mpsc::UnboundedSender<Call>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Receiver {
    /// One that says 200 to everything, and echoes challenges.
    ///
    /// # Panics
    /// Where 127.0.0.1 is not this machine.
    pub async fn start() -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let desk = Arc::new(Desk {
            rule: Mutex::new(Box::new(|_| 200)),
            holds: watch::Sender::new(false),
            calls: sender,
        });
        let router = Router::new().route("/hook", get(echo).post(take)).with_state(Arc::clone(&desk));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("127.0.0.1 is this machine");
        let url = format!("http://{}/hook", listener.local_addr().expect("a bound socket has an address"));
        let server = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self { url, desk, calls, server }
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers this from now on, by the body of the call.
    pub fn answer(&self, rule: impl Fn(&Value) -> u16 + Send + 'static) {
        *self.desk.rule.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(rule);
    }

    /// Holds answers back, or lets them go. Calls are heard of in any case.
    pub fn hold(&self, holds: bool) {
        self.desk.holds.send_replace(holds);
    }

    /// The next call.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&mut self) -> Call {
        patiently("a call", self.calls.recv()).await.expect("the server keeps a sender")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Call {
    #[must_use]
    pub fn event(&self) -> &str {
        self.json["event"].as_str().unwrap_or_default()
    }

    /// Of the message that the call is about.
    #[must_use]
    pub fn text(&self) -> &str {
        self.json["data"]["message"]["text"].as_str().unwrap_or_default()
    }
}

async fn echo(Query(query): Query<HashMap<String, String>>) -> Result<String, StatusCode> {
    let asked = query.get("type").is_some_and(|kind| kind == "subscribe");
    query.get("challenge").filter(|_| asked).cloned().ok_or(StatusCode::FORBIDDEN)
}

async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: String) -> StatusCode {
    let json = serde_json::from_str(&body).unwrap_or_default();
    let status = (desk.rule.lock().unwrap_or_else(PoisonError::into_inner))(&json);
    // A test that has ended wants no more calls.
    let _ = desk.calls.send(Call { headers, body, json, status });
    // An error says that the desk is gone, and it is held here.
    let _ = desk.holds.subscribe().wait_for(|holds| !holds).await;
    StatusCode::from_u16(status).expect("a test answers with a status")
}
