//! The durable core, on SQLite: one thread writes, in groups, and answers only after the commit; readers
//! have connections of their own. Nothing here knows HTTP or sockets.

mod append;
mod backup;
mod connection;
mod error;
mod fan_out;
mod filing;
mod frames;
mod ids;
pub mod lists;
mod memory;
mod migrations;
mod read;
mod readers;
mod records;
mod sql;
#[cfg(test)]
mod tests;
mod write;
mod writer;

pub use append::{Append, Appended, Author, LinkHash, Target, TokenHash};
pub use backup::{CopyError, Inspection, back_up, inspect, restore, version};
pub use error::{Failure, OpenError, StoreError};
pub use read::{
    Closed, Delivery, DeliveryError, DeliveryStatus, Due, Held, Identifier, Known, Link, MOST_WAITING, Owner,
    Queued, Read, Round, ShortLink, Standing, Typist, Visitor, Window,
};
pub use records::{Record, Scope};
pub use sql::StoredId;
pub use write::{Answer, Attempted, LINK_LIFE, NewConversation, Outcome, Swept, Write};
pub use writer::Counters;

use crate::{bus::Bus, metrics::Histogram};
use axum::extract::ws::Utf8Bytes;
use readers::Readers;
use shared::{ConversationId, Error, OrganizationId, Seq, wire::Receipt};
use std::{
    fs::File,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};
use tokio::sync::{mpsc, oneshot};
use writer::{Job, Reply, WriterHandle};

/// Jobs that wait for the writer. Senders wait for a place; about a tenth of a second of work.
const QUEUE: usize = 4096;

#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// The database file. Its directory must exist.
    pub path: PathBuf,
    /// Refuses to open when another process has opened it so. A relay that serves does; the command line,
    /// which works beside it, does not.
    pub exclusive: bool,
}

/// A cheap handle; clones share everything.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    // Before the writer: it ends when the last sender is gone, and dropping the writer waits for that.
    jobs: mpsc::Sender<Job>,
    writer: WriterHandle,
    readers: Arc<Readers>,
    bus: Bus,
    _lock: Option<File>,
}

impl Store {
    /// Opens the database, brings it to this version's schema and starts the writer.
    ///
    /// # Errors
    /// One line that names the file and what to do.
    pub fn open(options: &StoreOptions, bus: Bus) -> Result<Self, OpenError> {
        let lock = if options.exclusive { Some(connection::lock(&options.path)?) } else { None };
        let connection = connection::open_writer(options)?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = WriterHandle::start(connection, bus.clone(), queue, &options.path)?;
        let readers = Arc::new(Readers::new(options.path.clone()));
        Ok(Self { inner: Arc::new(Inner { jobs, writer, readers, bus, _lock: lock }) })
    }

    /// Runs `work` in the writer's transaction, in a savepoint of its own, and answers after the commit.
    /// When `work` fails, nothing of it is stored. It runs on the writer's thread: no waiting in there.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the commit.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::work(work, reply)).await?;
        answer.await.map_err(|_| Failure::Panicked)?
    }

    /// Runs `work` on one consistent view of what is committed.
    ///
    /// # Errors
    /// What `work` returns, or a failure of the database.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        Arc::clone(&self.inner.readers).run(work).await
    }

    /// Stores one entry.
    ///
    /// # Errors
    /// The refusal that its sender must hear, or a failure.
    pub async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        append.draft.check()?;
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Append { append, reply: Reply::Whole(reply) }).await?;
        answer.await.map_err(|_| Failure::Closed)?
    }

    /// Stores one entry, for senders with several under way: waits only for a place in the queue. `reply` is called
    /// once, after the commit and when the entry can be read, in the order of the log, on
    /// the writer's thread: it must not wait. A failure has been logged when it gets here.
    ///
    /// Not an `async fn`: its caller, every socket, would keep room for a whole message while it idles.
    pub fn submit(
        &self,
        append: Append,
        reply: impl FnOnce(Result<Receipt, Error>) + Send + 'static,
    ) -> impl Future<Output = ()> + Send {
        let left = self.try_submit(append, reply).map(Box::new);
        async move {
            let Some(job) = left else { return };
            match self.inner.jobs.reserve().await {
                Ok(place) => place.send(*job),
                Err(_) => drop(job.fail(&Failure::Closed)),
            }
        }
    }

    /// Puts it into the queue if there is a place; gives it back if there is none.
    fn try_submit(
        &self,
        append: Append,
        reply: impl FnOnce(Result<Receipt, Error>) + Send + 'static,
    ) -> Option<Job> {
        let named = append.draft.client_key.as_ref().map(drop);
        let named = named.ok_or_else(|| Error::invalid("clientKey", "the sender must name the message"));
        if let Err(error) = named.and_then(|()| append.draft.check()) {
            reply(Err(error));
            return None;
        }
        let job = Job::Append { append, reply: Reply::Receipt(Box::new(reply)) };
        match self.inner.jobs.try_send(job) {
            Ok(()) => None,
            Err(mpsc::error::TrySendError::Full(job)) => Some(job),
            Err(mpsc::error::TrySendError::Closed(job)) => {
                job.fail(&Failure::Closed);
                None
            }
        }
    }

    /// What the conversation's visitor gets after `after`: whole `entry` frames, oldest first, at most `most`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn visitor_entries(
        &self,
        conversation: ConversationId,
        after: Seq,
        most: usize,
    ) -> Result<Vec<(Seq, Utf8Bytes)>, StoreError> {
        let kept =
            self.inner.bus.conversation(conversation).and_then(|topic| topic.frames_after(after.0, most));
        if let Some(frames) = kept {
            return Ok(frames.into_iter().map(|(seq, frame)| (Seq(seq), frame)).collect());
        }
        self.read(move |read| read.visitor_frames(conversation, after, most)).await
    }

    /// What happened in the organization after `after`: whole `event` frames, oldest first, at most `most`.
    ///
    /// # Errors
    /// A failure of the database.
    pub async fn organization_events(
        &self,
        organization: OrganizationId,
        after: u64,
        most: usize,
    ) -> Result<Vec<(u64, Utf8Bytes)>, StoreError> {
        let kept =
            self.inner.bus.organization(organization).and_then(|topic| topic.frames_after(after, most));
        match kept {
            Some(frames) => Ok(frames),
            None => self.read(move |read| read.event_frames(organization, after, most)).await,
        }
    }

    /// Waits until what is held has changed since this returned last. For one listener.
    pub async fn held_changed(&self) {
        self.inner.writer.held_changed().notified().await;
    }

    /// Whether it takes work.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.inner.jobs.is_closed()
    }

    #[must_use]
    pub fn counters(&self) -> Counters {
        let counts = self.inner.writer.counts();
        Counters {
            messages: counts.messages.load(Ordering::Relaxed),
            commits: counts.commits.load(Ordering::Relaxed),
            failed_commits: counts.failed_commits.load(Ordering::Relaxed),
            waiting: QUEUE - self.inner.jobs.capacity(),
        }
    }

    /// How long commits took, each of a group.
    #[must_use]
    pub fn commit_times(&self) -> &Histogram {
        &self.inner.writer.counts().commit_times
    }

    /// Takes no more work, finishes what was accepted, and copies the log into the database file. Whoever
    /// comes later is told that the store is closed.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.inner.jobs.send(Job::Close(done)).await.is_ok() {
            // An error means that the writer is gone already: nothing is left to wait for.
            let _ = closed.await;
        }
    }

    async fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        self.inner.jobs.send(job).await.map_err(|_| Failure::Closed.into())
    }
}
