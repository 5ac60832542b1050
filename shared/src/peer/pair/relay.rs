//! The relay of a `Pair`: real greetings and sessions over a store that keeps what it has committed.

use crate::{
    ClientKey, ConversationId, MessageId, Millis, Seq,
    message::{MessageType, Role, Shown},
    peer::{Admission, Greeting, Resume, Send, Session, SessionOutput},
    wire::{self, ConversationView, Entry, OrganizationView, Receipt, RelayFrame, VisitorFrame},
};
use serde_json::Map;
use std::collections::{BTreeMap, VecDeque};

const CONVERSATION: ConversationId = ConversationId::from_bytes([3; 12]);
/// Time that a commit takes.
const COMMIT: Millis = Millis(20);

#[derive(Default)]
pub(super) struct Relay {
    down: bool,
    sockets: BTreeMap<u32, Socket>,
    /// Survives a crash.
    committed: Vec<Stored>,
    state: ConversationView,
    /// Does not.
    queue: VecDeque<Queued>,
    output: Vec<(u32, String)>,
    closed: Vec<u32>,
}

enum Socket {
    Greeting(Greeting),
    Open(Box<Session<Entry>>),
}

#[derive(Clone)]
struct Stored {
    entry: Entry,
    key: Option<ClientKey>,
}

struct Queued {
    socket: u32,
    send: Send,
    due: Millis,
}

impl Relay {
    pub(super) fn is_up(&self) -> bool {
        !self.down
    }

    pub(super) fn start(&mut self) {
        self.down = false;
    }

    /// Everything in memory is gone; what was queued is committed first, or lost.
    pub(super) fn crash(&mut self, commits_first: bool) {
        while commits_first && !self.queue.is_empty() {
            self.commit_next();
        }
        self.queue.clear();
        self.sockets.clear();
        self.output.clear();
        self.down = true;
    }

    pub(super) fn accept(&mut self, socket: u32, now: Millis) {
        self.sockets.insert(socket, Socket::Greeting(Greeting::new(now)));
    }

    pub(super) fn hang_up(&mut self, socket: u32) {
        self.sockets.remove(&socket);
    }

    /// An agent changes what was said first, or takes it back. Whoever reads the log later reads what is there now.
    pub(super) fn agent_revises(&mut self, takes_back: bool) {
        if self.committed.is_empty() || !self.is_up() {
            return;
        }
        let seq = self.next_seq();
        let first = &mut self.committed[0].entry;
        if let Some(mut message) = first.message.take() {
            message.text = format!("revised by {seq}");
            *(if takes_back { &mut first.gone } else { &mut first.message }) = Some(message);
        }
        self.commit(Entry { seq, revised: Some(Box::default()), ..Entry::default() }, None);
        let first = self.committed[0].entry.clone();
        for stored in &mut self.committed {
            if let Some(revised) = &mut stored.entry.revised {
                revised.clone_from(&Box::new(first.clone()));
            }
        }
        self.wake_all();
    }

    /// An agent writes, when there is a conversation to write into.
    pub(super) fn agent_says(&mut self) {
        if !self.committed.is_empty() && self.is_up() {
            let seq = self.next_seq();
            self.commit(shown(seq, None, Role::Agent), None);
            self.wake_all();
        }
    }

    /// The number of changes stands for all that can change.
    pub(super) fn change(&mut self) {
        if self.is_up() {
            self.state.read_by_agents = self.state.read_by_agents.next();
            self.tell_change();
        }
    }

    fn tell_change(&mut self) {
        for socket in self.sockets.values_mut() {
            if let Socket::Open(session) = socket {
                session.handle_change();
            }
        }
    }

    pub(super) fn state(&self) -> &ConversationView {
        &self.state
    }

    pub(super) fn handle_text(&mut self, socket: u32, text: &str, now: Millis) {
        let frame: VisitorFrame = wire::decode(text).unwrap();
        match self.sockets.remove(&socket) {
            None => {}
            Some(Socket::Greeting(greeting)) => {
                // A frame that overtook the greeting closes the socket, as it would in the relay.
                match greeting.handle_frame(frame) {
                    Ok(hello) => {
                        let session = Session::new(self.admission(hello.last), now);
                        self.sockets.insert(socket, Socket::Open(Box::new(session)));
                    }
                    Err(_) => self.closed.push(socket),
                }
            }
            Some(Socket::Open(mut session)) => {
                // A repeated greeting is this wire's fault, not the visitor's.
                if !matches!(frame, VisitorFrame::Hello(_)) {
                    session.handle_frame(frame);
                }
                self.sockets.insert(socket, Socket::Open(session));
            }
        }
        self.settle(now);
    }

    pub(super) fn next_timeout(&self) -> Option<Millis> {
        let sockets = self.sockets.values().map(|socket| match socket {
            Socket::Greeting(greeting) => greeting.deadline(),
            Socket::Open(session) => session.poll_timeout(),
        });
        sockets.chain(self.queue.front().map(|queued| queued.due)).min()
    }

    pub(super) fn handle_timeout(&mut self, now: Millis) {
        while self.queue.front().is_some_and(|queued| queued.due <= now) {
            let (socket, receipt) = self.commit_next();
            if let Some(Socket::Open(session)) = self.sockets.get_mut(&socket) {
                session.handle_stored(receipt);
            }
        }
        for (number, socket) in &mut self.sockets {
            match socket {
                Socket::Greeting(greeting) if greeting.deadline() <= now => self.closed.push(*number),
                Socket::Greeting(_) => {}
                Socket::Open(session) => session.handle_timeout(now),
            }
        }
        self.wake_all();
        self.settle(now);
    }

