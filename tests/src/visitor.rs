//! A visitor on a real socket: the widget's own peer, driven by the widget's own loop.

use crate::{
    clock::{now, patiently},
    relay::Relay,
    socket::{Received, Socket},
};
use serde_json::{Map, Value};
use shared::{
    ClientKey, Error, Millis, OrganizationId, Seq, VisitorToken,
    command::Command,
    message::MessageType,
    peer::{Output, Unsent, UnsentState, Visitor, VisitorConfig, VisitorEvent},
    wire::Receipt,
};
use std::{future, net::SocketAddr, time::Duration};

#[derive(Debug)]
pub struct VisitorClient {
    peer: Visitor,
    address: SocketAddr,
    socket: Option<Socket>,
    said: usize,
}

impl VisitorClient {
    /// A new visitor of the relay's first organization, connecting.
    #[must_use]
    pub fn new(relay: &Relay) -> Self {
        Self::with_token(relay, random_token())
    }

    /// A browser that has this token, connecting.
    #[must_use]
    pub fn with_token(relay: &Relay, token: VisitorToken) -> Self {
        Self::with_outbox(relay, relay.organization(), token, Vec::new())
    }

    /// A browser that has this token and these messages to send, connecting.
    #[must_use]
    pub fn with_outbox(
        relay: &Relay,
        organization: OrganizationId,
        token: VisitorToken,
        outbox: Vec<Unsent>,
    ) -> Self {
        let config = VisitorConfig {
            organization,
            token,
            locale: None,
            identity: None,
            claim: None,
            seed: fastrand::u64(..),
        };
        let mut peer = Visitor::new(config, outbox);
        peer.connect(now());
        Self { peer, address: relay.address(), socket: None, said: 0 }
    }

    #[must_use]
    pub fn peer(&self) -> &Visitor {
        &self.peer
    }

    /// Says a text, or a command when it starts with `>cs `.
    ///
    /// # Panics
    /// When it is not a message that may be said.
    pub fn say(&mut self, text: &str) -> ClientKey {
        self.try_say(text).expect("the message keeps the limits")
    }

    /// # Errors
    /// What the widget would show at once: `bad_command`, `too_large`, `rate_limited`.
    pub fn try_say(&mut self, text: &str) -> Result<ClientKey, Error> {
        let (kind, text) = match Command::from_client_text(text).transpose()? {
            Some(command) => (command.message_type(), command.text()),
            None => (MessageType::Chat, text.to_owned()),
        };
        let unsent = unsent(self.said, kind, text);
        self.said += 1;
        let key = unsent.key.clone();
        self.peer.send(unsent, now())?;
        Ok(key)
    }

    /// Tells the bot something, as the page does.
    ///
    /// # Panics
    /// When too much waits to be said.
    pub fn say_event(&mut self, name: &str, payload: Value) -> ClientKey {
        let event = unsent(self.said, MessageType::Event, name.to_owned());
        let event = Unsent { payload: Some(payload), ..event };
        self.said += 1;
        let key = event.key.clone();
        self.peer.send(event, now()).expect("the outbox has room");
        key
    }

    /// Loses the connection as a laptop does that is closed: the relay hears nothing of it.
    pub fn lose_connection(&mut self) {
        self.socket = None;
        self.peer.handle_closed(now());
    }

    /// Tries to connect at once, as the widget does when the browser says that the network is back.
    pub fn come_online(&mut self) {
        self.peer.handle_online(now());
    }

    pub fn load_earlier(&mut self) {
        self.peer.load_earlier(now());
    }

    /// Runs until something happens that people would notice.
    pub async fn next(&mut self) -> VisitorEvent {
        loop {
            while let Some(output) = self.peer.poll_output() {
                if let Some(event) = self.carry_out(output).await {
                    return event;
                }
            }
            let deadline = self.peer.poll_timeout();
            tokio::select! {
                received = receive(&mut self.socket) => match received {
                    Received::Text(text) => self.peer.handle_text(&text, now()),
                    Received::Closed(_) | Received::Broken => self.lose_connection(),
                },
                () = wait_for(deadline) => self.peer.handle_timeout(now()),
            }
        }
    }

