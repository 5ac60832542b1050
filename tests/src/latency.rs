//! How long something took, many times.

use std::time::Duration;

/// Microseconds, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    pub fn add(&mut self, latency: Duration) {
        self.0.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// The latency that `per_cent` of all do not exceed, in microseconds; 0 where there are none.
    #[must_use]
    pub fn percentile(&mut self, per_cent: usize) -> u32 {
        if self.0.is_empty() {
            return 0;
        }
        let rank = (self.0.len() * per_cent).div_ceil(100).max(1);
        *self.0.select_nth_unstable(rank - 1).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_latencies_that_were_seen() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile(50), 0);
        for us in (1..=200).rev() {
            latencies.add(Duration::from_micros(us));
        }
        assert_eq!((latencies.percentile(50), latencies.percentile(99)), (100, 198));
    }
}
