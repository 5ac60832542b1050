//! POSTs that can be repeated: with an `Idempotency-Key`, the same body gets the same answer for 24 h. The
//! answer is kept in the transaction that did the work, so neither can exist without the other.

use super::{Refused, json};
use crate::{
    app::App,
    auth::Agent,
    store::{Answer, Failure, StoreError, Write},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use shared::{Error, ErrorCode, Millis};
use std::fmt;

const HEADER: &str = "idempotency-key";
/// Bytes of a key. Room for any id that a client may use.
pub(super) const MOST: usize = 255;

/// A POST's body, and what makes it repeatable.
#[derive(Debug)]
pub(super) struct Post<T> {
    pub(super) agent: Agent,
    pub(super) body: T,
    repeat: Option<Repeat>,
}

/// Whose key it is, of which operation.
#[derive(Debug)]
pub(super) struct Repeat {
    scope: String,
    key: String,
    body_hash: [u8; 32],
}

impl<T: DeserializeOwned> FromRequest<App> for Post<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let agent = Agent::from_request_parts(&mut parts, app).await?;
        let key = key(&parts.headers)?;
        let path = parts.uri.path().to_owned();
        let bytes = json::read(Request::from_parts(parts, body), app).await?;
        let body = json::parse(&bytes)?;
        let repeat = key.map(|key| Repeat::new(agent.user.id, &path, key, Sha256::digest(&bytes).into()));
        Ok(Self { agent, body, repeat })
    }
}

impl<T: Send + 'static> Post<T> {
    /// Does `work` in one transaction, unless it was done under this key before.
    pub(super) async fn once<R, F>(self, app: &App, work: F) -> Result<R, Refused>
    where
        R: Serialize + DeserializeOwned + Send + 'static,
        F: FnOnce(&mut Write<'_>, Agent, T) -> Result<R, StoreError> + Send + 'static,
    {
        let Self { agent, body, repeat } = self;
        let now = app.now();
        let done = app.store.write(move |write| {
            write.on_behalf_of(agent.actor());
            match repeat {
                Some(repeat) => repeat.or_else(write, now, |write| work(write, agent, body)),
                None => work(write, agent, body),
            }
        });
        Ok(done.await?)
    }
}

impl Repeat {
    /// `body_hash` is SHA-256 of what must be the same for the same answer.
    pub(super) fn new(who: impl fmt::Display, path: &str, key: String, body_hash: [u8; 32]) -> Self {
        Self { scope: format!("{who} POST {path}"), key, body_hash }
    }

    /// Does `work`, unless it was done under this key before.
    pub(super) fn or_else<R: Serialize + DeserializeOwned>(
        self,
        write: &mut Write<'_>,
        now: Millis,
        work: impl FnOnce(&mut Write<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let Self { scope, key, body_hash } = self;
        if let Some(answer) = write.answer(&scope, &key, now)? {
            if answer.body_hash != body_hash {
                let message = "this Idempotency-Key was used with another body";
                return Err(Error::new(ErrorCode::IdempotencyConflict, message).into());
            }
            return serde_json::from_str(&answer.response)
                .map_err(|error| Failure::Unreadable { what: "answer", reason: error.to_string() }.into());
        }
        let made = work(write)?;
        let response = serde_json::to_string(&made).expect("answers have string keys");
        let status = StatusCode::CREATED.as_u16();
        write.put_answer(&scope, &key, &Answer { body_hash, status, response }, now)?;
        Ok(made)
    }
}

/// The request's key, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(header) = headers.get(HEADER) else { return Ok(None) };
    match header.to_str() {
        Ok(key) if (1..=MOST).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => {
            Err(Error::invalid("Idempotency-Key", format!("expected 1 to {MOST} printable ASCII characters")))
        }
    }
}