    /// Runs until `wanted` finds what it wants in an event.
    ///
    /// # Panics
    /// When that does not come.
    pub async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(VisitorEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                if let Some(found) = wanted(self.next().await) {
                    return found;
                }
            }
        };
        patiently(what, search).await
    }

    /// Runs until the message is stored.
    pub async fn acked(&mut self, key: &ClientKey) -> Receipt {
        let what = format!("the acknowledgement of {key}");
        self.until(&what, |event| match event {
            VisitorEvent::Acked(receipt) if receipt.key == *key => Some(receipt),
            VisitorEvent::Failed { key: failed, error } if failed == *key => panic!("{key}: {error}"),
            _ => None,
        })
        .await
    }

    /// Says it and runs until it is stored.
    pub async fn tell(&mut self, text: &str) -> Receipt {
        let key = self.say(text);
        self.acked(&key).await
    }

    /// Runs until the message is refused.
    pub async fn refused(&mut self, key: &ClientKey) -> Error {
        let what = format!("the refusal of {key}");
        self.until(&what, |event| match event {
            VisitorEvent::Failed { key: failed, error } if failed == *key => Some(error),
            VisitorEvent::Acked(receipt) if receipt.key == *key => panic!("{key} was stored"),
            _ => None,
        })
        .await
    }

    /// Runs until the relay has answered the greeting.
    pub async fn welcomed(&mut self) {
        self.until("a welcome", |event| matches!(event, VisitorEvent::Welcomed { .. }).then_some(())).await;
    }

    /// Runs until the log has this entry.
    pub async fn seen(&mut self, seq: Seq) {
        let what = format!("entry {seq}");
        let seen = async {
            while self.peer.log().last() < seq {
                self.next().await;
            }
        };
        patiently(&what, seen).await;
    }

    /// Runs until the relay sends this visitor away.
    pub async fn stopped(&mut self) -> Error {
        self.until("the end", |event| match event {
            VisitorEvent::Stopped(error) => Some(error),
            _ => None,
        })
        .await
    }

    /// The visible texts of the log.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.peer.log().entries().filter_map(|entry| Some(entry.message.as_ref()?.text.as_str())).collect()
    }

    async fn carry_out(&mut self, output: Output) -> Option<VisitorEvent> {
        match output {
            Output::Connect => match Socket::open(self.address, "/v2/widget").await {
                Ok(socket) => {
                    self.socket = Some(socket);
                    self.peer.handle_opened(now());
                }
                Err(_) => self.lose_connection(),
            },
            Output::Transmit(text) => {
                if let Some(socket) = &mut self.socket
                    && socket.send_text(text).await.is_err()
                {
                    self.lose_connection();
                }
            }
            Output::Disconnect => self.socket = None,
            Output::Persist => {}
            Output::Event(event) => return Some(event),
        }
        None
    }
}

/// As a browser makes it before its first message.
#[must_use]
pub fn random_token() -> VisitorToken {
    VisitorToken::from_bytes(std::array::from_fn(|_| fastrand::u8(..)))
}

/// The message that a visitor says as its `number`th.
#[must_use]
pub fn unsent(number: usize, kind: MessageType, text: String) -> Unsent {
    let key = format!("k-{number}-{:016x}", fastrand::u64(..));
    Unsent {
        key: key.parse().expect("letters, digits and dashes"),
        kind,
        text,
        content_type: None,
        payload: None,
        meta: Map::new(),
        at: now(),
        state: UnsentState::Waiting,
    }
}

async fn receive(socket: &mut Option<Socket>) -> Received {
    match socket {
        Some(socket) => socket.receive().await,
        None => future::pending().await,
    }
}

async fn wait_for(deadline: Option<Millis>) {
    match deadline {
        Some(deadline) => tokio::time::sleep(Duration::from_millis(deadline.since(now()).0)).await,
        None => future::pending().await,
    }
}
