//! What the relay's answers lead to: what is shown, kept, and told to the page.

use super::Widget;
use crate::{
    api::receipt,
    browser::{self, Timer},
    state::Connection,
    transport::Report,
    words,
};
use shared::{
    ClientKey, ConversationId, Error, Millis,
    message::MessageType,
    peer::{ConnectionStatus, VisitorEvent},
    wire::{Entry, Receipt},
};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A loss that is repaired within this time is nothing to tell the visitor.
const PATIENCE: Millis = Millis(1_000);

impl Widget {
    pub(super) fn hear(self: &Rc<Self>, report: Report) {
        match report {
            Report::Persist(outbox) => {
                self.state.take_outbox(outbox.iter());
                self.storage.borrow_mut().set_outbox(outbox);
            }
            Report::Event(event) => self.take_event(event),
        }
    }

    fn take_event(self: &Rc<Self>, event: VisitorEvent) {
        match event {
            VisitorEvent::Status(status) => self.take_status(status),
            VisitorEvent::Admitted { conversation, claim } => {
                self.take_admission(claim);
                if let Some(conversation) = conversation {
                    self.take_conversation(conversation);
                }
            }
            VisitorEvent::Welcomed { organization, .. } => {
                self.state.take_welcome(organization, self.has_earlier());
                self.follow_settings();
            }
            VisitorEvent::Appended(entry) => self.take_entry(&entry),
            VisitorEvent::Prepended(entries) => {
                self.state.prepend(&entries, self.has_earlier());
                self.pursue();
                self.gather(!entries.is_empty());
            }
            VisitorEvent::Reset(entries) => {
                self.state.reset(&entries);
                self.look();
                entries.iter().for_each(|entry| self.dispatch(entry));
            }
            VisitorEvent::Acked(receipt) => self.take_receipt(&receipt),
            VisitorEvent::State(state) => {
                // On another device.
                self.see_up_to(state.read_by_visitor);
                self.state.take_standing(state);
            }
            VisitorEvent::Typing { name, lasts } => self.take_typing(name, lasts),
            VisitorEvent::Failed { key, error } => self.take_refusal(&key, &error),
            VisitorEvent::Stopped(error) => {
                self.patience.take();
                self.state.refuse(error.code);
                self.pending.reject_all(&error);
                self.waiting.reject(&error);
                self.take_stop(&error);
                self.page.log(&error);
                self.page.emit_error(&error);
            }
        }
    }

    fn take_status(self: &Rc<Self>, status: ConnectionStatus) {
        let (outage, event) = self.outage.get().change(status);
        self.outage.set(outage);
        match status {
            ConnectionStatus::Live => {
                self.patience.take();
                self.state.set_connection(Connection::Fine);
                self.page.files("resume", &JsValue::UNDEFINED);
                if self.state.is_asking.peek() {
                    self.load_earlier();
                }
                self.gather(true);
            }
            ConnectionStatus::Connecting | ConnectionStatus::Waiting => {
                // Nobody could say that they have stopped.
                self.end_typing();
                self.wait_for_relay();
            }
            ConnectionStatus::Idle | ConnectionStatus::Stopped => {}
        }
        if let Some(event) = event {
            self.page.emit(event);
        }
    }

    /// Tells the visitor that the relay is away, unless it comes back soon.
    fn wait_for_relay(self: &Rc<Self>) {
        let told = self.state.connection.peek() != Connection::Fine;
        if told || !browser::is_online() {
            self.tell_outage();
        } else if self.patience.borrow().is_none() {
            let widget = Rc::downgrade(self);
            let tell = move || widget.upgrade().into_iter().for_each(|widget| widget.tell_outage());
            self.patience.replace(Some(Timer::after(PATIENCE, tell)));
        }
    }

    fn tell_outage(&self) {
        let online = browser::is_online();
        self.state.set_connection(if online { Connection::Reconnecting } else { Connection::Offline });
    }

    fn take_conversation(&self, conversation: ConversationId) {
        self.engaged.set(true);
        let known = self.conversation.replace(Some(conversation));
        let mut storage = self.storage.borrow_mut();
        if storage.record().conversation != Some(conversation) {
            storage.update(|record| record.come_to(conversation));
            self.state.take_seen(storage.record().seen);
        }
        drop(storage);
        if known != Some(conversation) {
            self.page.emit_conversation(conversation);
        }
    }

    fn take_entry(&self, entry: &Entry) {
        let said = self.state.append(entry, self.is_looking());
        self.dispatch(entry);
        let (Some(said), Some(message)) = (said, &entry.message) else { return };
        self.end_typing();
        self.announce(&said);
        self.keep_seen();
        self.tell_unread();
        self.page.emit_received(entry.seq, message);
    }

    fn take_receipt(&self, stored: &Receipt) {
        self.take_conversation(stored.conversation);
        let Some(pending) = self.pending.remove(&stored.key) else { return };
        if let Some(settle) = pending.promise {
            settle.resolve(&receipt(stored.id, stored.seq));
        }
        if let Some(text) = &pending.text {
            self.page.emit_sent(stored.id, stored.seq, text);
        }
    }

    /// An event of the organization's is for the page, once.
    fn dispatch(&self, entry: &Entry) {
        let message = entry.message.as_ref().filter(|message| message.kind == MessageType::Event);
        if entry.seq > self.dispatched.get() {
            self.dispatched.set(entry.seq);
            if let Some((id, payload)) =
                message.and_then(|message| Some((message.id, message.payload.as_ref()?)))
            {
                self.page.emit_dispatch(id, payload);
            }
        }
    }

    fn take_refusal(self: &Rc<Self>, key: &ClientKey, error: &Error) {
        let is_unseen = self.pending.reject(key, error);
        if is_unseen {
            self.forget(key);
        } else {
            self.page.emit_failed(error);
            self.state.announce(words::say(words::not_sent(error.code)));
        }
    }

    pub(super) fn has_earlier(&self) -> bool {
        self.transport
            .borrow()
            .as_ref()
            .is_some_and(|transport| transport.read(|visitor| visitor.has_earlier()))
    }
}
