//! A server under load: the relay, or the bare loop.

use rusqlite::Connection;
use shared::{ConversationId, OrganizationId};
use std::{env, fmt, net::SocketAddr, time::Duration};
use tempfile::TempDir;
use tests::{
    checker,
    clock::patiently,
    latency::Latencies,
    process::Process,
    relay::{self, Relay},
};
use tokio::{net::TcpStream, process::Command};

/// Between two looks whether the bare loop listens.
const POLL: Duration = Duration::from_millis(2);
/// Of the bare loop, in its directory.
const DATABASE: &str = "messages.db";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    BareLoop,
    Relay,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BareLoop => "bare loop",
            Self::Relay => "relay",
        })
    }
}

pub(crate) enum Server {
    BareLoop(Box<BareLoop>),
    Relay(Box<Relay>),
}

pub(crate) struct BareLoop {
    process: Process,
    address: SocketAddr,
    directory: TempDir,
}

impl Server {
    /// A new one with an empty store.
    pub(crate) async fn start(kind: Kind) -> Self {
        match kind {
            Kind::BareLoop => Self::BareLoop(Box::new(BareLoop::start().await)),
            Kind::Relay => Self::Relay(Box::new(Relay::start_with(&relay::UNLIMITED).await)),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        match self {
            Self::BareLoop(bare_loop) => bare_loop.address,
            Self::Relay(relay) => relay.address(),
        }
    }

    pub(crate) fn organization(&self) -> OrganizationId {
        match self {
            Self::BareLoop(_) => OrganizationId::from_bytes([0; 12]),
            Self::Relay(relay) => relay.organization(),
        }
    }

    pub(crate) fn process(&self) -> &Process {
        match self {
            Self::BareLoop(bare_loop) => &bare_loop.process,
            Self::Relay(relay) => relay.process(),
        }
    }

    pub(crate) fn relay(&self) -> Option<&Relay> {
        match self {
            Self::BareLoop(_) => None,
            Self::Relay(relay) => Some(relay),
        }
    }

    /// How many messages of this conversation can be read back, numbered from 1 without a gap.
    pub(crate) async fn read_back(&self, conversation: ConversationId) -> usize {
        let seqs: Vec<u64> = match self {
            Self::BareLoop(bare_loop) => bare_loop.read_back(conversation).expect("it reads back"),
            Self::Relay(relay) => {
                let log = checker::read_log(relay.rest(), conversation).await;
                log.iter().map(|stored| stored.seq.0).collect()
            }
        };
        seqs.iter().zip(1..).take_while(|(seq, expected)| **seq == *expected).count()
    }
}

impl BareLoop {
    async fn start() -> Self {
        let directory = TempDir::with_prefix("bare-loop-").expect("temporary directories can be made");
        let address = relay::free_address();
        let own = env::current_exe().expect("this program has a path");
        let mut command = Command::new(own);
        command.args(["bare-loop", &address.to_string()]).arg(directory.path().join(DATABASE));
        let process = Process::start(&mut command).expect("this program can be started again");
        let listens = async {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(POLL).await;
            }
        };
        patiently("the bare loop to listen", listens).await;
        Self { process, address, directory }
    }

    /// The places of a conversation's messages, in the order in which they were stored.
    fn read_back(&self, conversation: ConversationId) -> rusqlite::Result<Vec<u64>> {
        let connection = Connection::open(self.directory.path().join(DATABASE))?;
        let mut query = connection.prepare("SELECT seq FROM messages WHERE conversation = ? ORDER BY pos")?;
        let seqs = query.query_map([conversation.as_bytes()], |row| row.get::<_, i64>(0))?;
        seqs.map(|seq| seq.map(i64::cast_unsigned)).collect()
    }
}

/// What one run has shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// Acknowledged messages.
    pub(crate) messages: u64,
    pub(crate) elapsed: Duration,
    /// Processor time of the server.
    pub(crate) cpu: Duration,
    /// From sending to the acknowledgement.
    pub(crate) acknowledged: Latencies,
    /// From sending to the other reader.
    pub(crate) delivered: Latencies,
}
