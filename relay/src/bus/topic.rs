//! One thing that is listened to: how far it is, who waits for it to move, and its latest frames.

use super::tail::Tail;
use axum::extract::ws::Utf8Bytes;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// What a topic keeps of its latest frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) frames: usize,
    pub(super) bytes: usize,
}

/// One widget, or a few tabs, that read within moments: more is read from the store.
pub(super) const CONVERSATION: Bounds = Bounds { frames: 64, bytes: 64 * 1024 };
/// Every agent of an organization; a second of its busiest traffic.
pub(super) const ORGANIZATION: Bounds = Bounds { frames: 4096, bytes: 4 * 1024 * 1024 };

/// About 200 bytes while nothing is said.
#[derive(Debug)]
pub(crate) struct Topic {
    position: AtomicU64,
    listeners: AtomicUsize,
    moved: Notify,
    tail: Mutex<Tail>,
    bounds: Bounds,
}

impl Topic {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            position: AtomicU64::new(0),
            listeners: AtomicUsize::new(0),
            moved: Notify::new(),
            tail: Mutex::default(),
            bounds,
        }
    }

    /// Keeps a frame for those who listen. Frames come in order and without holes.
    pub(crate) fn push(&self, position: u64, frame: Utf8Bytes) {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).push(position, frame, self.bounds);
    }

    /// Tells those who listen that the topic is at `position`. Late and repeated news change nothing.
    pub(crate) fn wake(&self, position: u64) {
        if self.position.fetch_max(position, Ordering::SeqCst) < position {
            self.moved.notify_waiters();
        }
    }

    /// Up to `most` frames after `after`, oldest first; nothing when the tail does not reach back that far.
    pub(crate) fn frames_after(&self, after: u64, most: usize) -> Option<Vec<(u64, Utf8Bytes)>> {
        let listeners = self.listeners.load(Ordering::Relaxed);
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).after(after, most, listeners)
    }

    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::SeqCst)
    }

    pub(super) async fn moved(&self, seen: u64) -> u64 {
        loop {
            // Before the look: a wake-up between the look and the wait is then not lost.
            let woken = self.moved.notified();
            let position = self.position();
            if position > seen {
                return position;
            }
            woken.await;
        }
    }

    /// Called under the lock of the topics' table, as `leave` is.
    pub(super) fn join(&self) {
        self.listeners.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether that was the last one.
    pub(super) fn leave(&self) -> bool {
        self.listeners.fetch_sub(1, Ordering::Relaxed) == 1
    }
}
