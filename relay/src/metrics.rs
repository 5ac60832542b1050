//! What `/metrics` tells, in the Prometheus text format 0.0.4. Counting is an atomic addition; names are
//! the variants of enums, so that a dashboard and the code cannot disagree about one that exists.

mod histogram;
mod http;
mod text;

pub use histogram::Histogram;
pub use http::Requests;

use crate::{app::App, store::Counters};
use shared::ErrorCode;
use std::{
    array,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};
use text::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gauge {
    VisitorSockets,
    AgentSockets,
    WebhookDeliveries,
    Uploads,
    HeldMessages,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    FramesReceived,
    FramesSent,
    SlowReaders,
    RateLimited,
    WebhooksDelivered,
    WebhooksFailed,
    FilesRemoved,
    ErasureSteps,
    ConversationsExpired,
}

impl Gauge {
    const ALL: [Self; 5] = [
        Self::VisitorSockets,
        Self::AgentSockets,
        Self::WebhookDeliveries,
        Self::Uploads,
        Self::HeldMessages,
    ];

    const fn name_and_help(self) -> (&'static str, &'static str) {
        match self {
            Self::VisitorSockets => ("relay_visitor_sockets", "Sockets of widgets that are open."),
            Self::AgentSockets => ("relay_agent_sockets", "Sockets of agents and programs that are open."),
            Self::WebhookDeliveries => ("relay_webhook_queue", "Deliveries that wait for their webhook."),
            Self::HeldMessages => ("relay_held_messages", "Messages with a delay that wait for their time."),
            Self::Uploads => ("relay_uploads", "Files that arrive, or wait for a place to."),
        }
    }
}

impl Counter {
    const ALL: [Self; 9] = [
        Self::FramesReceived,
        Self::FramesSent,
        Self::SlowReaders,
        Self::RateLimited,
        Self::WebhooksDelivered,
        Self::WebhooksFailed,
        Self::FilesRemoved,
        Self::ErasureSteps,
        Self::ConversationsExpired,
    ];

    const fn name_and_help(self) -> (&'static str, &'static str) {
        match self {
            Self::FramesReceived => ("relay_frames_received_total", "Frames that sockets said."),
            Self::FramesSent => ("relay_frames_sent_total", "Frames that sockets were told."),
            Self::SlowReaders => ("relay_slow_readers_total", "Sockets closed because they did not read."),
            Self::RateLimited => ("relay_rate_limited_total", "Messages and conversations over a rate."),
            Self::WebhooksDelivered => {
                ("relay_webhooks_delivered_total", "Calls of webhooks that were taken.")
            }
            Self::WebhooksFailed => ("relay_webhooks_failed_total", "Calls of webhooks that were not taken."),
            Self::FilesRemoved => ("relay_files_removed_total", "Files removed because nothing named them."),
            Self::ConversationsExpired => (
                "relay_conversations_expired_total",
                "Closed conversations erased because their time was up.",
            ),
            Self::ErasureSteps => {
                ("relay_erasure_steps_total", "Times that rows were removed of what had been erased.")
            }
        }
    }
}

#[derive(Debug)]
pub struct Metrics {
    gauges: [AtomicI64; Gauge::ALL.len()],
    counters: [AtomicU64; Counter::ALL.len()],
    errors: [AtomicU64; ErrorCode::ALL.len()],
    pub requests: Requests,
    /// From an event to its delivery.
    pub webhook_times: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            gauges: Default::default(),
            counters: Default::default(),
            errors: array::from_fn(|_| AtomicU64::new(0)),
            requests: Requests::default(),
            webhook_times: Histogram::default(),
        }
    }
}

/// Counts as long as it lives.
#[derive(Debug)]
pub struct Counted {
    app: App,
    gauge: Gauge,
}

impl Counted {
    #[must_use]
    pub fn new(app: App, gauge: Gauge) -> Self {
        app.metrics.gauges[gauge as usize].fetch_add(1, Ordering::Relaxed);
        Self { app, gauge }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.app.metrics.gauges[self.gauge as usize].fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub fn add(&self, counter: Counter, count: u64) {
        self.counters[counter as usize].fetch_add(count, Ordering::Relaxed);
    }

    /// One of those who are counted together has another share now.
    pub fn change(&self, gauge: Gauge, before: u64, now: u64) {
        let share = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.gauges[gauge as usize].fetch_add(share(now) - share(before), Ordering::Relaxed);
    }

    /// An error that went to a client, over HTTP or a socket.
    pub fn error(&self, code: ErrorCode) {
        self.errors[code as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// The whole page, with what the store counts itself.
    #[must_use]
    pub fn render(&self, store: &Counters, commit_times: &Histogram) -> String {
        let mut text = Text::default();
        text.counter("relay_messages_total", "Messages stored.", store.messages);
        text.counter(
            "relay_commits_total",
            "Transactions committed; messages in one are a group.",
            store.commits,
        );
        text.counter("relay_failed_commits_total", "Transactions that failed.", store.failed_commits);
        commit_times.render("relay_commit_seconds", "How long commits took.", &mut text);
        text.gauge("relay_store_queue", "Jobs that wait for the writer.", store.waiting as u64);
        for gauge in Gauge::ALL {
            let (name, help) = gauge.name_and_help();
            let value = self.gauges[gauge as usize].load(Ordering::Relaxed);
            text.gauge(name, help, u64::try_from(value).unwrap_or(0));
        }
        for counter in Counter::ALL {
            let (name, help) = counter.name_and_help();
            text.counter(name, help, self.counters[counter as usize].load(Ordering::Relaxed));
        }
        text.family("relay_errors_total", "counter", "Errors told to clients, by code.");
        // Those without a status exist in JavaScript only.
        let told = ErrorCode::ALL.iter().zip(&self.errors).filter(|(code, _)| code.http_status() != 0);
        for (code, count) in told {
            text.sample("relay_errors_total", &[("code", code.as_str())], count.load(Ordering::Relaxed));
        }
        self.webhook_times.render(
            "relay_webhook_delivery_seconds",
            "How long it took from an event to its delivery.",
            &mut text,
        );
        self.requests.render(&mut text);
        text.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_help_type_and_value_of_each() {
        let metrics = Metrics::default();
        metrics.add(Counter::FramesSent, 3);
        metrics.error(ErrorCode::NotFound);
        metrics.requests.observe("/v2/users/{user}", "GET", 200, std::time::Duration::from_millis(7));

        let page = metrics.render(&Counters::default(), &Histogram::default());

        assert!(
            page.contains("# TYPE relay_frames_sent_total counter\nrelay_frames_sent_total 3\n"),
            "{page}"
        );
        assert!(page.contains("relay_errors_total{code=\"not_found\"} 1\n"), "{page}");
        let labels = "route=\"/v2/users/{user}\",method=\"GET\",status=\"200\"";
        assert!(page.contains(&format!("relay_http_requests_total{{{labels}}} 1\n")), "{page}");
        assert!(page.contains("relay_http_request_seconds_bucket{le=\"0.005\"} 0\n"), "{page}");
        assert!(page.contains("relay_http_request_seconds_bucket{le=\"0.01\"} 1\n"), "{page}");
        assert!(page.contains("relay_http_request_seconds_bucket{le=\"+Inf\"} 1\n"), "{page}");
        assert!(page.contains("relay_http_request_seconds_sum 0.007000\n"), "{page}");
        assert!(page.contains("relay_http_request_seconds_count 1\n"), "{page}");
    }
}
