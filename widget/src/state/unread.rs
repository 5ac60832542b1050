//! How many of the agents' messages the visitor has not seen.

use shared::Seq;

#[derive(Debug, Default)]
pub(super) struct Unread {
    /// The newest entry that the visitor has seen.
    pub(super) seen: Seq,
    pub(super) count: u32,
}

impl Unread {
    /// An agent's message has come; without `seq` when the page made it up.
    pub(super) fn arrive(&mut self, seq: Option<Seq>, is_looking: bool) {
        if !is_looking {
            self.count += 1;
        } else if let Some(seq) = seq {
            self.seen = self.seen.max(seq);
        }
    }

    /// The visitor looks at everything up to `last`.
    pub(super) fn see(&mut self, last: Seq) {
        self.seen = self.seen.max(last);
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_nobody_looks_counts_until_somebody_does() {
        let mut unread = Unread::default();
        unread.arrive(Some(Seq(1)), true);
        unread.arrive(Some(Seq(3)), false);
        unread.arrive(None, false);
        assert_eq!((unread.seen, unread.count), (Seq(1), 2));
        unread.see(Seq(3));
        assert_eq!((unread.seen, unread.count), (Seq(3), 0));
    }
}
