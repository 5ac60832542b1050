//! `kill -9` in the middle of a load: nothing acknowledged is missing, nothing is there twice, no gap.

use shared::{ConversationId, Seq, peer::VisitorEvent};
use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tests::{
    checker::{self, Told},
    clock::patiently,
    relay::{Relay, UNLIMITED},
    visitor::VisitorClient,
};
use tokio::{sync::Notify, task::JoinSet};

const CONVERSATIONS: usize = 200;
/// Of each visitor.
const MESSAGES: usize = 20;
/// Without `KILL_ROUNDS` in the environment.
const ROUNDS: usize = 3;

#[tokio::test]
async fn a_killed_relay_keeps_what_it_acknowledged() {
    let rounds =
        env::var("KILL_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().expect("KILL_ROUNDS is a number"));
    for round in 1..=rounds {
        // Not at the very end, where nothing is under way.
        let moment = fastrand::usize(1..CONVERSATIONS * MESSAGES * 9 / 10);
        println!("round {round} of {rounds}: killed after {moment} acknowledgements");
        kill_under_load(moment).await;
    }
}

/// Kills the relay when this many messages have been acknowledged.
async fn kill_under_load(moment: usize) {
    let mut relay = Relay::start_with(&UNLIMITED).await;
    let progress = Arc::new(Progress { acknowledged: AtomicUsize::new(0), moment, reached: Notify::new() });
    let mut visitors = JoinSet::new();
    for _ in 0..CONVERSATIONS {
        visitors.spawn(talk(VisitorClient::new(&relay), progress.clone()));
    }

    patiently("the moment", progress.reached.notified()).await;
    relay.kill().await;
    relay.restart().await;

    let visits = patiently("every visitor to be done", visitors.join_all()).await;
    assert_eq!(visits.len(), CONVERSATIONS);
    for Visit { conversation, told } in visits {
        let log = checker::read_log(relay.rest(), conversation).await;
        assert_eq!(checker::faults(&log, &told), [], "conversation {conversation}");
        assert_eq!(log.len(), MESSAGES, "conversation {conversation}");
    }
    let page = relay.rest().get("/v2/conversations?limit=1").await;
    assert_eq!(page.headers["x-total-count"], CONVERSATIONS.to_string(), "a visitor has one conversation");
}

struct Progress {
    acknowledged: AtomicUsize,
    moment: usize,
    reached: Notify,
}

impl Progress {
    fn count(&self) {
        if self.acknowledged.fetch_add(1, Ordering::Relaxed) + 1 == self.moment {
            self.reached.notify_one();
        }
    }
}

/// What a visitor knows at the end.
struct Visit {
    conversation: ConversationId,
    told: Told,
}

/// Says everything, and stays until all of it is stored and seen.
async fn talk(mut visitor: VisitorClient, progress: Arc<Progress>) -> Visit {
    let mut told = Told::default();
    for number in 1..=MESSAGES {
        told.said.push(visitor.say(&format!("message {number}")));
    }
    while told.acknowledged.len() < MESSAGES || visitor.peer().log().last() < Seq(MESSAGES as u64) {
        match visitor.next().await {
            VisitorEvent::Acked(receipt) => {
                told.acknowledged.push(receipt);
                progress.count();
            }
            VisitorEvent::Failed { key, error } => panic!("{key}: {error}"),
            VisitorEvent::Stopped(error) => panic!("{error}"),
            VisitorEvent::Status(_)
            | VisitorEvent::State(_)
            | VisitorEvent::Admitted { .. }
            | VisitorEvent::Welcomed { .. }
            | VisitorEvent::Appended(_)
            | VisitorEvent::Prepended(_)
            | VisitorEvent::Reset(_)
            | VisitorEvent::Typing { .. } => {}
        }
    }
    let seqs: Vec<_> = visitor.peer().log().entries().map(|entry| entry.seq.0).collect();
    assert_eq!(seqs, (1..=MESSAGES as u64).collect::<Vec<_>>(), "the visitor's own log");
    Visit { conversation: told.acknowledged[0].conversation, told }
}
