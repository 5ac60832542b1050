//! One measurement: so many conversations, so many messages of each on their way, for so long.

use crate::{
    arguments::Arguments,
    conversation::{self, Conversation},
    server::{Kind, Outcome, Server},
};
use shared::{Seq, wire::StreamFrame};
use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    time::{Duration, Instant},
};
use tests::{agent, clock::patiently, greeting::greet_at, visitor::random_token};
use tokio::{task::JoinSet, time::sleep};

/// Before each measurement: connections, caches and the processor's clock settle.
const WARM_UP: Duration = Duration::from_secs(1);

/// Between two looks whether everything has been delivered.
const POLL: Duration = Duration::from_millis(5);

/// How messages come, and who reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Over the visitor's socket; a second one of theirs reads, too.
    Sockets,
    /// Over the visitor's socket; one agents' stream reads all conversations.
    Agent,
    /// Through the REST API; the visitor's two sockets read.
    Posted,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Sockets => "two sockets each",
            Self::Agent => "one agent for all",
            Self::Posted => "posted, two sockets each",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    WarmUp,
    Measuring,
    Over,
}

/// What all sockets of a run share: the phase, and what was measured in it.
#[derive(Debug)]
pub(crate) struct Clock {
    phase: Cell<Phase>,
    outcome: RefCell<Outcome>,
}

impl Clock {
    fn new() -> Self {
        Self { phase: Cell::new(Phase::WarmUp), outcome: RefCell::default() }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase.get()
    }

    pub(crate) fn acknowledged(&self, sent_at: Instant) {
        if self.phase() == Phase::Measuring {
            let mut outcome = self.outcome.borrow_mut();
            outcome.messages += 1;
            outcome.acknowledged.add(sent_at.elapsed());
        }
    }

    pub(crate) fn delivered(&self, sent_at: Instant) {
        if self.phase() == Phase::Measuring {
            self.outcome.borrow_mut().delivered.add(sent_at.elapsed());
        }
    }
}

/// # Panics
/// When the server loses, repeats or reorders anything.
pub(crate) async fn run(arguments: &Arguments, kind: Kind, way: Way, window: usize) -> Outcome {
    let server = Server::start(kind).await;
    let (address, organization) = (server.address(), server.organization());
    let clock = Rc::new(Clock::new());
    let (mut senders, mut readers) = (JoinSet::new(), JoinSet::new());
    let mut conversations = Vec::with_capacity(arguments.conversations);
    let mut greeted = Vec::with_capacity(arguments.conversations);
    for number in 0..arguments.conversations {
        let token = random_token();
        let (socket, conversation) = conversation::open(address, organization, &token, number).await;
        if way != Way::Agent {
            let (second, _) = greet_at(address, organization, &token, Seq::ZERO).await;
            readers.spawn_local(conversation::read_entries(second, conversation.clone(), clock.clone()));
        }
        greeted.push((socket, conversation.clone()));
        conversations.push(conversation);
    }
    if let (Way::Agent, Some(relay)) = (way, server.relay()) {
        let token = relay.rest().token().expect("the relay's own client is the admin");
        let mut stream = agent::connect(address, token).await;
        agent::greet(&mut stream, organization, None).await;
        let welcome: StreamFrame = stream.frame().await;
        assert!(matches!(welcome, StreamFrame::Welcome { .. }), "{welcome:?}");
        let all = conversations.clone();
        readers.spawn_local(conversation::read_events(stream, all, clock.clone()));
    }
    for (socket, conversation) in greeted {
        match (way, server.relay()) {
            (Way::Posted, Some(relay)) => {
                readers.spawn_local(conversation::see_entries(socket));
                senders.spawn_local(conversation::post(relay.rest().clone(), conversation, clock.clone()));
            }
            _ => {
                senders.spawn_local(conversation::send(socket, conversation, window, clock.clone()));
            }
        }
    }

    sleep(WARM_UP).await;
    let (cpu, start) = (server.process().cpu(), Instant::now());
    clock.phase.set(Phase::Measuring);
    sleep(arguments.duration).await;
    clock.phase.set(Phase::Over);
    let (cpu, elapsed) = (server.process().cpu() - cpu, start.elapsed());

    patiently("the last acknowledgements", senders.join_all()).await;
    let delivered = |one: &Rc<Conversation>| one.delivered.get() == one.acknowledged.get();
    let all_delivered = async {
        while !conversations.iter().all(delivered) {
            sleep(POLL).await;
        }
    };
    tokio::select! {
        () = patiently("the last deliveries", all_delivered) => {}
        // A reader reads for ever: one that ends has seen what must not be.
        Some(end) = readers.join_next() => end.expect("a reader does not panic"),
    }
    for conversation in &conversations {
        let stored = server.read_back(conversation.id).await;
        assert_eq!(stored, conversation.acknowledged.get(), "conversation {}", conversation.number);
    }
    Outcome { cpu, elapsed, ..clock.outcome.take() }
}