    pub(super) fn take_output(&mut self) -> Vec<(u32, String)> {
        self.settle(Millis(0));
        std::mem::take(&mut self.output)
    }

    pub(super) fn take_closed(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.closed)
    }

    pub(super) fn stored(&self) -> usize {
        self.committed.len()
    }

    pub(super) fn keys(&self) -> Vec<ClientKey> {
        self.committed.iter().filter_map(|stored| stored.key.clone()).collect()
    }

    pub(super) fn seq_of(&self, key: &ClientKey) -> Option<Seq> {
        self.committed.iter().find(|stored| stored.key.as_ref() == Some(key)).map(|stored| stored.entry.seq)
    }

    pub(super) fn entries_from(&self, first: Seq) -> Vec<Entry> {
        self.entries().filter(|entry| entry.seq >= first).collect()
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.committed.iter().map(|stored| stored.entry.clone())
    }

    fn admission(&self, last: Seq) -> Admission {
        let head = Seq(self.stored() as u64);
        let resume = Resume::new(last, head);
        Admission {
            conversation: (!self.committed.is_empty()).then_some(CONVERSATION),
            head,
            resume,
            entries: self.entries().filter(|entry| entry.seq > resume.after).take(50).collect(),
            organization: OrganizationView::default(),
            state: self.state.clone(),
            claim: None,
        }
    }

    fn wake_all(&mut self) {
        let head = Seq(self.stored() as u64);
        for socket in self.sockets.values_mut() {
            if let Socket::Open(session) = socket {
                session.handle_head(head);
            }
        }
    }

    /// Stores the oldest queued message, or finds it stored already.
    fn commit_next(&mut self) -> (u32, Receipt) {
        let Queued { socket, send, .. } = self.queue.pop_front().expect("the caller has looked");
        let seq = self.seq_of(&send.key).unwrap_or_else(|| {
            let seq = self.next_seq();
            let visible = send.draft.kind == MessageType::Chat;
            let entry = if visible {
                shown(seq, Some(&send), Role::Contact)
            } else {
                Entry { seq, ..Entry::default() }
            };
            self.commit(entry, Some(send.key.clone()));
            seq
        });
        (socket, Receipt { key: send.key, id: id(seq), seq, conversation: CONVERSATION, at: Millis(0) })
    }

    fn commit(&mut self, entry: Entry, key: Option<ClientKey>) {
        self.committed.push(Stored { entry, key });
    }

    fn next_seq(&self) -> Seq {
        Seq(self.stored() as u64 + 1)
    }

    fn settle(&mut self, now: Millis) {
        let mut changed = false;
        let numbers: Vec<u32> = self.sockets.keys().copied().collect();
        for number in numbers {
            while let Some(Socket::Open(session)) = self.sockets.get_mut(&number) {
                let Some(output) = session.poll_output() else {
                    break;
                };
                match output {
                    SessionOutput::Frame(frame) => self.output.push((number, wire::encode(&frame))),
                    SessionOutput::Deliver(entry) => {
                        self.output.push((number, wire::encode(&RelayFrame::Entry(entry))))
                    }
                    SessionOutput::Store(send) => {
                        self.queue.push_back(Queued { socket: number, send: *send, due: now + COMMIT })
                    }
                    SessionOutput::Read { after } => {
                        let committed =
                            self.committed.iter().map(|stored| (stored.entry.seq, stored.entry.clone()));
                        session.handle_entries(committed.filter(|(seq, _)| *seq > after).take(20));
                    }
                    SessionOutput::ReadHistory { before } => {
                        let from = Seq(before.0.saturating_sub(50));
                        let page = self.committed.iter().map(|stored| stored.entry.clone());
                        session.handle_history(
                            before,
                            page.filter(|entry| entry.seq >= from && entry.seq < before).collect(),
                        );
                    }
                    SessionOutput::Subscribe(_) => {
                        session.handle_head(Seq(self.committed.len() as u64));
                        session.handle_state(self.state.clone());
                    }
                    SessionOutput::Look(_) => session.handle_state(self.state.clone()),
                    SessionOutput::MarkRead(_, seq) => {
                        let read = &mut self.state.read_by_visitor;
                        *read = seq.max(*read);
                        changed = true;
                    }
                    SessionOutput::Typing(_) => {}
                    SessionOutput::Close { .. } => self.closed.push(number),
                }
            }
        }
        if changed {
            self.tell_change();
            self.settle(now);
        }
    }
}

fn shown(seq: Seq, send: Option<&Send>, role: Role) -> Entry {
    let message = Shown {
        id: id(seq),
        kind: MessageType::Chat,
        role,
        text: send.map_or_else(|| "an answer".to_owned(), |send| send.draft.text.clone()),
        content_type: None,
        name: None,
        actions: vec![],
        items: vec![],
        results: vec![],
        iframe: None,
        payload: None,
        meta: Map::new(),
        client_key: send.map(|send| send.key.clone()),
        created_at: Millis(0),
        edited: false,
    };
    Entry { seq, message: Some(Box::new(message)), ..Entry::default() }
}

fn id(seq: Seq) -> MessageId {
    MessageId::new(0, seq.0.to_be_bytes())
}
