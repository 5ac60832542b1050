//! The HTTP client of webhooks: bounded in time and bytes, follows no redirect, and goes nowhere private.

use super::{
    guard::{PrivateAddress, PublicResolver, check_literal},
    signature::Signer,
};
use crate::{
    store::{DeliveryError, Outcome},
    tls,
};
use reqwest::{Client, Response, Url, header::CONTENT_TYPE, redirect};
use shared::{EventId, Millis};
use std::{error::Error, fmt, sync::OnceLock, time::Duration};

/// To connect, TLS included: a receiver on the other side of the world takes half a second.
const CONNECT: Duration = Duration::from_secs(5);
/// From the call to the end of the answer. Receivers are to answer at once and work later.
const CALL: Duration = Duration::from_secs(10);
/// How long an unused connection is kept for the next call.
const IDLE: Duration = Duration::from_secs(30);
/// Bytes of an answer that are read. Only its status counts; reading it to the end lets the connection be used again.
const ANSWER_BYTES: usize = 16 * 1024;
/// Bytes of an answer to a challenge: room for the challenge and blanks around it.
const ECHO_BYTES: usize = 1_024;

/// Why an address did not become a webhook's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Challenged {
    #[error("expected an http or https address without user and password")]
    NotHttp,
    #[error("leads to a private address; an operator allows those with --allow-private-webhooks")]
    Private,
    #[error("did not answer in time")]
    TimedOut,
    #[error("cannot be reached")]
    Unreachable,
    #[error("answered {0} to GET ?type=subscribe&challenge=…; expected 200 and the challenge")]
    Status(u16),
    #[error("did not echo the challenge of GET ?type=subscribe&challenge=…")]
    NoEcho,
}

pub(super) struct Caller {
    allow_private: bool,
    /// Made when the first webhook is called: most relays have none, and it reads the system's certificates.
    client: OnceLock<Option<Client>>,
}

/// One delivery, ready to be sent.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) url: &'a str,
    pub(super) secret: &'a str,
    pub(super) id: EventId,
    pub(super) body: String,
    pub(super) at: Millis,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("allow_private", &self.allow_private).finish_non_exhaustive()
    }
}

impl Caller {
    pub(super) fn new(allow_private: bool) -> Self {
        Self { allow_private, client: OnceLock::new() }
    }

    /// Asks the address whether it wants to be called: it says so by echoing a challenge.
    pub(super) async fn challenge(&self, url: &str) -> Result<(), Challenged> {
        let mut url = parse(url).ok_or(Challenged::NotHttp)?;
        let number = getrandom::u64().expect("the operating system has randomness once it has started");
        let challenge = format!("{number:016x}");
        url.query_pairs_mut().append_pair("type", "subscribe").append_pair("challenge", &challenge);
        let client = self.client(&url).map_err(Challenged::from)?;
        let mut response =
            client.get(url).send().await.map_err(|error| Challenged::from(failure_of(&error)))?;
        if !response.status().is_success() {
            return Err(Challenged::Status(response.status().as_u16()));
        }
        let echo = read(&mut response, ECHO_BYTES).await;
        if echo.trim_ascii() == challenge.as_bytes() { Ok(()) } else { Err(Challenged::NoEcho) }
    }

    pub(super) async fn post(&self, call: Call<'_>) -> Outcome {
        let Call { url, secret, id, body, at } = call;
        let Some(url) = parse(url) else { return Outcome::Failed(DeliveryError::Unreachable) };
        let client = match self.client(&url) {
            Ok(client) => client,
            Err(error) => return Outcome::Failed(error),
        };
        let signer = Signer::new(secret);
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("x-hub-signature", signer.hub(&body))
            .header("webhook-id", id.to_string())
            .header("webhook-timestamp", at.as_secs())
            .header("webhook-signature", signer.standard(id, at, &body))
            .body(body);
        match request.send().await {
            Ok(mut response) => {
                read(&mut response, ANSWER_BYTES).await;
                Outcome::Answered(response.status().as_u16())
            }
            Err(error) => Outcome::Failed(failure_of(&error)),
        }
    }

    /// The client, for an address that it may call.
    fn client(&self, url: &Url) -> Result<&Client, DeliveryError> {
        if !self.allow_private {
            check_literal(url).map_err(|PrivateAddress| DeliveryError::AddressRefused)?;
        }
        let client = self.client.get_or_init(|| {
            let client = build(self.allow_private);
            client.inspect_err(|error| tracing::error!(%error, "webhooks cannot be called")).ok()
        });
        client.as_ref().ok_or(DeliveryError::Unreachable)
    }
}

fn build(allow_private: bool) -> reqwest::Result<Client> {
    tls::choose();
    let builder = Client::builder()
        .user_agent(concat!("relay/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .timeout(CALL)
        .pool_idle_timeout(IDLE)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy();
    if allow_private { builder.build() } else { builder.dns_resolver(PublicResolver).build() }
}

fn parse(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain).then_some(url)
}

/// The beginning of an answer. One that breaks off is as good as what has come of it.
async fn read(response: &mut Response, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < most
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
    }
    bytes
}

fn failure_of(error: &reqwest::Error) -> DeliveryError {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if error.is::<PrivateAddress>() {
            return DeliveryError::AddressRefused;
        }
        cause = error.source();
    }
    if error.is_timeout() { DeliveryError::TimedOut } else { DeliveryError::Unreachable }
}

impl From<DeliveryError> for Challenged {
    fn from(error: DeliveryError) -> Self {
        match error {
            DeliveryError::AddressRefused => Self::Private,
            DeliveryError::TimedOut => Self::TimedOut,
            DeliveryError::Unreachable
            | DeliveryError::Status
            | DeliveryError::Erased
            | DeliveryError::Disabled => Self::Unreachable,
        }
    }
}
