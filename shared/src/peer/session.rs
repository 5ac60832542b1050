//! The relay's end. A socket that has not greeted is a [`Greeting`], used up by its first frame; one that
//! was admitted is a [`Session`]. A session knows how far its reader is and pulls what follows from the
//! store, so a slow reader costs a cursor, not a queue. `E` is an entry in whatever form the driver sends.

use crate::{
    ClientKey, ConversationId, Error, ErrorCode, Millis, Seq, limits,
    message::{Draft, Role},
    wire::{
        self, ClaimOutcome, ConversationView, Entry, Hello, OrganizationView, Receipt, RelayFrame,
        VisitorFrame, Welcome,
    },
};
use std::collections::VecDeque;

/// A socket before its greeting.
#[derive(Debug, Clone, Copy)]
pub struct Greeting {
    deadline: Millis,
}

impl Greeting {
    #[must_use]
    pub fn new(now: Millis) -> Self {
        Self { deadline: now + limits::GREETING }
    }

    /// By when the greeting must have come.
    #[must_use]
    pub fn deadline(self) -> Millis {
        self.deadline
    }

    /// Takes the first frame.
    ///
    /// # Errors
    /// `bad_request` when it is not a greeting of this version.
    pub fn handle_frame(self, frame: VisitorFrame) -> Result<Hello, Error> {
        let VisitorFrame::Hello(hello) = frame else {
            return Err(Error::new(ErrorCode::BadRequest, "the first frame must be 'hello'"));
        };
        if hello.version != wire::VERSION {
            let message =
                format!("version {} is not spoken here; version {} is", hello.version, wire::VERSION);
            return Err(Error::new(ErrorCode::BadRequest, message).with_field("version"));
        }
        Ok(hello)
    }
}

/// Which entries a greeting gets first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// The page starts after this entry.
    pub after: Seq,
    /// The page does not follow what the visitor has.
    pub reload: bool,
}

impl Resume {
    /// For a visitor that has everything up to `last`, of a log that ends at `head`.
    #[must_use]
    pub fn new(last: Seq, head: Seq) -> Self {
        let newest_page = Seq(head.0.saturating_sub(limits::HISTORY_PAGE as u64));
        if last == Seq::ZERO {
            Self { after: newest_page, reload: newest_page > Seq::ZERO }
        } else if last > head || head.0 - last.0 > limits::RESUME_ENTRIES {
            Self { after: newest_page, reload: true }
        } else {
            Self { after: last, reload: false }
        }
    }
}

/// What the store says of a visitor that has greeted.
#[derive(Debug, Clone)]
pub struct Admission {
    pub conversation: Option<ConversationId>,
    pub head: Seq,
    pub resume: Resume,
    /// Up to a page of entries after `resume.after`.
    pub entries: Vec<Entry>,
    pub organization: OrganizationView,
    pub state: ConversationView,
    /// Where the greeting had a claim.
    pub claim: Option<ClaimOutcome>,
}

/// A message that a visitor wants stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Send {
    pub key: ClientKey,
    pub draft: Draft,
}

/// What the driver of a [`Session`] has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionOutput<E> {
    Frame(RelayFrame),
    /// Send this entry, or what `handle_whisper` was given.
    Deliver(E),
    /// Tell the organization that the contact of this conversation is writing; nobody waits for it.
    Typing(ConversationId),
    /// The contact of this conversation has read up to this entry; nobody waits for it.
    MarkRead(ConversationId, Seq),
    /// Check and store it, then call `handle_stored` or `handle_refused`.
    Store(Box<Send>),
    /// Read entries after this one, then call `handle_entries`.
    Read {
        after: Seq,
    },
    /// Read a page of entries before this one, then call `handle_history`.
    ReadHistory {
        before: Seq,
    },
    /// Look how things stand with this conversation, then call `handle_state`.
    Look(ConversationId),
    /// From now on call `handle_head` whenever this conversation has a new entry, and `handle_change` whenever its state is
    /// another; and `handle_head` and `handle_state` once at once.
    Subscribe(ConversationId),
    /// Say why and close the socket.
    Close {
        error: Error,
        retry_after: Option<u64>,
    },
}

