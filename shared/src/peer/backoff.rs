//! How long to wait before the next connection attempt: full jitter, doubling from 1 s to 30 s, never
//! under 0.5 s, so that a thousand widgets do not come back in the same moment.

use crate::{Millis, limits};

#[derive(Debug, Clone)]
pub(super) struct Backoff {
    attempts: u32,
    /// State of a xorshift generator (Marsaglia 2003); jitter needs no better one.
    random: u64,
}

impl Backoff {
    pub(super) fn new(seed: u64) -> Self {
        // Zero is the generator's fixed point.
        Self { attempts: 0, random: seed | 1 }
    }

    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }

    pub(super) fn next_delay(&mut self) -> Millis {
        let doubled = 1_000_u64 << self.attempts.min(5);
        let ceiling = doubled.min(limits::BACKOFF_MAX.0);
        self.attempts = self.attempts.saturating_add(1);
        let floor = limits::BACKOFF_MIN.0;
        Millis(floor + self.next_random() % (ceiling - floor + 1))
    }

    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_delay_is_within_the_bounds(seed: u64, attempts in 1usize..50) {
            let mut backoff = Backoff::new(seed);
            for _ in 0..attempts {
                let delay = backoff.next_delay();
                prop_assert!((limits::BACKOFF_MIN..=limits::BACKOFF_MAX).contains(&delay));
            }
            backoff.reset();
            prop_assert!(backoff.next_delay() <= Millis(1_000));
        }
    }
}
