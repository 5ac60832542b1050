//! The visitor's end: connects, greets, sends what waits, keeps its log in step, comes back after a loss.
//! One send is under way at a time: over any wire, messages are stored in the order in which they were said.

mod live;

use super::{
    backoff::Backoff,
    outbox::{Outbox, Unsent, UnsentState},
};
use crate::{
    ClientKey, ConversationId, Error, Millis, OrganizationId, Seq, VisitorToken,
    conversation::Log,
    json, limits,
    wire::{
        self, Claim, ClaimOutcome, ConversationView, Entry, Hello, OrganizationView, Receipt, RelayFrame,
        VisitorFrame, Welcome,
    },
};

/// Who this visitor is and where it belongs.
#[derive(Debug, Clone)]
pub struct VisitorConfig {
    pub organization: OrganizationId,
    pub token: VisitorToken,
    /// BCP 47 tag.
    pub locale: Option<String>,
    /// A JWT that says who this is; without, the token alone does.
    pub identity: Option<String>,
    /// What a one-time link carries, until the relay has answered it.
    pub claim: Option<Claim>,
    /// Randomness for the back-off.
    pub seed: u64,
}

/// What the driver of a [`Visitor`] has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a socket, then call `handle_opened` or `handle_closed`.
    Connect,
    /// Send this text frame on the open socket.
    Transmit(String),
    /// Close the socket, open or opening; do not call `handle_closed` for it.
    Disconnect,
    /// Store `outbox()`: it must survive a reload from here on.
    Persist,
    Event(VisitorEvent),
}

/// What the people around a [`Visitor`] want to know.
#[derive(Debug, Clone, PartialEq)]
pub enum VisitorEvent {
    Status(ConnectionStatus),
    /// The relay has answered the greeting: whose conversation the rest of the answer is about, and what became of the
    /// claim. Comes before all of that.
    Admitted {
        conversation: Option<ConversationId>,
        claim: Option<ClaimOutcome>,
    },
    /// All of the answer has been told.
    Welcomed {
        organization: OrganizationView,
        now: Millis,
    },
    /// The log has a new newest entry.
    Appended(Entry),
    /// The log has these before its oldest entry; empty when there was nothing more.
    Prepended(Vec<Entry>),
    /// The log starts over with these.
    Reset(Vec<Entry>),
    /// A message is stored.
    Acked(Receipt),
    /// A message is refused for good.
    Failed {
        key: ClientKey,
        error: Error,
    },
    /// How things stand now, after a greeting or because it has changed.
    State(ConversationView),
    /// Somebody of the organization writes, for so long unless it is said again; not at all when that is zero.
    Typing {
        name: Option<String>,
        lasts: Millis,
    },
    /// The relay does not want this visitor; no further attempt is made.
    Stopped(Error),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// `connect` has not been called.
    Idle,
    Connecting,
    Live,
    /// For the next attempt.
    Waiting,
    /// For good.
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Opening { deadline: Millis },
    Greeting { deadline: Millis },
    Live { since: Millis, silent_at: Millis },
    Waiting { until: Millis },
    Stopped,
}

/// A send that the relay has not answered.
#[derive(Debug)]
struct InFlight {
    key: ClientKey,
    resend_at: Millis,
}

#[derive(Debug)]
pub struct Visitor {
    config: VisitorConfig,
    phase: Phase,
    log: Log,
    outbox: Outbox,
    /// The newest entry that the relay is known to have.
    head: Seq,
    /// Known once the relay has named it.
    conversation: Option<ConversationId>,
    /// As the relay told it last.
    state: Option<ConversationView>,
    backoff: Backoff,
    /// The relay's own word on when to come back.
    retry_after: Option<Millis>,
    in_flight: Option<InFlight>,
    /// The relay asked for a pause in sending.
    paused_until: Option<Millis>,
    /// Missing entries were asked for; asked again at this time.
    repair_at: Option<Millis>,
    /// A history page was asked for; asked again at this time.
    history_at: Option<Millis>,
    /// The newest entry that was seen here.
    seen: Seq,
    /// When that is to be said.
    read_at: Option<Millis>,
    outputs: Vec<Output>,
}

impl Visitor {
    /// A visitor with what an earlier life of the page left unsent.
    #[must_use]
    pub fn new(config: VisitorConfig, outbox: Vec<Unsent>) -> Self {
        let backoff = Backoff::new(config.seed);
        Self {
            config,
            phase: Phase::Idle,
            log: Log::default(),
            outbox: Outbox::new(outbox),
            head: Seq::ZERO,
            conversation: None,
            state: None,
            backoff,
            retry_after: None,
            in_flight: None,
            paused_until: None,
            repair_at: None,
            history_at: None,
            seen: Seq::ZERO,
            read_at: None,
            outputs: Vec::new(),
        }
    }

    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The messages on their way, in the order in which they were said.
    pub fn outbox(&self) -> impl Iterator<Item = &Unsent> {
        self.outbox.iter()
    }

