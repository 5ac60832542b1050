//! The latest frames of a topic, written once and shared by everybody who listens. Bounded, and empty
//! again as soon as all have read it: an idle listener costs no frames.

use super::topic::Bounds;
use axum::extract::ws::Utf8Bytes;
use std::collections::VecDeque;

/// Frames that an empty tail keeps room for (40 bytes each): a slow conversation then allocates nothing per message.
const IDLE_ROOM: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Tail {
    frames: VecDeque<(u64, Utf8Bytes)>,
    bytes: usize,
    /// A reader who has everything up to here finds all the rest in `frames`. Unknown before the first frame.
    complete_after: Option<u64>,
    /// How many have read up to the newest frame since it came.
    finished: usize,
}

impl Tail {
    pub(super) fn push(&mut self, position: u64, frame: Utf8Bytes, bounds: Bounds) {
        self.complete_after.get_or_insert(position.saturating_sub(1));
        self.finished = 0;
        self.bytes += frame.len();
        self.frames.push_back((position, frame));
        while self.frames.len() > bounds.frames || self.bytes > bounds.bytes {
            let Some((dropped, frame)) = self.frames.pop_front() else { break };
            self.bytes -= frame.len();
            self.complete_after = Some(dropped);
        }
    }

    pub(super) fn after(
        &mut self,
        after: u64,
        most: usize,
        listeners: usize,
    ) -> Option<Vec<(u64, Utf8Bytes)>> {
        if self.complete_after.is_none_or(|complete_after| after < complete_after) {
            return None;
        }
        let start = self.frames.partition_point(|(position, _)| *position <= after);
        let frames: Vec<_> = self.frames.range(start..).take(most).cloned().collect();
        if !frames.is_empty() && start + frames.len() == self.frames.len() {
            self.finished += 1;
            if self.finished >= listeners {
                self.clear();
            }
        }
        Some(frames)
    }

    /// There is something up to `position` that is not kept here.
    pub(super) fn skip(&mut self, position: u64) {
        self.clear();
        self.complete_after = Some(position);
    }

    fn clear(&mut self) {
        if let Some((newest, _)) = self.frames.back() {
            self.complete_after = Some(*newest);
        }
        self.frames.clear();
        self.frames.shrink_to(IDLE_ROOM);
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { frames: 3, bytes: 10, whispers: 1 };

    fn tail(frames: &[(u64, &str)]) -> Tail {
        let mut tail = Tail::default();
        for (position, text) in frames {
            tail.push(*position, Utf8Bytes::from(*text), BOUNDS);
        }
        tail
    }

    fn positions(tail: &mut Tail, after: u64, listeners: usize) -> Option<Vec<u64>> {
        tail.after(after, 10, listeners)
            .map(|frames| frames.into_iter().map(|(position, _)| position).collect())
    }

    #[test]
    fn a_reader_who_is_further_behind_is_sent_to_the_store() {
        let mut tail = tail(&[(7, "a"), (9, "b"), (12, "c"), (13, "d")]);
        assert_eq!(positions(&mut tail, 6, 9), None, "7 was dropped");
        assert_eq!(positions(&mut tail, 7, 9), Some(vec![9, 12, 13]));
        assert_eq!(positions(&mut tail, 10, 9), Some(vec![12, 13]));
        assert_eq!(positions(&mut tail, 13, 9), Some(vec![]));
    }

    #[test]
    fn an_unused_tail_knows_nothing() {
        assert_eq!(positions(&mut Tail::default(), 5, 1), None);
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut tail = tail(&[(1, "aaaaaa"), (2, "bbbbbb")]);
        assert_eq!(positions(&mut tail, 0, 9), None);
        assert_eq!(positions(&mut tail, 1, 9), Some(vec![2]));
    }

    #[test]
    fn what_everybody_has_read_is_given_back() {
        let mut tail = tail(&[(1, "a"), (2, "b")]);
        assert_eq!(positions(&mut tail, 0, 2), Some(vec![1, 2]));
        assert_eq!(positions(&mut tail, 1, 2), Some(vec![2]));
        assert!(tail.frames.capacity() <= IDLE_ROOM);
        assert_eq!(positions(&mut tail, 2, 2), Some(vec![]));
        assert_eq!(positions(&mut tail, 1, 2), None);
        tail.push(3, Utf8Bytes::from("c"), BOUNDS);
        assert_eq!(positions(&mut tail, 2, 2), Some(vec![3]));
    }
}
