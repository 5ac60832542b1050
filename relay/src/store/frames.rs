//! The two frames that carry a stored entry, written once for everybody who listens.

use super::read::Logged;
use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use shared::{
    ConversationId,
    message::Message,
    wire::{Entry, RelayFrame},
};
use std::fmt;

/// `{"entry":{…}}`, for the conversation's visitor. `buffer` is working space.
pub(super) fn entry(message: &Message, buffer: &mut Vec<u8>) -> Utf8Bytes {
    entry_frame(Entry::of(message), buffer)
}

/// The same for one that is made already.
pub(super) fn entry_frame(entry: Entry, buffer: &mut Vec<u8>) -> Utf8Bytes {
    write(&RelayFrame::Entry(entry), buffer)
}

/// `{"event":{…}}`, for the organization's stream. `buffer` is working space.
pub(super) fn event(logged: &Logged, buffer: &mut Vec<u8>) -> Utf8Bytes {
    let event = EventOf {
        cursor: logged.cursor,
        event: EventName(logged),
        conversation: logged.message.conversation,
        data: &logged.message,
    };
    write(&StreamFrameOf::Event(event), buffer)
}

fn write(frame: &impl Serialize, buffer: &mut Vec<u8>) -> Utf8Bytes {
    buffer.clear();
    serde_json::to_writer(&mut *buffer, frame).expect("frames have string keys and no floats");
    Utf8Bytes::from(std::str::from_utf8(buffer).expect("JSON is UTF-8"))
}

/// `shared::wire::StreamFrame::Event` with the message borrowed: a raw value would be copied twice.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum StreamFrameOf<'a> {
    Event(EventOf<'a>),
}

#[derive(Serialize)]
struct EventOf<'a> {
    cursor: u64,
    event: EventName<'a>,
    conversation: ConversationId,
    data: &'a Message,
}

/// `message.create.<conversation type>.<message type>`.
struct EventName<'a>(&'a Logged);

impl fmt::Display for EventName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message.create.{}.{}", self.0.conversation_type.as_str(), self.0.message.kind.as_str())
    }
}

impl Serialize for EventName<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
