//! `Pair`: real visitors and a real relay end over a wire that loses, repeats and reorders, under a clock
//! that is moved by hand. Only the store is simulated, with its one promise: what is committed survives.

mod relay;
mod shared_socket;
mod wire;

use super::{ConnectionStatus, Output, Unsent, Visitor, VisitorConfig, VisitorEvent};
use crate::{
    ClientKey, Millis, OrganizationId, Seq, VisitorToken,
    command::Command,
    message::MessageType,
    wire::{ConversationView, Entry},
};
use proptest::prelude::*;
use relay::Relay;
use serde_json::Map;
use std::collections::BTreeMap;
use wire::{Direction, Wire};

/// One page of the visitor's browser.
struct Tab {
    visitor: Visitor,
    /// What the browser's storage holds.
    persisted: Vec<Unsent>,
    /// Number of the open socket.
    socket: Option<u32>,
    /// Rebuilt from events alone, as a user interface does it.
    view: Vec<Seq>,
    /// What was told last.
    state: ConversationView,
    /// Whose conversation the open socket is about was told.
    is_admitted: bool,
    acked: BTreeMap<ClientKey, Seq>,
    said: Vec<ClientKey>,
}

pub(super) struct Pair {
    now: Millis,
    tabs: Vec<Tab>,
    relay: Relay,
    wire: Wire,
    sockets: u32,
    counter: u64,
    /// The second tab has no socket of its own: it goes by way of the first.
    is_shared: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Say { tab: usize, command: bool },
    AgentSays,
    Advance(u64),
    CrashRelay { commits_first: bool },
    StartRelay,
    Reload { tab: usize },
    Cut { tab: usize },
    Online { tab: usize },
    Earlier { tab: usize },
    AgentRevises { takes_back: bool },
    Look { tab: usize },
    Change,
}