    #[must_use]
    pub fn has_earlier(&self) -> bool {
        self.log.has_earlier()
    }

    #[must_use]
    pub fn status(&self) -> ConnectionStatus {
        match self.phase {
            Phase::Idle => ConnectionStatus::Idle,
            Phase::Opening { .. } | Phase::Greeting { .. } => ConnectionStatus::Connecting,
            Phase::Live { .. } => ConnectionStatus::Live,
            Phase::Waiting { .. } => ConnectionStatus::Waiting,
            Phase::Stopped => ConnectionStatus::Stopped,
        }
    }

    /// Starts; does nothing when already started.
    pub fn connect(&mut self, now: Millis) {
        if self.phase == Phase::Idle {
            self.open(now);
        }
    }

    /// The socket that `Output::Connect` asked for is open.
    pub fn handle_opened(&mut self, now: Millis) {
        if !matches!(self.phase, Phase::Opening { .. }) {
            return;
        }
        self.phase = Phase::Greeting { deadline: now + limits::GREETING };
        self.transmit(&VisitorFrame::Hello(Hello {
            version: wire::VERSION,
            organization: self.config.organization,
            token: self.config.token.clone(),
            last: self.log.last(),
            locale: self.config.locale.clone(),
            identity: self.config.identity.clone(),
            claim: self.config.claim.clone(),
        }));
    }

    /// The socket, open or opening, is gone.
    pub fn handle_closed(&mut self, now: Millis) {
        match self.phase {
            Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Live { .. } => self.wait(now),
            Phase::Idle | Phase::Waiting { .. } | Phase::Stopped => {}
        }
    }

    /// The network is back, or the page is looked at again: tries at once instead of waiting.
    pub fn handle_online(&mut self, now: Millis) {
        if matches!(self.phase, Phase::Waiting { .. }) {
            self.open(now);
        }
    }

    /// A text frame has come. One that is not understood is ignored: it is of a newer relay.
    pub fn handle_text(&mut self, text: &str, now: Millis) {
        if let Some(frame) = json::read::<RelayFrame>(text) {
            self.handle_frame(frame, now);
        }
    }

    pub(super) fn handle_frame(&mut self, frame: RelayFrame, now: Millis) {
        match (&mut self.phase, frame) {
            (Phase::Greeting { .. } | Phase::Live { .. }, RelayFrame::Error { error, retry_after }) => {
                self.take_error(error, retry_after, now);
            }
            (Phase::Greeting { .. }, RelayFrame::Welcome(welcome)) => self.take_welcome(welcome, now),
            (Phase::Live { silent_at, .. }, frame) => {
                *silent_at = now + limits::SILENCE;
                self.take_live(frame, now);
            }
            _ => {}
        }
    }

    /// Says something. It is kept, shown as waiting and sent in its turn, however long the relay is away.
    ///
    /// # Errors
    /// `too_large`, or `rate_limited` when too much waits already; then nothing is kept.
    pub fn send(&mut self, unsent: Unsent, now: Millis) -> Result<(), Error> {
        self.outbox.push(unsent)?;
        self.outputs.push(Output::Persist);
        self.pump(now);
        Ok(())
    }

    /// Sends a failed message again.
    pub fn retry(&mut self, key: &ClientKey, now: Millis) {
        if self.outbox.retry(key) {
            self.outputs.push(Output::Persist);
            self.pump(now);
        }
    }

    /// Gives a failed message up.
    pub fn discard(&mut self, key: &ClientKey) {
        if matches!(self.outbox.get(key), Some(Unsent { state: UnsentState::Failed(_), .. })) {
            self.outbox.remove(key);
            self.outputs.push(Output::Persist);
        }
    }

    /// Asks for the page of history before the oldest entry held.
    pub fn load_earlier(&mut self, now: Millis) {
        if self.history_at.is_none() && self.has_earlier() && matches!(self.phase, Phase::Live { .. }) {
            self.ask_history(now);
        }
    }

    /// The visitor has seen everything up to this entry. The other end hears of it soon, and once.
    pub fn read(&mut self, seq: Seq, now: Millis) {
        self.seen = self.seen.max(seq);
        self.tell_read_soon(now);
    }

