//! A browser's WebSocket that closes with its guard and says nothing after that.

use crate::browser::Listener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, MessageEvent, WebSocket};

pub(super) enum Heard {
    Opened,
    Text(String),
    Closed,
}

pub(super) struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Socket {
    pub(super) fn new(socket: WebSocket, hear: impl Fn(Heard) + 'static) -> Self {
        let hear = Rc::new(hear);
        let listen = |event, read: fn(&Event) -> Option<Heard>| {
            let hear = hear.clone();
            Listener::new(&socket, event, move |event| {
                if let Some(heard) = read(&event) {
                    hear(heard);
                }
            })
        };
        let listeners = [
            listen("open", |_| Some(Heard::Opened)),
            listen("message", |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                data.as_string().map(Heard::Text)
            }),
            listen("close", |_| Some(Heard::Closed)),
        ];
        Self { socket, _listeners: listeners }
    }

    pub(super) fn send(&self, text: &str) {
        // Fails while connecting only; the peer sends on an open socket.
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Without a code nothing can fail.
        let _ = self.socket.close();
    }
}
