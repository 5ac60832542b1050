//! One thing that is listened to: how far it is, who waits for it to move, and its latest frames.

use super::{tail::Tail, whispers::Whispers};
use axum::extract::ws::Utf8Bytes;
use shared::OrganizationId;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// What a topic keeps of its latest frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) frames: usize,
    pub(super) bytes: usize,
    pub(super) whispers: usize,
}

/// One widget, or a few tabs, that read within moments: more is read from the store.
pub(super) const CONVERSATION: Bounds = Bounds { frames: 64, bytes: 64 * 1024, whispers: 2 };
/// Every agent of an organization; a second of its busiest traffic.
pub(super) const ORGANIZATION: Bounds = Bounds { frames: 4096, bytes: 4 * 1024 * 1024, whispers: 256 };

/// Wake-ups alone.
pub(super) const WAKE_UPS: Bounds = Bounds { frames: 0, bytes: 0, whispers: 0 };

/// How far somebody has followed a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) position: u64,
    pub(super) whispers: u64,
    pub(super) changes: u64,
    pub(super) presence: u64,
    pub(super) has_ended: bool,
}

/// About 280 bytes while nothing is said.
#[derive(Debug)]
pub(crate) struct Topic {
    organization: OrganizationId,
    position: AtomicU64,
    ended: AtomicBool,
    listeners: AtomicUsize,
    moved: Notify,
    tail: Mutex<Tail>,
    /// How many whispers there were: to be looked at without the lock.
    whispered: AtomicU64,
    whispers: Mutex<Whispers>,
    /// How often what is beside the log became another: to be read again.
    changes: AtomicU64,
    /// How often somebody of the organization came or went.
    presence: AtomicU64,
    bounds: Bounds,
}

impl Topic {
    pub(super) fn new(organization: OrganizationId, bounds: Bounds) -> Self {
        Self {
            organization,
            position: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            listeners: AtomicUsize::new(0),
            moved: Notify::new(),
            tail: Mutex::default(),
            whispered: AtomicU64::new(0),
            whispers: Mutex::default(),
            changes: AtomicU64::new(0),
            presence: AtomicU64::new(0),
            bounds,
        }
    }

    /// Keeps a frame for those who listen. Frames come in order and without holes.
    pub(crate) fn push(&self, position: u64, frame: Utf8Bytes) {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).push(position, frame, self.bounds);
    }

    /// Forgets the frames that are kept, for some are no longer what is stored: whoever has not read up to `position` reads
    /// the store.
    pub(crate) fn skip(&self, position: u64) {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).skip(position);
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

    /// Tells those who listen something that is no part of the log.
    pub(super) fn whisper(&self, frame: Utf8Bytes) {
        let mut whispers = self.whispers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = whispers.push(frame, self.bounds.whispers);
        self.whispered.store(count, Ordering::SeqCst);
        drop(whispers);
        self.moved.notify_waiters();
    }

    /// What was whispered after the one with this number, and the number of the newest. Nearly always nothing.
    pub(super) fn whispers_after(&self, heard: u64) -> (Vec<Utf8Bytes>, u64) {
        if self.whispered.load(Ordering::SeqCst) == heard {
            return (Vec::new(), heard);
        }
        self.whispers.lock().unwrap_or_else(PoisonError::into_inner).after(heard)
    }

    /// What is beside the log is another now. Those who listen are told with the next [`Self::notify`] or wake-up.
    pub(crate) fn change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn notify(&self) {
        self.moved.notify_waiters();
    }

    /// Somebody of the organization has come or gone.
    pub(super) fn tell_presence(&self) {
        self.presence.fetch_add(1, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    pub(super) const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// What is listened to is gone; nothing follows.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::SeqCst)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            position: self.position(),
            whispers: self.whispered.load(Ordering::SeqCst),
            changes: self.changes.load(Ordering::SeqCst),
            presence: self.presence.load(Ordering::SeqCst),
            has_ended: self.has_ended(),
        }
    }

    pub(super) async fn moved(&self, seen: Mark) -> Mark {
        loop {
            // Before the look: a wake-up between the look and the wait is then not lost.
            let woken = self.moved.notified();
            let mark = self.mark();
            if mark != seen {
                return mark;
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