#[derive(Debug)]
pub struct Session<E> {
    conversation: Option<ConversationId>,
    /// The newest entry handed to the reader.
    sent: Seq,
    head: Seq,
    /// As the visitor was told last.
    state: ConversationView,
    reading: bool,
    in_flight: usize,
    ping_at: Millis,
    missed_pings: u32,
    closed: bool,
    outputs: VecDeque<SessionOutput<E>>,
}

impl<E> Session<E> {
    /// Welcomes an admitted visitor.
    #[must_use]
    pub fn new(admission: Admission, now: Millis) -> Self {
        let sent = admission.entries.last().map_or(admission.resume.after, |entry| entry.seq);
        let mut session = Self {
            conversation: admission.conversation,
            sent,
            head: admission.head,
            state: admission.state.clone(),
            reading: false,
            in_flight: 0,
            ping_at: now + limits::PING,
            missed_pings: 0,
            closed: false,
            outputs: VecDeque::new(),
        };
        session.outputs.push_back(SessionOutput::Frame(RelayFrame::Welcome(Welcome {
            conversation: admission.conversation,
            head: admission.head,
            reload: admission.resume.reload,
            entries: admission.entries,
            organization: admission.organization,
            state: Some(admission.state),
            claim: admission.claim,
            now,
        })));
        if let Some(conversation) = admission.conversation {
            session.outputs.push_back(SessionOutput::Subscribe(conversation));
        }
        session
    }

    /// Whether another frame may be taken from the socket. While it may not, the socket is not read and the
    /// sender feels it through TCP.
    #[must_use]
    pub fn wants_input(&self) -> bool {
        self.in_flight < limits::SENDS_IN_FLIGHT && !self.closed
    }

    pub fn handle_frame(&mut self, frame: VisitorFrame) {
        self.missed_pings = 0;
        match frame {
            VisitorFrame::Send { key, kind, text, content_type, payload, meta } => {
                let client_key = Some(key.clone());
                let role = Role::Contact;
                let draft =
                    Draft { kind, role, text, content_type, payload, meta, client_key, ..Draft::default() };
                self.in_flight += 1;
                self.outputs.push_back(SessionOutput::Store(Box::new(Send { key, draft })));
            }
            VisitorFrame::Since { after } => {
                self.sent = self.sent.min(after);
                self.read();
            }
            VisitorFrame::Before { before } => {
                if self.conversation.is_some() && before > Seq(1) {
                    self.outputs.push_back(SessionOutput::ReadHistory { before });
                } else {
                    self.frame(RelayFrame::History { before, entries: Vec::new() });
                }
            }
            VisitorFrame::Read { seq } => {
                let seq = seq.min(self.head);
                if let Some(conversation) = self.conversation.filter(|_| seq > self.state.read_by_visitor) {
                    self.outputs.push_back(SessionOutput::MarkRead(conversation, seq));
                }
            }
            VisitorFrame::Typing {} => {
                // Before there is a conversation, nobody could tell whose typing it is.
                if let Some(conversation) = self.conversation {
                    self.outputs.push_back(SessionOutput::Typing(conversation));
                }
            }
            VisitorFrame::Pong {} => {}
            VisitorFrame::Hello(_) => {
                self.close(Error::new(ErrorCode::BadRequest, "'hello' was said before"), None)
            }
        }
    }

    /// A frame that could not be read.
    pub fn handle_malformed(&mut self, error: Error) {
        self.close(error, None);
    }