    /// Tells the other end that the visitor writes. Of no use later: said on a live connection or not at all.
    pub fn type_on(&mut self) {
        if matches!(self.phase, Phase::Live { .. }) {
            self.transmit(&VisitorFrame::Typing {});
        }
    }

    /// Greets with this from now on: a newer word on who the same person is.
    pub fn set_identity(&mut self, identity: String) {
        self.config.identity = Some(identity);
    }

    /// What the relay would answer another tab of this visitor that has the log up to `last`; nothing while that
    /// is not known.
    #[must_use]
    pub fn welcome(&self, last: Seq, organization: OrganizationView, now: Millis) -> Option<Welcome> {
        if !matches!(self.phase, Phase::Live { .. }) {
            return None;
        }
        let follows = last != Seq::ZERO && (self.log.first()..=self.log.last().next()).contains(&last.next());
        let newest = self.log.entries().len().saturating_sub(limits::HISTORY_PAGE);
        let after =
            if follows { self.log.entries().filter(|entry| entry.seq <= last).count() } else { newest };
        Some(Welcome {
            conversation: self.conversation,
            head: self.head.max(self.log.last()),
            reload: !follows,
            entries: self.log.entries().skip(after).cloned().collect(),
            organization,
            state: self.state.clone(),
            claim: None,
            now,
        })
    }

    /// When `handle_timeout` is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        match self.phase {
            Phase::Idle | Phase::Stopped => None,
            Phase::Opening { deadline } | Phase::Greeting { deadline } => Some(deadline),
            Phase::Waiting { until } => Some(until),
            Phase::Live { silent_at, .. } => {
                let resend_at = self.in_flight.as_ref().map(|in_flight| in_flight.resend_at);
                [Some(silent_at), resend_at, self.paused_until, self.repair_at, self.history_at, self.read_at]
                    .into_iter()
                    .flatten()
                    .min()
            }
        }
    }

    pub fn handle_timeout(&mut self, now: Millis) {
        match self.phase {
            Phase::Opening { deadline } | Phase::Greeting { deadline } if now >= deadline => {
                self.hang_up(now)
            }
            Phase::Live { silent_at, .. } if now >= silent_at => self.hang_up(now),
            Phase::Waiting { until } if now >= until => self.open(now),
            Phase::Live { .. } => self.handle_live_timeout(now),
            Phase::Idle
            | Phase::Stopped
            | Phase::Opening { .. }
            | Phase::Greeting { .. }
            | Phase::Waiting { .. } => {}
        }
    }

    /// What to do next; call until it gives nothing.
    pub fn poll_output(&mut self) -> Option<Output> {
        // Few: they are taken after every input.
        if self.outputs.is_empty() { None } else { Some(self.outputs.remove(0)) }
    }

    fn open(&mut self, now: Millis) {
        self.phase = Phase::Opening { deadline: now + limits::GREETING };
        self.outputs.push(Output::Connect);
        self.tell_status();
    }

    fn hang_up(&mut self, now: Millis) {
        self.outputs.push(Output::Disconnect);
        self.wait(now);
    }

    fn wait(&mut self, now: Millis) {
        // A relay that greets and hangs up at once is not back: only a connection that held starts afresh.
        if let Phase::Live { since, .. } = self.phase
            && now.since(since) > limits::GREETING
        {
            self.backoff.reset();
        }
        let delay = self.backoff.next_delay();
        let delay = self.retry_after.take().map_or(delay, |hint| hint.max(limits::BACKOFF_MIN));
        self.phase = Phase::Waiting { until: now + delay };
        self.forget_connection();
        self.tell_status();
    }

    fn stop(&mut self, error: Error) {
        self.phase = Phase::Stopped;
        self.forget_connection();
        self.outputs.push(Output::Disconnect);
        self.tell_status();
        self.tell(VisitorEvent::Stopped(error));
    }

    fn forget_connection(&mut self) {
        self.in_flight = None;
        self.paused_until = None;
        self.repair_at = None;
        self.history_at = None;
        self.read_at = None;
    }

    fn take_error(&mut self, error: Error, retry_after: Option<u64>, now: Millis) {
        if retry_after.is_none() && !error.code.can_retry() {
            return self.stop(error);
        }
        self.retry_after = retry_after.map(Millis);
        self.hang_up(now);
    }

    fn transmit(&mut self, frame: &VisitorFrame) {
        self.outputs.push(Output::Transmit(json::write(frame)));
    }

    fn tell(&mut self, event: VisitorEvent) {
        self.outputs.push(Output::Event(event));
    }

    fn tell_status(&mut self) {
        let status = self.status();
        self.tell(VisitorEvent::Status(status));
    }
}
