//! One WebSocket as the drivers use it: text frames in, text frames out, several per flush, and a write
//! that is not taken in time ends the connection. Nothing is queued here beyond one flush.

use super::end::{self, End};
use crate::app::App;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use shared::{Error, ErrorCode, limits, wire};
use std::time::Duration;

/// Bytes read from the socket at once, and kept while it idles. The default of 128 KiB would make ten thousand
/// idle sockets cost 1.3 GB.
const READ_BUFFER: usize = 2 * 1024;
/// Bytes gathered before they are written; frames of one flush go out in one system call.
const WRITE_BUFFER: usize = 16 * 1024;
/// Frames over `limits::FRAME_BYTES` are read up to here, so that their sender gets an answer that says what was wrong.
const FRAME_READ_LIMIT: usize = 1024 * 1024;
/// How long the peer's half of the closing handshake is waited for (RFC 6455, section 7.1.1).
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Sets the buffers and limits of a socket about to be opened.
pub(super) fn configure(upgrade: WebSocketUpgrade, app: &App) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(app.settings.limits.socket_queue_bytes.max(2 * WRITE_BUFFER))
        .max_message_size(FRAME_READ_LIMIT)
        .max_frame_size(FRAME_READ_LIMIT)
}

/// What came from the peer.
pub(super) enum Incoming {
    Text(Utf8Bytes),
    /// A frame of a kind that is not spoken here.
    Foreign(Error),
    /// The connection is gone.
    Gone,
}

/// The peer is gone, or does not take what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    Gone,
    Slow,
}

pub(super) struct Lane {
    socket: WebSocket,
    unflushed: bool,
    /// How long the peer may take to accept a write.
    patience: Duration,
}

impl Lane {
    pub(super) fn new(socket: WebSocket, app: &App) -> Self {
        Self {
            socket,
            unflushed: false,
            patience: Duration::from_secs(app.settings.limits.socket_write_seconds),
        }
    }

    /// The next text frame; waits for it. Safe to drop while waiting.
    pub(super) async fn receive(&mut self) -> Incoming {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Incoming::Text(text),
                Some(Ok(Message::Binary(_))) => {
                    let message = "binary frames are not spoken here; send JSON as text frames";
                    return Incoming::Foreign(Error::new(ErrorCode::BadRequest, message));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Incoming::Gone,
            }
        }
    }

    /// The first frame: within its time, and unless the relay stops before.
    pub(super) async fn greeting<T: DeserializeOwned>(
        &mut self,
        within: Duration,
        app: &App,
    ) -> Result<T, End> {
        let first = tokio::select! {
            first = tokio::time::timeout(within, self.receive()) => first,
            () = app.draining.cancelled() => return Err(end::stopping().into()),
        };
        match first {
            Ok(Incoming::Text(text)) => Ok(decode(&text)?),
            Ok(Incoming::Foreign(error)) => Err(error.into()),
            Ok(Incoming::Gone) => Err(Lost::Gone.into()),
            Err(_) => {
                let message = format!("no greeting came within {} s", within.as_secs());
                Err(Error::new(ErrorCode::BadRequest, message).into())
            }
        }
    }

    /// The next frame if it is here already.
    pub(super) fn try_receive(&mut self) -> Option<Incoming> {
        self.receive().now_or_never()
    }

    /// Puts a frame into the next flush.
    pub(super) async fn feed(&mut self, text: Utf8Bytes) -> Result<(), Lost> {
        self.unflushed = true;
        in_time(self.patience, self.socket.feed(Message::Text(text))).await
    }

    pub(super) async fn flush(&mut self) -> Result<(), Lost> {
        if !std::mem::take(&mut self.unflushed) {
            return Ok(());
        }
        match self.socket.flush().now_or_never() {
            Some(Ok(())) => return Ok(()),
            Some(Err(_)) => return Err(Lost::Gone),
            None => {}
        }
        in_time(self.patience, self.socket.flush()).await
    }

    /// Says why in a last frame, then closes with the code that belongs to the error.
    pub(super) async fn close(mut self, last_frame: String, code: u16) {
        let goodbye = async {
            self.socket.feed(Message::Text(last_frame.into())).await.ok()?;
            let reason = Utf8Bytes::from_static("");
            self.socket.send(Message::Close(Some(CloseFrame { code, reason }))).await.ok()?;
            // Until the peer closes too: what it still sends must be read, or the goodbye is lost with a TCP reset.
            while let Some(Ok(_)) = self.socket.next().await {}
            Some(())
        };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await;
    }

    /// Ends a connection that lost its reader.
    pub(super) async fn abandon(mut self, lost: Lost) {
        if lost == Lost::Slow {
            let frame =
                CloseFrame { code: wire::CLOSE_SLOW_READER, reason: Utf8Bytes::from_static("slow reader") };
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.socket.send(Message::Close(Some(frame)))).await;
        }
    }
}

/// A write, given up when the peer does not take it in time.
async fn in_time(
    patience: Duration,
    write: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), Lost> {
    match tokio::time::timeout(patience, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Lost::Gone),
        Err(_) => Err(Lost::Slow),
    }
}

/// Reads a frame that is within the protocol's own limit.
pub(super) fn decode<T: DeserializeOwned>(text: &Utf8Bytes) -> Result<T, Error> {
    const { assert!(limits::FRAME_BYTES < FRAME_READ_LIMIT) };
    wire::decode(text.as_str())
}
