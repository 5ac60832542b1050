//! What a relay is filled with, through its API: conversations of ten messages, of all kinds, with words that are common
//! and words that are not.

use fastrand::Rng;
use serde_json::{Value, json};
use shared::{Seq, VisitorToken};
use tests::{relay::Relay, rest::Rest, visitor::VisitorClient};
use tokio::task::JoinSet;

pub(crate) const CATEGORIES: [&str; 8] =
    ["Workshop", "Used bike", "New bike", "Parts", "Insurance", "Lease", "Returns", "Other"];
/// In about every fifth message.
pub(crate) const COMMON: &str = "bike";

const MESSAGES: usize = 10;
const USERS: usize = 20;
const CHANNELS: usize = 10;
const VISITORS: usize = 50;
/// Requests under way.
const AT_ONCE: usize = 32;
/// Words of the language that is spoken: the n-th is said n times less often than the first.
const WORDS: usize = 20_000;

pub(crate) struct Contents {
    pub(crate) messages: usize,
    /// One of whom asks.
    pub(crate) agent: Rest,
    pub(crate) users: Vec<String>,
    pub(crate) channels: Vec<String>,
    /// Of each conversation: its own and its contact's id.
    pub(crate) conversations: Vec<(String, String)>,
    /// Visitors with a conversation, and the newest entry of it.
    pub(crate) visitors: Vec<(VisitorToken, Seq)>,
}

impl Contents {
    pub(crate) async fn put_into(relay: &Relay, conversations: usize) -> Self {
        let (rest, organization) = (relay.rest(), relay.organization().to_string());
        let (mut agent, mut users, mut channels) = (rest.clone(), Vec::new(), Vec::new());
        for n in 0..USERS {
            let user = json!({"organization": organization, "name": format!("Agent {n}")});
            let user = rest.post("/v2/users", &user).await.created();
            agent = rest.with_token(user["token"].as_str().expect("a new user gets a token"));
            users.push(id(&user));
        }
        for n in 0..CHANNELS {
            let channel = json!({"organization": organization, "name": format!("Inbox {n}")});
            channels.push(id(&rest.post("/v2/channels", &channel).await.created()));
        }
        let mut visitors = Vec::new();
        for _ in 0..VISITORS {
            let token = tests::visitor::random_token();
            let mut visitor = VisitorClient::with_token(relay, token.clone());
            visitor.welcomed().await;
            visitors.push((token, visitor.tell("Is the blue one in stock?").await.seq));
        }
        let mut made =
            Self { messages: VISITORS, agent, users, channels, conversations: Vec::new(), visitors };
        let mut under_way = JoinSet::new();
        for number in 0..conversations {
            let new = made.conversation(&organization, number);
            let rest = rest.clone();
            under_way.spawn_local(async move { open(&rest, &new, number).await });
            if under_way.len() == AT_ONCE {
                made.add(under_way.join_next().await);
            }
        }
        while let Some(one) = under_way.join_next().await {
            made.add(Some(Ok(one.expect("no request panics"))));
        }
        made.messages += conversations * MESSAGES;
        made
    }

    fn add(&mut self, made: Option<Result<(String, String), tokio::task::JoinError>>) {
        self.conversations.extend(made.map(|one| one.expect("no request panics")));
    }

    /// The n-th conversation. A third is closed later, one in five is assigned, one in ten has notified an inbox.
    fn conversation(&self, organization: &str, number: usize) -> Value {
        let mut rng = Rng::with_seed(number as u64);
        let is_notified = number.is_multiple_of(10);
        let said = if number % 3 == 2 { MESSAGES - 1 } else { MESSAGES } - usize::from(is_notified);
        let mut messages: Vec<Value> = (0..said)
            .map(|n| {
                // One that nobody answers is queued.
                let is_agent = n % 2 == 1 && !number.is_multiple_of(3);
                json!({"role": if is_agent { "agent" } else { "contact" }, "text": text(&mut rng)})
            })
            .collect();
        if is_notified {
            let channel = &self.channels[number / 10 % CHANNELS];
            messages.push(json!({"type": "command", "text": format!("/notify {channel}")}));
        }
        let mut new = json!({
            "organization": organization,
            "contact": {"profile": {"name": format!("Visitor {number}"), "email": format!("{number}@example.com")}},
            "messages": messages,
            "category": CATEGORIES[number % CATEGORIES.len()],
        });
        if number.is_multiple_of(5) {
            new["assignee"] = json!(self.users[number / 5 % USERS]);
        }
        new
    }
}

async fn open(rest: &Rest, new: &Value, number: usize) -> (String, String) {
    let made = rest.post("/v2/conversations", new).await.created();
    let conversation = id(&made);
    if number % 3 == 2 {
        rest.patch(&format!("/v2/conversations/{conversation}"), &json!({"status": "closed"})).await.ok();
    }
    (conversation, made["contact"].as_str().expect("it is with a contact").to_owned())
}

/// Eight to fifteen words.
fn text(rng: &mut Rng) -> String {
    let words = (0..rng.usize(8..16)).map(|_| word(rng));
    words.collect::<Vec<_>>().join(" ")
}

fn word(rng: &mut Rng) -> String {
    if rng.usize(..60) == 0 {
        return COMMON.to_owned();
    }
    // Zipf's law: the logarithm of a word's rank is uniform.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and WORDS")]
    let rank = (WORDS as f64).powf(rng.f64()) as usize;
    spoken(rank)
}

/// The word of this rank.
pub(crate) fn spoken(rank: usize) -> String {
    format!("w{rank}")
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("what is made has an id").to_owned()
}
