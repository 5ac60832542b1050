//! On a live connection: what the relay says goes into the log and the outbox, what waits is sent, what is missing
//! is asked for.

use super::{InFlight, Phase, Visitor, VisitorEvent};
use crate::{
    ClientKey, Error, Millis, Seq,
    conversation::Applied,
    limits,
    peer::{Output, UnsentState},
    wire::{ConversationView, Entry, Receipt, RelayFrame, VisitorFrame, Welcome},
};

impl Visitor {
    pub(super) fn take_welcome(&mut self, welcome: Welcome, now: Millis) {
        self.phase = Phase::Live { since: now, silent_at: now + limits::SILENCE };
        self.head = welcome.head;
        self.conversation = welcome.conversation.or(self.conversation);
        if welcome.claim.is_some() {
            self.config.claim = None;
        }
        self.tell(VisitorEvent::Admitted { conversation: welcome.conversation, claim: welcome.claim });
        let starts_over = welcome.reload || self.log.last() == Seq::ZERO;
        if starts_over {
            if self.log.reset(welcome.entries.clone()) {
                self.tell(VisitorEvent::Reset(welcome.entries.clone()));
            }
            for entry in &welcome.entries {
                self.settle(entry);
            }
        } else {
            for entry in welcome.entries {
                self.take_entry(entry, now);
            }
        }
        self.take_state(welcome.state);
        self.tell(VisitorEvent::Welcomed { organization: welcome.organization, now: welcome.now });
        self.tell_status();
        self.tell_read_soon(now);
        self.repair_soon(now);
        self.pump(now);
    }

    pub(super) fn take_live(&mut self, frame: RelayFrame, now: Millis) {
        match frame {
            RelayFrame::Entry(entry) => self.take_entry(entry, now),
            // Tabs share a socket: the page that another one asked for is not this one's.
            RelayFrame::History { before, entries } => {
                if self.history_at.is_some() && before == self.log.first() {
                    self.history_at = None;
                    let new = self.log.prepend(entries);
                    self.tell(VisitorEvent::Prepended(new));
                }
            }
            RelayFrame::Ack(receipt) => self.take_ack(receipt, now),
            RelayFrame::Nack { key, error, retry_after } => self.take_nack(&key, error, retry_after, now),
            RelayFrame::Ping { head } => {
                self.transmit(&VisitorFrame::Pong {});
                self.head = self.head.max(head);
                self.repair(now);
            }
            RelayFrame::State(state) => self.take_state(Some(state)),
            RelayFrame::Typing { name, lasts } => {
                self.tell(VisitorEvent::Typing { name, lasts: Millis(lasts) });
            }
            // Another tab's greeting: what is new in it is new here, too.
            RelayFrame::Welcome(welcome) => {
                self.head = self.head.max(welcome.head);
                self.take_state(welcome.state);
                for entry in welcome.entries {
                    self.take_entry(entry, now);
                }
                self.repair_soon(now);
            }
            RelayFrame::Error { .. } => {}
        }
    }

    fn take_state(&mut self, state: Option<ConversationView>) {
        if let Some(state) = &state {
            self.tell(VisitorEvent::State(state.clone()));
        }
        self.state = state;
    }

    fn take_entry(&mut self, entry: Entry, now: Millis) {
        self.head = self.head.max(entry.seq);
        match self.log.append(entry.clone()) {
            Applied::Appended => {
                if let Some(revised) = &entry.revised {
                    self.log.revise(revised);
                }
                self.settle(&entry);
                self.tell(VisitorEvent::Appended(entry));
                self.repair_at = None;
                self.repair_soon(now);
            }
            Applied::Gap => self.repair(now),
            Applied::Duplicate => {}
        }
        self.pump(now);
    }

    /// Matches an entry of the log with the outbox: an entry proves that its message is stored, even when the
    /// acknowledgement was lost.
    fn settle(&mut self, entry: &Entry) {
        self.settle_sent();
        let Some(message) = &entry.message else { return };
        // The first message of all: its acknowledgement names the conversation.
        let (Some(key), Some(conversation)) = (&message.client_key, self.conversation) else {
            return;
        };
        if self.outbox.remove(key).is_none() {
            return;
        }
        self.land(key);
        self.outputs.push(Output::Persist);
        self.tell(VisitorEvent::Acked(Receipt {
            key: key.clone(),
            id: message.id,
            seq: entry.seq,
            conversation,
            at: message.created_at,
        }));
    }

