//! A WebSocket client that decides nothing: frames out, frames in, and how it ended.

use crate::clock::patiently;
use futures_util::{SinkExt, StreamExt};
use serde::{Serialize, de::DeserializeOwned};
use shared::wire::{self, ConversationView, Receipt, RelayFrame};
use std::net::SocketAddr;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error, Message, Utf8Bytes,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::WebSocketConfig,
    },
};

/// A client with thousands of sockets cannot afford the default of 128 KiB for each.
const READ_BUFFER: usize = 8 * 1024;

pub type Stream = WebSocketStream<TcpStream>;

#[derive(Debug)]
pub struct Socket {
    stream: Stream,
}

/// What comes out of a [`Socket`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    Text(Utf8Bytes),
    /// The relay closed, with this code.
    Closed(u16),
    /// The connection broke without a closing handshake.
    Broken,
}

/// How to open a [`Socket`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Opening<'a> {
    pub headers: &'a [(&'a str, &'a str)],
    /// Bytes that the kernel may hold for this end; its own choice where absent.
    pub receive_buffer: Option<u32>,
}

impl Socket {
    /// # Errors
    /// When nobody listens, or the upgrade is refused.
    pub async fn open(address: SocketAddr, path: &str) -> Result<Self, Error> {
        Self::open_with(address, path, Opening::default()).await
    }

    /// # Errors
    /// When nobody listens, or the upgrade is refused.
    pub async fn open_with(address: SocketAddr, path: &str, opening: Opening<'_>) -> Result<Self, Error> {
        let tcp = TcpSocket::new_v4()?;
        if let Some(bytes) = opening.receive_buffer {
            tcp.set_recv_buffer_size(bytes)?;
        }
        let tcp = tcp.connect(address).await?;
        tcp.set_nodelay(true)?;
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        for (name, value) in opening.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let (stream, _) = client_async_with_config(request, tcp, Some(config)).await?;
        Ok(Self { stream })
    }

    /// For those who look at frames in a way of their own.
    #[must_use]
    pub fn into_stream(self) -> Stream {
        self.stream
    }

    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, frame: &impl Serialize) -> Result<(), Error> {
        self.send_text(wire::encode(frame)).await
    }

    /// # Errors
    /// When the connection is gone.
    pub async fn send_text(&mut self, text: impl Into<Utf8Bytes>) -> Result<(), Error> {
        self.stream.send(Message::Text(text.into())).await
    }

    /// # Errors
    /// When the connection is gone.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        self.stream.send(Message::Binary(bytes.into())).await
    }

    /// The next thing that happens.
    pub async fn receive(&mut self) -> Received {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Received::Text(text),
                Some(Ok(Message::Close(frame))) => {
                    // RFC 6455, 7.1.5: 1005 where the other end gave no code.
                    return Received::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Received::Broken,
            }
        }
    }

    /// The next acknowledgement. The entry itself comes on a way of its own, before it or after it.
    ///
    /// # Panics
    /// When the relay says something else.
    pub async fn receipt(&mut self) -> Receipt {
        loop {
            match self.frame().await {
                RelayFrame::Ack(receipt) => return receipt,
                RelayFrame::Entry(_) => {}
                other => panic!("an acknowledgement was expected, not {other:?}"),
            }
        }
    }

    /// The next frame of those that come in an order of their own: how things stand is told beside them.
    ///
    /// # Panics
    /// When the socket ends instead, or says something that is not such a frame.
    pub async fn frame<T: DeserializeOwned>(&mut self) -> T {
        loop {
            let text = self.text().await;
            if !text.starts_with(r#"{"state""#) {
                return read(&text);
            }
        }
    }

    /// Reads on until things stand as `wanted` says.
    ///
    /// # Panics
    /// When they never do.
    pub async fn state(&mut self, wanted: impl Fn(&ConversationView) -> bool) -> ConversationView {
        loop {
            if let RelayFrame::State(state) = read(&self.text().await)
                && wanted(&state)
            {
                return state;
            }
        }
    }

    async fn text(&mut self) -> Utf8Bytes {
        match patiently("a frame", self.receive()).await {
            Received::Text(text) => text,
            end @ (Received::Closed(_) | Received::Broken) => panic!("a frame was expected, not {end:?}"),
        }
    }
}

/// Not `wire::decode`: a page of history may be larger than what a client may send.
fn read<T: DeserializeOwned>(text: &Utf8Bytes) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {}", text.as_str()))
}
