//! One end's copy of a conversation's log: a run of entries without gaps, oldest first. It need not
//! begin at 1 (history is loaded backwards), but it has no holes and no entry twice.

use crate::{Seq, wire::Entry};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    entries: Vec<Entry>,
    /// The entry before the oldest one held. Meaningful also when nothing is held.
    floor: Seq,
}

/// What became of an entry that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is the newest now.
    Appended,
    /// It was here already, or is older than what is held; nothing changed.
    Duplicate,
    /// Entries before it are missing; nothing changed.
    Gap,
}

impl Log {
    /// The newest entry held; the floor when none is.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.entries.last().map_or(self.floor, |entry| entry.seq)
    }

    /// The oldest entry held; one past the floor when none is.
    #[must_use]
    pub fn first(&self) -> Seq {
        self.floor.next()
    }

    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// Whether the conversation has entries before the oldest one held.
    #[must_use]
    pub fn has_earlier(&self) -> bool {
        self.floor > Seq::ZERO
    }

    /// Takes an entry from the relay.
    pub fn append(&mut self, entry: Entry) -> Applied {
        let expected = self.last().next();
        match entry.seq.cmp(&expected) {
            std::cmp::Ordering::Less => Applied::Duplicate,
            std::cmp::Ordering::Greater => Applied::Gap,
            std::cmp::Ordering::Equal => {
                self.entries.push(entry);
                Applied::Appended
            }
        }
    }

    /// Puts what an entry says now in its place; where it is not held, it will come as it is.
    pub fn revise(&mut self, entry: &Entry) {
        let place = self.entries.iter_mut().rev().find(|held| held.seq == entry.seq);
        if let Some(place) = place {
            *place = entry.clone();
        }
    }

    /// Takes a page of history. Returns the entries that were new, oldest first; none when the page does
    /// not end right before the oldest entry held.
    pub fn prepend(&mut self, page: Vec<Entry>) -> Vec<Entry> {
        let joins = page.last().is_some_and(|entry| entry.seq == self.floor) && is_run(&page);
        if !joins {
            return Vec::new();
        }
        self.floor = Seq(page[0].seq.0 - 1);
        let newer = std::mem::replace(&mut self.entries, page.clone());
        self.entries.extend(newer);
        page
    }

    /// Drops everything and starts from `entries`. Refused, changing nothing, when they have a hole.
    pub fn reset(&mut self, entries: Vec<Entry>) -> bool {
        if !is_run(&entries) {
            return false;
        }
        self.floor = entries.first().map_or(Seq::ZERO, |entry| Seq(entry.seq.0 - 1));
        self.entries = entries;
        true
    }
}

/// Numbered one after the other, from 1 or later.
fn is_run(entries: &[Entry]) -> bool {
    entries.first().is_none_or(|entry| entry.seq > Seq::ZERO)
        && entries.windows(2).all(|pair| pair[0].seq.next() == pair[1].seq)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(seq: u64) -> Entry {
        Entry { seq: Seq(seq), ..Entry::default() }
    }

    fn seqs(log: &Log) -> Vec<u64> {
        log.entries().map(|entry| entry.seq.0).collect()
    }

    #[test]
    fn entries_are_appended_in_order_only() {
        let mut log = Log::default();
        assert_eq!(log.append(entry(2)), Applied::Gap);
        assert_eq!(log.append(entry(1)), Applied::Appended);
        assert_eq!(log.append(entry(1)), Applied::Duplicate);
        assert_eq!(log.append(entry(2)), Applied::Appended);
        assert_eq!(seqs(&log), [1, 2]);
    }

    #[test]
    fn history_joins_at_the_front() {
        let mut log = Log::default();
        assert!(log.reset(vec![entry(8), entry(9)]));
        assert!(log.has_earlier());
        assert!(log.prepend(vec![entry(4), entry(5)]).is_empty(), "does not join");
        assert_eq!(log.prepend(vec![entry(6), entry(7)]).len(), 2);
        assert!(log.prepend(vec![entry(6), entry(7)]).is_empty(), "twice");
        assert_eq!(seqs(&log), [6, 7, 8, 9]);
        log.prepend((1..=5).map(entry).collect());
        assert!(!log.has_earlier());
    }

    #[test]
    fn a_page_with_a_hole_is_refused() {
        let mut log = Log::default();
        assert!(!log.reset(vec![entry(1), entry(3)]));
        assert!(!log.reset(vec![entry(0)]));
        assert_eq!(seqs(&log), Vec::<u64>::new());
    }

    proptest! {
        #[test]
        fn whatever_arrives_the_log_stays_a_run(arrivals in prop::collection::vec(0u64..12, 0..80), start in 0u64..8) {
            let mut log = Log::default();
            log.reset((start..start + 2).map(entry).collect());
            for seq in arrivals {
                if seq % 3 == 0 {
                    log.prepend((seq.saturating_sub(2)..=seq).map(entry).collect());
                } else {
                    log.append(entry(seq));
                }
                let held = seqs(&log);
                prop_assert!(held.windows(2).all(|pair| pair[0] + 1 == pair[1]));
                prop_assert!(held.first().is_none_or(|first| *first == log.first().0));
            }
        }
    }
}