    fn settle_sent(&mut self) {
        if self.outbox.settle(self.log.last()) {
            self.outputs.push(Output::Persist);
        }
    }

    fn take_ack(&mut self, receipt: Receipt, now: Millis) {
        self.land(&receipt.key);
        self.conversation = Some(receipt.conversation);
        self.head = self.head.max(receipt.seq);
        if self.outbox.set_state(&receipt.key, UnsentState::Sent { seq: receipt.seq }) {
            self.settle_sent();
            self.outputs.push(Output::Persist);
            self.tell(VisitorEvent::Acked(receipt));
        }
        self.repair_soon(now);
        self.pump(now);
    }

    fn take_nack(&mut self, key: &ClientKey, error: Error, retry_after: Option<u64>, now: Millis) {
        if self.in_flight.as_ref().is_none_or(|in_flight| in_flight.key != *key) {
            return; // an answer to an earlier attempt; the current one gets its own
        }
        self.in_flight = None;
        if retry_after.is_some() || error.code.can_retry() {
            let pause = retry_after.map_or(limits::REPAIR, Millis).max(limits::BACKOFF_MIN);
            self.paused_until = Some(now + pause);
            return;
        }
        if self.outbox.set_state(key, UnsentState::Failed(error.clone())) {
            self.outputs.push(Output::Persist);
            self.tell(VisitorEvent::Failed { key: key.clone(), error });
        }
        self.pump(now);
    }

    pub(super) fn handle_live_timeout(&mut self, now: Millis) {
        if self.paused_until.is_some_and(|until| now >= until) {
            self.paused_until = None;
        }
        if self.in_flight.as_ref().is_some_and(|in_flight| now >= in_flight.resend_at) {
            self.in_flight = None;
        }
        if self.repair_at.is_some_and(|at| now >= at) {
            self.repair_at = None;
            self.repair(now);
        }
        if self.history_at.is_some_and(|at| now >= at) {
            self.ask_history(now);
        }
        if self.read_at.is_some_and(|at| now >= at) {
            self.read_at = None;
            if self.is_read_news() {
                self.transmit(&VisitorFrame::Read { seq: self.seen });
            }
        }
        self.pump(now);
    }

    /// Whether the relay is yet to hear how far the visitor has read. One that never says how things stand does not ask.
    fn is_read_news(&self) -> bool {
        self.state.as_ref().is_some_and(|state| self.seen > state.read_by_visitor)
    }

    pub(super) fn tell_read_soon(&mut self, now: Millis) {
        if self.read_at.is_none() && matches!(self.phase, Phase::Live { .. }) && self.is_read_news() {
            self.read_at = Some(now + limits::READ);
        }
    }

    /// The answer to `key` is here.
    fn land(&mut self, key: &ClientKey) {
        if self.in_flight.as_ref().is_some_and(|in_flight| in_flight.key == *key) {
            self.in_flight = None;
        }
    }

    /// Sends the next message in line, if it is its turn.
    pub(super) fn pump(&mut self, now: Millis) {
        let may_send = matches!(self.phase, Phase::Live { .. })
            && self.in_flight.is_none()
            && self.paused_until.is_none();
        if !may_send {
            return;
        }
        let Some(unsent) = self.outbox.next_waiting() else {
            return;
        };
        let (key, frame) = (unsent.key.clone(), unsent.frame());
        self.in_flight = Some(InFlight { key, resend_at: now + limits::RESEND });
        self.transmit(&frame);
    }

    /// Asks for what is missing at the end of the log, unless it was asked for already.
    fn repair(&mut self, now: Millis) {
        if self.log.last() < self.head && self.repair_at.is_none() {
            self.repair_at = Some(now + limits::REPAIR);
            self.transmit(&VisitorFrame::Since { after: self.log.last() });
        }
    }

    /// What is missing is on its way; asks for it only when it does not come.
    fn repair_soon(&mut self, now: Millis) {
        if self.log.last() < self.head && self.repair_at.is_none() {
            self.repair_at = Some(now + limits::REPAIR);
        }
    }

    pub(super) fn ask_history(&mut self, now: Millis) {
        self.history_at = Some(now + limits::REPAIR);
        self.transmit(&VisitorFrame::Before { before: self.log.first() });
    }
}
