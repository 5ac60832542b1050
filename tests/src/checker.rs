//! Reads a conversation's log back and compares it with what its visitor was told: nothing acknowledged
//! missing, nothing twice, no gap, the order in which it was said.

use crate::rest::Rest;
use serde_json::Value;
use shared::{ClientKey, ConversationId, Seq, wire::Receipt};
use std::collections::{HashMap, HashSet};

/// The largest page that the API gives.
const PAGE: usize = 200;

/// One entry of a log, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub seq: Seq,
    pub id: String,
    pub key: Option<ClientKey>,
}

/// What a visitor knows of its own messages.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// In the order in which they were said.
    pub said: Vec<ClientKey>,
    pub acknowledged: Vec<Receipt>,
}

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The log goes on at `found` where `expected` follows.
    Gap { expected: Seq, found: Seq },
    /// Acknowledged and not in the log.
    Missing(ClientKey),
    /// More than once in the log.
    Twice(ClientKey),
    /// In the log, but not as the acknowledgement said.
    Moved { key: ClientKey, acknowledged: Seq, found: Seq },
    /// In the log before a message that was said earlier.
    Overtakes { key: ClientKey, earlier: ClientKey },
    /// In the log and never said.
    Stranger(ClientKey),
}

/// The whole log of a conversation, through the API.
///
/// # Panics
/// When the API does not give it.
pub async fn read_log(rest: &Rest, conversation: ConversationId) -> Vec<Stored> {
    let mut log: Vec<Stored> = Vec::new();
    loop {
        let after = log.last().map_or(Seq::ZERO, |stored| stored.seq);
        let path = format!("/v2/conversations/{conversation}/messages?after={after}&limit={PAGE}");
        let page = rest.get(&path).await.ok();
        let page = page.as_array().expect("a list is an array");
        log.extend(page.iter().map(stored));
        if page.is_empty() {
            return log;
        }
    }
}

/// Every promise that this log breaks.
#[must_use]
pub fn faults(log: &[Stored], told: &Told) -> Vec<Fault> {
    let mut faults = gaps(log);
    let mut places: HashMap<&ClientKey, &Stored> = HashMap::new();
    for stored in log {
        if let Some(key) = &stored.key
            && places.insert(key, stored).is_some()
        {
            faults.push(Fault::Twice(key.clone()));
        }
    }
    for receipt in &told.acknowledged {
        match places.get(&receipt.key) {
            None => faults.push(Fault::Missing(receipt.key.clone())),
            Some(stored) if stored.seq != receipt.seq || stored.id != receipt.id.to_string() => {
                let (acknowledged, found) = (receipt.seq, stored.seq);
                faults.push(Fault::Moved { key: receipt.key.clone(), acknowledged, found });
            }
            Some(_) => {}
        }
    }
    faults.extend(overtaking(&told.said, &places));
    let said: HashSet<_> = told.said.iter().collect();
    let strangers = log.iter().filter_map(|stored| stored.key.as_ref()).filter(|key| !said.contains(key));
    faults.extend(strangers.cloned().map(Fault::Stranger));
    faults
}

fn gaps(log: &[Stored]) -> Vec<Fault> {
    let mut expected = Seq(1);
    let mut gaps = Vec::new();
    for stored in log {
        if stored.seq != expected {
            gaps.push(Fault::Gap { expected, found: stored.seq });
        }
        expected = stored.seq.next();
    }
    gaps
}

fn overtaking(said: &[ClientKey], places: &HashMap<&ClientKey, &Stored>) -> Vec<Fault> {
    let in_log: Vec<_> = said.iter().filter_map(|key| Some((key, places.get(key)?.seq))).collect();
    in_log
        .windows(2)
        .filter(|pair| pair[1].1 < pair[0].1)
        .map(|pair| Fault::Overtakes { key: pair[1].0.clone(), earlier: pair[0].0.clone() })
        .collect()
}

fn stored(message: &Value) -> Stored {
    Stored {
        seq: Seq(message["seq"].as_u64().expect("a message has a seq")),
        id: message["id"].as_str().expect("a message has an id").to_owned(),
        key: message["clientKey"].as_str().map(|key| key.parse().expect("a stored key is a key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{MessageId, Millis};

    fn key(number: u8) -> ClientKey {
        format!("k-{number}").parse().unwrap()
    }

    fn id(number: u8) -> MessageId {
        MessageId::from_bytes([number; 12])
    }

    fn log(entries: &[(u64, u8)]) -> Vec<Stored> {
        let stored =
            |&(seq, number)| Stored { seq: Seq(seq), id: id(number).to_string(), key: Some(key(number)) };
        entries.iter().map(stored).collect()
    }

    fn told(said: &[u8], acknowledged: &[(u64, u8)]) -> Told {
        let receipt = |&(seq, number)| Receipt {
            key: key(number),
            id: id(number),
            seq: Seq(seq),
            conversation: ConversationId::from_bytes([0; 12]),
            at: Millis(0),
        };
        Told {
            said: said.iter().map(|number| key(*number)).collect(),
            acknowledged: acknowledged.iter().map(receipt).collect(),
        }
    }

    #[test]
    fn a_log_that_keeps_its_promises_has_no_faults() {
        let told = told(&[1, 2, 3], &[(1, 1), (2, 2)]);
        assert_eq!(faults(&log(&[(1, 1), (2, 2), (3, 3)]), &told), [], "stored, the answer was lost");
        assert_eq!(faults(&log(&[(1, 1), (2, 2)]), &told), [], "not stored, not acknowledged");
    }

    #[test]
    fn what_was_acknowledged_must_be_there() {
        let told = told(&[1, 2], &[(1, 1), (2, 2)]);
        assert_eq!(faults(&log(&[(1, 1)]), &told), [Fault::Missing(key(2))]);
    }

    #[test]
    fn a_message_is_stored_once() {
        let told = told(&[1, 2], &[(1, 1), (2, 2)]);
        let faults = faults(&log(&[(1, 1), (2, 2), (3, 2)]), &told);
        assert!(faults.contains(&Fault::Twice(key(2))), "{faults:?}");
    }

    #[test]
    fn the_log_has_no_gap_and_begins_at_1() {
        let said = told(&[1, 2], &[]);
        let gap = |expected, found| Fault::Gap { expected: Seq(expected), found: Seq(found) };
        assert_eq!(faults(&log(&[(1, 1), (3, 2)]), &said), [gap(2, 3)]);
        assert_eq!(faults(&log(&[(2, 1), (3, 2)]), &said), [gap(1, 2)]);
        assert_eq!(faults(&log(&[(1, 1), (1, 2)]), &said), [gap(2, 1)]);
    }

    #[test]
    fn an_acknowledgement_names_the_place_for_good() {
        let told = told(&[1, 2], &[(2, 1)]);
        let moved = Fault::Moved { key: key(1), acknowledged: Seq(2), found: Seq(1) };
        assert_eq!(faults(&log(&[(1, 1), (2, 2)]), &told), [moved]);
    }

    #[test]
    fn what_was_said_first_comes_first() {
        let overtakes = Fault::Overtakes { key: key(2), earlier: key(1) };
        assert_eq!(faults(&log(&[(1, 2), (2, 1)]), &told(&[1, 2], &[])), [overtakes]);
    }

    #[test]
    fn nobody_elses_messages_are_in_it() {
        assert_eq!(faults(&log(&[(1, 1), (2, 9)]), &told(&[1], &[])), [Fault::Stranger(key(9))]);
    }
}
