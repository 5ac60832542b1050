//! What is heard now or never: frames that are no part of any log. Kept for those who are about to look, the
//! latest few; whoever is slower has missed nothing that matters any more.

use axum::extract::ws::Utf8Bytes;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub(super) struct Whispers {
    frames: VecDeque<Utf8Bytes>,
    /// How many there ever were: the newest one's number.
    count: u64,
}

impl Whispers {
    /// Keeps one more, and at most `most`. Returns its number.
    pub(super) fn push(&mut self, frame: Utf8Bytes, most: usize) -> u64 {
        if self.frames.len() == most {
            self.frames.pop_front();
        }
        self.frames.push_back(frame);
        self.count += 1;
        self.count
    }

    /// Those after the one with this number, as far as they are still here, and the number of the newest.
    pub(super) fn after(&self, heard: u64) -> (Vec<Utf8Bytes>, u64) {
        let unheard = usize::try_from(self.count.saturating_sub(heard)).unwrap_or(usize::MAX);
        let start = self.frames.len().saturating_sub(unheard);
        (self.frames.range(start..).cloned().collect(), self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_each_is_heard_once() {
        let mut whispers = Whispers::default();
        for text in ["a", "b", "c"] {
            whispers.push(text.into(), 2);
        }
        assert_eq!(whispers.after(0), (vec!["b".into(), "c".into()], 3));
        assert_eq!(whispers.after(2), (vec!["c".into()], 3));
        assert_eq!(whispers.after(3), (vec![], 3));
    }
}
