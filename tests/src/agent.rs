//! A reader of the agents' stream.

use crate::{
    relay::Relay,
    socket::{Opening, Received, Socket},
};
use shared::{
    ConversationId, OrganizationId, Seq, UserId,
    wire::{AgentFrame, Event, StreamFrame},
};
use std::net::SocketAddr;

#[derive(Debug)]
pub struct AgentStream {
    socket: Socket,
    cursor: u64,
}

/// What an open stream says.
#[derive(Debug)]
pub enum Heard {
    Event(Event),
    Typing { conversation: ConversationId, lasts: u64 },
    Read { conversation: ConversationId, user: Option<UserId>, seq: Seq },
}

impl AgentStream {
    /// Everything that happens in the relay's first organization from now on.
    pub async fn open(relay: &Relay) -> Self {
        Self::resume(relay, None).await
    }

    /// Everything after `cursor`.
    pub async fn resume(relay: &Relay, cursor: Option<u64>) -> Self {
        let token = relay.rest().token().expect("the relay's own client is the admin");
        let mut socket = connect(relay.address(), token).await;
        greet(&mut socket, relay.organization(), cursor).await;
        match socket.frame().await {
            StreamFrame::Welcome { cursor, .. } => Self { socket, cursor },
            other => panic!("a welcome was expected, not {other:?}"),
        }
    }

    /// Of the latest event that was read: what to resume after.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// The next event.
    pub async fn next(&mut self) -> Event {
        loop {
            if let Heard::Event(event) = self.hear().await {
                return event;
            }
        }
    }

    /// Whatever comes next.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.socket.frame().await {
                StreamFrame::Event(event) => {
                    assert!(event.cursor > self.cursor, "{} came after {}", event.cursor, self.cursor);
                    self.cursor = event.cursor;
                    return Heard::Event(event);
                }
                StreamFrame::Typing { conversation, lasts } => return Heard::Typing { conversation, lasts },
                StreamFrame::Read { conversation, user, seq } => {
                    return Heard::Read { conversation, user, seq };
                }
                StreamFrame::Ping { .. } => {
                    self.socket.send(&AgentFrame::Pong {}).await.expect("the relay listens");
                }
                other @ (StreamFrame::Welcome { .. } | StreamFrame::Error { .. }) => {
                    panic!("an event was expected, not {other:?}")
                }
            }
        }
    }

    /// The text of the next event's message.
    pub async fn next_text(&mut self) -> String {
        let event = self.next().await;
        let message: serde_json::Value = serde_json::from_str(event.data.get()).expect("events carry JSON");
        message["text"].as_str().unwrap_or_default().to_owned()
    }

    pub async fn receive(&mut self) -> Received {
        self.socket.receive().await
    }
}

/// A socket of the stream that has not greeted.
pub async fn connect(address: SocketAddr, token: &str) -> Socket {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let opening = Opening { headers: &headers, ..Opening::default() };
    Socket::open_with(address, "/v2/events", opening).await.expect("the relay takes sockets")
}

/// Says hello on it.
pub async fn greet(socket: &mut Socket, organization: OrganizationId, cursor: Option<u64>) {
    let hello = AgentFrame::Hello { token: None, organization: Some(organization), cursor };
    socket.send(&hello).await.expect("the relay listens");
}