fn step() -> impl Strategy<Value = Step> {
    let tab = 0usize..2;
    prop_oneof![
        6 => (tab.clone(), any::<bool>()).prop_map(|(tab, command)| Step::Say { tab, command }),
        3 => Just(Step::AgentSays),
        6 => (1u64..20_000).prop_map(Step::Advance),
        1 => any::<bool>().prop_map(|commits_first| Step::CrashRelay { commits_first }),
        2 => Just(Step::StartRelay),
        1 => tab.clone().prop_map(|tab| Step::Reload { tab }),
        1 => tab.clone().prop_map(|tab| Step::Cut { tab }),
        1 => tab.clone().prop_map(|tab| Step::Online { tab }),
        1 => tab.clone().prop_map(|tab| Step::Earlier { tab }),
        1 => tab.prop_map(|tab| Step::Look { tab }),
        1 => any::<bool>().prop_map(|takes_back| Step::AgentRevises { takes_back }),
        1 => Just(Step::Change),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn from_any_schedule_both_ends_end_with_the_same_log(
        steps in prop::collection::vec(step(), 1..60),
        seed: u64,
        loss in 0u8..40,
        repetition in 0u8..30,
    ) {
        let mut pair = Pair::new(seed, loss, repetition);
        for step in steps {
            pair.take(&step);
        }
        pair.calm_down();
        pair.check();
    }
}

#[test]
fn over_a_good_wire_a_message_is_stored_acknowledged_and_shown() {
    let mut pair = Pair::new(7, 0, 0);
    pair.say(0, false);
    pair.advance(Millis(1_000));
    assert_eq!(pair.relay.stored(), 1);
    assert_eq!(pair.tabs[0].view, [Seq(1)]);
    assert_eq!(pair.tabs[0].acked.len(), 1);
}

#[test]
fn what_is_said_while_the_relay_is_down_survives_a_reload_and_arrives_once() {
    let mut pair = Pair::new(7, 0, 0);
    pair.advance(Millis(1_000));
    pair.take(&Step::CrashRelay { commits_first: false });
    pair.say(0, false);
    pair.say(0, true);
    pair.take(&Step::Reload { tab: 0 });
    pair.advance(Millis(60_000));
    assert_eq!(pair.relay.stored(), 0);
    pair.calm_down();
    pair.check();
}

#[test]
fn a_long_log_is_read_back_page_by_page() {
    let mut pair = Pair::new(7, 0, 0);
    pair.say(0, false);
    pair.advance(Millis(1_000));
    for _ in 0..700 {
        pair.take(&Step::AgentSays);
    }
    pair.take(&Step::Reload { tab: 0 });
    pair.advance(Millis(1_000));
    assert_eq!(pair.tabs[0].view.len(), 50);
    while pair.tabs[0].visitor.has_earlier() {
        pair.take(&Step::Earlier { tab: 0 });
        pair.advance(Millis(1_000));
    }
    assert_eq!(pair.tabs[0].view, (1..=701).map(Seq).collect::<Vec<_>>());
}

impl Pair {
    fn new(seed: u64, loss: u8, repetition: u8) -> Self {
        let mut pair = Self {
            now: Millis(1_000_000),
            tabs: Vec::new(),
            relay: Relay::default(),
            wire: Wire::new(seed, loss, repetition),
            sockets: 0,
            counter: 0,
            is_shared: false,
        };
        for index in 0..2 {
            pair.tabs.push(Tab {
                visitor: Visitor::new(config(seed, index), Vec::new()),
                persisted: Vec::new(),
                socket: None,
                view: Vec::new(),
                state: ConversationView::default(),
                is_admitted: false,
                acked: BTreeMap::new(),
                said: Vec::new(),
            });
            pair.tabs[index as usize].visitor.connect(pair.now);
        }
        pair.settle();
        pair
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Say { tab, command } => self.say(tab, command),
            Step::AgentSays => self.relay.agent_says(),
            Step::Advance(ms) => self.advance(Millis(ms)),
            Step::CrashRelay { commits_first } => {
                self.relay.crash(commits_first);
                for tab in 0..self.tabs.len() {
                    self.cut(tab);
                }
            }
            Step::StartRelay => self.relay.start(),
            Step::Reload { tab } => self.reload(tab),
            Step::Cut { tab } => self.cut(tab),
            Step::Online { tab } => self.tabs[tab].visitor.handle_online(self.now),
            Step::AgentRevises { takes_back } => self.relay.agent_revises(takes_back),
            Step::Look { tab } => self.tabs[tab].look(self.now),
            Step::Change => self.relay.change(),
            Step::Earlier { tab } => self.tabs[tab].visitor.load_earlier(self.now),
        }
        self.settle();
    }

    fn say(&mut self, tab: usize, command: bool) {
        self.counter += 1;
        let key: ClientKey = format!("key-{}", self.counter).parse().unwrap();
        let kind = if command { MessageType::Command } else { MessageType::Chat };
        let text = if command { Command::Notify(vec![]).text() } else { format!("message {}", self.counter) };
        let unsent = Unsent {
            key: key.clone(),
            kind,
            text,
            content_type: None,
            payload: None,
            meta: Map::new(),
            at: self.now,
            state: Default::default(),
        };
        let page = &mut self.tabs[tab];
        if page.visitor.send(unsent, self.now).is_ok() {
            page.said.push(key);
        }
        self.settle();
    }

    /// The page is closed in any state and opened again with what its storage holds.
    fn reload(&mut self, tab: usize) {
        self.cut_quietly(tab);
        let page = &mut self.tabs[tab];
        self.counter += 1;
        page.visitor = Visitor::new(config(self.counter, tab as u64), page.persisted.clone());
        page.view.clear();
        page.visitor.connect(self.now);
    }

    fn cut(&mut self, tab: usize) {
        if self.cut_quietly(tab) {
            self.tabs[tab].visitor.handle_closed(self.now);
        }
    }

    fn cut_quietly(&mut self, tab: usize) -> bool {
        let Some(socket) = self.tabs[tab].socket.take() else {
            return false;
        };
        self.relay.hang_up(socket);
        self.wire.cut(socket);
        if self.is_shared && tab == 0 {
            self.cut(1);
        }
        true
    }

    /// Ends all trouble and lets both ends finish.
    fn calm_down(&mut self) {
        self.wire.heal();
        self.relay.start();
        // A tab learns of a conversation that another tab began when it says something itself.
        for tab in 0..self.tabs.len() {
            self.say(tab, false);
        }
        // No socket loses a frame of its own, so none is told again: only the latest must arrive.
        self.advance(Millis(1_000));
        self.relay.change();
        self.settle();
        self.advance(Millis(600_000));
        for tab in 0..self.tabs.len() {
            self.take(&Step::Look { tab });
        }
        self.advance(Millis(10_000));
    }

    fn check(&self) {
        let stored = self.relay.keys();
        for page in &self.tabs {
            assert!(page.visitor.outbox().next().is_none(), "something was never sent");
            assert!(page.persisted.is_empty(), "something would be sent again after a reload");
            let mine: Vec<_> = stored.iter().filter(|key| page.said.contains(key)).cloned().collect();
            assert_eq!(mine, page.said, "every message once, in the order in which it was said");
            let log: Vec<_> = page.visitor.log().entries().cloned().collect();
            let last = log.last().map_or(Seq::ZERO, |entry| entry.seq);
            assert_eq!(last.0, self.relay.stored() as u64, "the newest entry has arrived");
            let told = self.relay.entries_from(log[0].seq);
            assert_eq!(said(&log), said(&told), "both ends hold the same log");
            assert_eq!(page.state, *self.relay.state(), "the latest state has arrived");
            assert_eq!(page.state.read_by_visitor, last, "what was seen is known to be read");
            assert_eq!(
                page.view,
                log.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
                "the view is the log"
            );
            for (key, seq) in &page.acked {
                assert_eq!(
                    self.relay.seq_of(key),
                    Some(*seq),
                    "an acknowledged message is where it was said to be"
                );
            }
        }
    }

    fn advance(&mut self, span: Millis) {
        let end = self.now + span;
        while let Some(next) = self.next_event().filter(|at| *at <= end) {
            self.now = self.now.max(next);
            self.fire();
            self.settle();
        }
        self.now = end;
    }

    fn next_event(&self) -> Option<Millis> {
        let timers = self.tabs.iter().filter_map(|tab| tab.visitor.poll_timeout());
        timers.chain(self.wire.next_due()).chain(self.relay.next_timeout()).min()
    }

    fn fire(&mut self) {
        while let Some(packet) = self.wire.take_due(self.now) {
            match packet.direction {
                Direction::ToRelay => self.relay.handle_text(packet.socket, &packet.text, self.now),
                Direction::ToVisitor => {
                    if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.socket == Some(packet.socket)) {
                        tab.visitor.handle_text(&packet.text, self.now);
                    }
                    if self.is_shared && self.tabs[1].socket.is_some() {
                        self.tabs[1].visitor.handle_text(&packet.text, self.now);
                    }
                }
            }
            self.settle();
        }
        for tab in &mut self.tabs {
            if tab.visitor.poll_timeout().is_some_and(|at| at <= self.now) {
                tab.visitor.handle_timeout(self.now);
            }
        }
        self.relay.handle_timeout(self.now);
    }

    /// Carries out everything that either end has asked for.
    fn settle(&mut self) {
        let mut busy = true;
        while busy {
            busy = false;
            for tab in 0..self.tabs.len() {
                while let Some(output) = self.tabs[tab].visitor.poll_output() {
                    self.carry_out(tab, output);
                    busy = true;
                }
            }
            for (socket, text) in self.relay.take_output() {
                self.wire.send(Direction::ToVisitor, socket, &text, self.now);
                busy = true;
            }
            for socket in self.relay.take_closed() {
                if let Some(tab) = self.tabs.iter().position(|tab| tab.socket == Some(socket)) {
                    self.cut(tab);
                    busy = true;
                }
            }
        }
    }

    fn carry_out(&mut self, tab: usize, output: Output) {
        match output {
            Output::Connect | Output::Transmit(_) if self.is_shared && tab == 1 => {
                self.carry_out_by_the_first(output);
            }
            Output::Connect => {
                if self.relay.is_up() {
                    self.sockets += 1;
                    self.relay.accept(self.sockets, self.now);
                    self.tabs[tab].socket = Some(self.sockets);
                    self.tabs[tab].visitor.handle_opened(self.now);
                } else {
                    self.tabs[tab].visitor.handle_closed(self.now);
                }
            }
            Output::Transmit(text) => {
                if let Some(socket) = self.tabs[tab].socket {
                    self.wire.send(Direction::ToRelay, socket, &text, self.now);
                }
            }
            Output::Disconnect => {
                self.cut_quietly(tab);
            }
            Output::Persist => {
                let page = &mut self.tabs[tab];
                page.persisted = page.visitor.outbox().cloned().collect();
            }
            Output::Event(event) => self.tabs[tab].show(event),
        }
    }
}

