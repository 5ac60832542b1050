//! How long something took, in buckets.

use super::text::Text;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Upper bounds: in microseconds, and in seconds as they are written.
const BUCKETS: [(u64, &str); 10] = [
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

#[derive(Debug, Default)]
pub struct Histogram {
    /// How many fell between the bound before and this one; the last holds the rest.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    total_us: AtomicU64,
}

impl Histogram {
    pub fn observe(&self, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|(bound, _)| took_us <= *bound).unwrap_or(BUCKETS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.total_us.fetch_add(took_us, Ordering::Relaxed);
    }

    pub(super) fn render(&self, name: &str, help: &str, text: &mut Text) {
        text.family(name, "histogram", help);
        let (bucket, sum, count) = (format!("{name}_bucket"), format!("{name}_sum"), format!("{name}_count"));
        let mut reached = 0;
        let bounds = BUCKETS.iter().map(|(_, bound)| *bound).chain(["+Inf"]);
        for (here, bound) in self.buckets.iter().zip(bounds) {
            reached += here.load(Ordering::Relaxed);
            text.sample(&bucket, &[("le", bound)], reached);
        }
        let total_us = self.total_us.load(Ordering::Relaxed);
        text.sample(&sum, &[], format_args!("{}.{:06}", total_us / 1_000_000, total_us % 1_000_000));
        text.sample(&count, &[], reached);
    }
}
