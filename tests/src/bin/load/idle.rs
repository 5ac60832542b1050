//! What sockets cost on which nothing is said.

use crate::{
    conversation,
    server::{Kind, Server},
};
use shared::Seq;
use tests::{greeting::greet_at, socket::Socket, visitor::random_token};
use tokio::task::JoinSet;

/// Sockets that open at the same time.
const OPENING: usize = 64;

/// Resident bytes of the server for each socket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Idle {
    /// Greeted, nothing said yet.
    pub(crate) greeted: u64,
    /// Of a visitor whose conversation has begun.
    pub(crate) begun: u64,
}

pub(crate) async fn measure(sockets: usize, kind: Kind) -> Idle {
    Idle { greeted: cost(sockets, kind, false).await, begun: cost(sockets, kind, true).await }
}

async fn cost(sockets: usize, kind: Kind, begun: bool) -> u64 {
    let server = Server::start(kind).await;
    // What a server allocates once, with its first sockets, is not theirs.
    drop(open(&server, OPENING, begun).await);
    let before = server.process().memory().resident;
    let held = open(&server, sockets, begun).await;
    let after = server.process().memory().resident;
    after.saturating_sub(before) / held.len().max(1) as u64
}

async fn open(server: &Server, sockets: usize, begun: bool) -> Vec<Socket> {
    let (address, organization) = (server.address(), server.organization());
    let mut opening = JoinSet::new();
    let mut open = Vec::with_capacity(sockets);
    for number in 0..sockets {
        opening.spawn_local(async move {
            let token = random_token();
            if begun {
                conversation::open(address, organization, &token, number).await.0
            } else {
                greet_at(address, organization, &token, Seq::ZERO).await.0
            }
        });
        if opening.len() == OPENING {
            open.extend(opening.join_next().await.map(|socket| socket.expect("no socket panics")));
        }
    }
    open.extend(opening.join_all().await);
    open
}
