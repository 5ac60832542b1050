//! Requests by route, method and status, and how long they took.

use super::{Histogram, text::Text};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// One lock: requests are rare beside messages on sockets. Labels are routes, never addresses, so the
/// table is as small as the router.
#[derive(Debug, Default)]
pub struct Requests {
    counts: Mutex<BTreeMap<Labels, u64>>,
    took: Histogram,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    route: String,
    method: String,
    status: u16,
}

impl Requests {
    pub fn observe(&self, route: &str, method: &str, status: u16, took: Duration) {
        let labels = Labels { route: route.to_owned(), method: method.to_owned(), status };
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(labels).or_default() += 1;
        self.took.observe(took);
    }

    pub(super) fn render(&self, text: &mut Text) {
        text.family("relay_http_requests_total", "counter", "Requests answered.");
        for (labels, count) in &*self.counts.lock().unwrap_or_else(PoisonError::into_inner) {
            let status = labels.status.to_string();
            let labels = [("route", labels.route.as_str()), ("method", &labels.method), ("status", &status)];
            text.sample("relay_http_requests_total", &labels, count);
        }
        self.took.render("relay_http_request_seconds", "How long requests took.", text);
    }
}
