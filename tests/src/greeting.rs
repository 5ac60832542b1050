//! A visitor's socket by hand: the greeting, and how a socket is refused.

use crate::{
    clock::patiently,
    relay::Relay,
    socket::{Received, Socket},
};
use shared::{
    Error, OrganizationId, Seq, VisitorToken,
    wire::{Hello, RelayFrame, VERSION, VisitorFrame, Welcome},
};
use std::net::SocketAddr;

/// Why the relay ended a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub error: Error,
    /// Milliseconds after which to come back.
    pub retry_after: Option<u64>,
    pub close_code: u16,
}

/// The first frame of a visitor that has the log up to `last`.
#[must_use]
pub fn hello(organization: OrganizationId, token: &VisitorToken, last: Seq) -> VisitorFrame {
    VisitorFrame::Hello(Hello {
        version: VERSION,
        organization,
        token: token.clone(),
        last,
        locale: None,
        identity: None,
        claim: None,
    })
}

/// A socket of the relay's first organization that has not greeted.
pub async fn connect(relay: &Relay) -> Socket {
    Socket::open(relay.address(), "/v2/widget").await.expect("the relay takes sockets")
}

/// A socket that has said this, whatever the answer.
///
/// # Panics
/// When `hello` is another frame.
pub async fn greet_as(relay: &Relay, token: &VisitorToken, change: impl FnOnce(&mut Hello)) -> Socket {
    let mut socket = connect(relay).await;
    let VisitorFrame::Hello(mut hello) = hello(relay.organization(), token, Seq::ZERO) else {
        panic!("a greeting is a greeting")
    };
    change(&mut hello);
    socket.send(&VisitorFrame::Hello(hello)).await.expect("the relay listens");
    socket
}

/// A socket of the relay's first organization that is welcome.
pub async fn greet(relay: &Relay, token: &VisitorToken, last: Seq) -> (Socket, Welcome) {
    greet_at(relay.address(), relay.organization(), token, last).await
}

/// The same, wherever it listens.
pub async fn greet_at(
    address: SocketAddr,
    organization: OrganizationId,
    token: &VisitorToken,
    last: Seq,
) -> (Socket, Welcome) {
    let mut socket = Socket::open(address, "/v2/widget").await.expect("the server takes sockets");
    socket.send(&hello(organization, token, last)).await.expect("the server listens");
    let welcome = welcome(&mut socket).await;
    (socket, welcome)
}

/// The answer to a greeting.
///
/// # Panics
/// When the greeting was refused.
pub async fn welcome(socket: &mut Socket) -> Welcome {
    match socket.frame().await {
        RelayFrame::Welcome(welcome) => welcome,
        other => panic!("a welcome was expected, not {other:?}"),
    }
}

/// Reads until the relay ends the socket as it should: it says why, then closes.
///
/// # Panics
/// When the socket ends without a reason.
pub async fn refusal(socket: &mut Socket) -> Refusal {
    let mut reason = None;
    loop {
        match patiently("the end of the socket", socket.receive()).await {
            Received::Text(text) => {
                if let Ok(RelayFrame::Error { error, retry_after }) = serde_json::from_str(&text) {
                    reason = Some((error, retry_after));
                }
            }
            Received::Closed(close_code) => {
                let (error, retry_after) = reason.expect("a reason comes before the end");
                return Refusal { error, retry_after, close_code };
            }
            Received::Broken => panic!("the connection broke; said before: {reason:?}"),
        }
    }
}