    /// A message is stored, now or by an earlier attempt.
    pub fn handle_stored(&mut self, receipt: Receipt) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if self.conversation.is_none() {
            self.conversation = Some(receipt.conversation);
            self.outputs.push_back(SessionOutput::Subscribe(receipt.conversation));
        }
        let seq = receipt.seq;
        self.frame(RelayFrame::Ack(receipt));
        // What is stored can be read: the entry leaves together with its acknowledgement.
        self.handle_head(seq);
    }

    /// A message is refused. `retry_after` in milliseconds, where a later attempt can succeed.
    pub fn handle_refused(&mut self, key: ClientKey, error: Error, retry_after: Option<u64>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.frame(RelayFrame::Nack { key, error, retry_after });
    }

    /// The conversation's log is at `head` now. May be told twice, late, or in any order.
    pub fn handle_head(&mut self, head: Seq) {
        self.head = self.head.max(head);
        self.read();
    }

    /// The state of the conversation is another than before. May be told twice.
    pub fn handle_change(&mut self) {
        if let Some(conversation) = self.conversation {
            self.outputs.push_back(SessionOutput::Look(conversation));
        }
    }

    /// How things stand now; the visitor hears of it where that is another than before.
    pub fn handle_state(&mut self, state: ConversationView) {
        if self.state != state {
            self.state = state.clone();
            self.frame(RelayFrame::State(state));
        }
    }

    /// As the visitor was told last.
    #[must_use]
    pub const fn state(&self) -> &ConversationView {
        &self.state
    }

    /// What `Read` asked for: entries after `sent`, in order. Fewer than there are is fine.
    pub fn handle_entries(&mut self, entries: impl IntoIterator<Item = (Seq, E)>) {
        self.reading = false;
        let before = self.sent;
        for (seq, entry) in entries {
            if seq == self.sent.next() {
                self.sent = seq;
                self.outputs.push_back(SessionOutput::Deliver(entry));
            }
        }
        if self.sent > before {
            self.head = self.head.max(self.sent);
            self.read();
        }
    }

    /// Something for the visitor that is no part of the log.
    pub fn handle_whisper(&mut self, frame: E) {
        if !self.closed {
            self.outputs.push_back(SessionOutput::Deliver(frame));
        }
    }

    /// What `ReadHistory` asked for.
    pub fn handle_history(&mut self, before: Seq, entries: Vec<Entry>) {
        self.frame(RelayFrame::History { before, entries });
    }

    /// The relay is stopping; the visitor may come back after `retry_after` milliseconds.
    pub fn handle_shutdown(&mut self, retry_after: u64) {
        self.close(Error::new(ErrorCode::Unavailable, "the relay is restarting"), Some(retry_after));
    }

    /// The conversation, or its organization, was erased. Whoever comes back after `retry_after` milliseconds is somebody new.
    pub fn handle_erased(&mut self, retry_after: u64) {
        self.close(Error::new(ErrorCode::NotFound, "the conversation was erased"), Some(retry_after));
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Millis {
        self.ping_at
    }

    pub fn handle_timeout(&mut self, now: Millis) {
        if now < self.ping_at || self.closed {
            return;
        }
        if self.missed_pings >= limits::MISSED_PINGS {
            return self.close(Error::new(ErrorCode::Unavailable, "two pings were not answered"), Some(0));
        }
        self.missed_pings += 1;
        self.ping_at = now + limits::PING;
        self.frame(RelayFrame::Ping { head: self.head });
    }

    pub fn poll_output(&mut self) -> Option<SessionOutput<E>> {
        self.outputs.pop_front()
    }

    fn read(&mut self) {
        if self.sent < self.head && !self.reading && self.conversation.is_some() {
            self.reading = true;
            self.outputs.push_back(SessionOutput::Read { after: self.sent });
        }
    }

    fn frame(&mut self, frame: RelayFrame) {
        if !self.closed {
            self.outputs.push_back(SessionOutput::Frame(frame));
        }
    }

    fn close(&mut self, error: Error, retry_after: Option<u64>) {
        if !self.closed {
            self.closed = true;
            self.outputs.push_back(SessionOutput::Close { error, retry_after });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_gets_what_it_misses_or_is_told_to_start_over() {
        let resume = |last, head| {
            let resume = Resume::new(Seq(last), Seq(head));
            (resume.after.0, resume.reload)
        };
        assert_eq!(resume(0, 0), (0, false));
        assert_eq!(resume(0, 50), (0, false));
        assert_eq!(resume(0, 51), (1, true));
        assert_eq!(resume(10, 510), (10, false));
        assert_eq!(resume(10, 511), (461, true));
        assert_eq!(resume(12, 11), (0, true), "the relay was restored from an older backup");
    }

    #[test]
    fn only_a_greeting_of_this_version_opens_a_session() {
        let greeting = Greeting::new(Millis(0));
        assert_eq!(greeting.deadline(), Millis(10_000));
        let error = greeting.handle_frame(VisitorFrame::Pong {}).unwrap_err();
        assert_eq!(error.code, ErrorCode::BadRequest);
    }
}