impl Tab {
    fn look(&mut self, now: Millis) {
        let last = self.visitor.log().last();
        self.visitor.read(last, now);
    }

    fn show(&mut self, event: VisitorEvent) {
        let is_of_conversation =
            matches!(event, VisitorEvent::Reset(_) | VisitorEvent::Appended(_) | VisitorEvent::State(_));
        assert!(self.is_admitted || !is_of_conversation, "nobody knows which conversation this is about");
        match event {
            VisitorEvent::Reset(entries) => self.view = entries.iter().map(|entry| entry.seq).collect(),
            VisitorEvent::Appended(entry) => self.view.push(entry.seq),
            VisitorEvent::Prepended(entries) => {
                self.view.splice(0..0, entries.iter().map(|entry| entry.seq));
            }
            VisitorEvent::Acked(receipt) => {
                let before = self.acked.insert(receipt.key, receipt.seq);
                assert!(before.is_none_or(|seq| seq == receipt.seq), "two places for one message");
            }
            VisitorEvent::State(state) => self.state = state,
            VisitorEvent::Failed { error, .. } | VisitorEvent::Stopped(error) => panic!("{error}"),
            VisitorEvent::Status(status) => self.is_admitted &= status == ConnectionStatus::Live,
            VisitorEvent::Admitted { .. } => self.is_admitted = true,
            VisitorEvent::Welcomed { .. } | VisitorEvent::Typing { .. } => {}
        }
    }
}

/// What stands in each place. What an entry says of an earlier one was so at the time.
fn said(log: &[Entry]) -> Vec<Entry> {
    log.iter().map(|entry| Entry { revised: None, ..entry.clone() }).collect()
}

fn config(seed: u64, tab: u64) -> VisitorConfig {
    VisitorConfig {
        organization: OrganizationId::from_bytes([1; 12]),
        token: VisitorToken::from_bytes([2; 32]),
        locale: None,
        identity: None,
        claim: None,
        seed: seed.wrapping_add(tab),
    }
}
