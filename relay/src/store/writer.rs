//! The one thread that writes. It takes what waits, stores it in one transaction, commits, and only then
//! answers and fans out, in the order of the commit.

use super::{
    Append, Appended, Failure, OpenError, StoreError,
    append::receipt_of,
    fan_out::FanOut,
    memory::Memory,
    write::{Stored, Write},
};
use crate::{bus::Bus, metrics::Histogram};
use rusqlite::Connection;
use shared::{Error, wire::Receipt};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Instant,
};
use tokio::sync::{Notify, mpsc, oneshot};

/// Jobs of one transaction. More gains nothing (the commit is by then a small part) and delays the first.
const GROUP: usize = 512;

/// What the writer is asked to do.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are appends; a box each would be an allocation a message"
)]
pub(super) enum Job {
    Append { append: Append, reply: Reply },
    Work(Box<dyn Work>),
    Close(oneshot::Sender<()>),
}

/// How the sender of an entry hears of it.
pub(super) enum Reply {
    Receipt(Box<dyn FnOnce(Result<Receipt, Error>) + Send>),
    Whole(oneshot::Sender<Result<Appended, StoreError>>),
}

/// Any work on the store; see [`super::Store::write`].
pub(super) trait Work: Send {
    fn run(&mut self, write: &mut Write<'_>);
    fn answer(self: Box<Self>, commit: Result<(), &Failure>);
}

/// What has been done counts; `Ordering::Relaxed` will do for it.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) messages: AtomicU64,
    pub(super) commits: AtomicU64,
    pub(super) failed_commits: AtomicU64,
    pub(super) commit_times: Histogram,
}

/// What the store has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Entries stored.
    pub messages: u64,
    pub commits: u64,
    /// Groups that could not be committed; nothing of them is stored.
    pub failed_commits: u64,
    /// Jobs in the queue now.
    pub waiting: usize,
}

/// The running thread. Dropping the handle waits until it has finished what was accepted.
#[derive(Debug)]
pub(super) struct WriterHandle {
    thread: Option<JoinHandle<()>>,
    counts: Arc<Counts>,
    held_changed: Arc<Notify>,
}

impl WriterHandle {
    pub(super) fn start(
        connection: Connection,
        bus: Bus,
        queue: mpsc::Receiver<Job>,
        path: &Path,
    ) -> Result<Self, OpenError> {
        let unusable = |reason: String| OpenError::Unusable { path: path.to_owned(), reason };
        let mut memory = Memory::new();
        memory.reset(&connection).map_err(|error| unusable(error.to_string()))?;
        let counts = Arc::new(Counts::default());
        let version = data_version(&connection).map_err(|error| unusable(error.to_string()))?;
        let fan_out = FanOut::default();
        let held_changed = Arc::new(Notify::new());
        let writer = Writer {
            connection,
            memory,
            version,
            bus,
            fan_out,
            counts: Arc::clone(&counts),
            held_changed: Arc::clone(&held_changed),
        };
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(queue))
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self { thread: Some(thread), counts, held_changed })
    }

    pub(super) fn held_changed(&self) -> &Notify {
        &self.held_changed
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }
}

impl Drop for WriterHandle {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        // The last handle can go with a reply, on the writer's own thread: it ends by itself then.
        if thread.thread().id() != thread::current().id() {
            // A panic in there has been reported by the thread itself.
            let _ = thread.join();
        }
    }
}

struct Writer {
    connection: Connection,
    memory: Memory,
    /// Changes when another process has written: what memory holds is then out of date.
    version: i64,
    bus: Bus,
    fan_out: FanOut,
    counts: Arc<Counts>,
    /// Told when messages are held.
    held_changed: Arc<Notify>,
}

/// A job that has been run and waits for the commit.
enum Done {
    Append(Result<Stored, StoreError>, Reply),
    Work(Box<dyn Work>),
}

impl Writer {
    fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(GROUP);
        let mut done = Vec::with_capacity(GROUP);
        let mut closing = Vec::new();
        while queue.blocking_recv_many(&mut waiting, GROUP) > 0 {
            self.write_group(waiting.drain(..), &mut done, &mut closing);
            self.file();
            if !closing.is_empty() {
                // What was accepted is still done; nobody else gets in.
                queue.close();
            }
        }
        if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the log was not copied into the database; the next start does it");
        }
        drop(self.connection);
        for closed in closing {
            // Whoever asked may have stopped waiting.
            let _ = closed.send(());
        }
    }

    fn write_group(
        &mut self,
        jobs: impl Iterator<Item = Job>,
        done: &mut Vec<Done>,
        closing: &mut Vec<oneshot::Sender<()>>,
    ) {
        if let Err(failure) = self.begin() {
            closing.extend(jobs.filter_map(|job| job.fail(&failure)));
            return self.give_up(&failure);
        }
        let mut jobs = jobs;
        let mut write = Write::new(&self.connection, &mut self.memory);
        for job in jobs.by_ref() {
            match job {
                Job::Append { append, reply } => {
                    let stored = write.store(append);
                    // Memory and the database may disagree: the next group reads everything again.
                    if let Err(StoreError::Failed(_)) = &stored {
                        self.version = NEVER;
                    }
                    done.push(Done::Append(stored, reply));
                }
                Job::Work(mut work) => {
                    work.run(&mut write);
                    done.push(Done::Work(work));
                }
                Job::Close(sender) => closing.push(sender),
            }
            // Taken back: the commit will fail, and the rest of the jobs with it.
            if self.connection.is_autocommit() {
                break;
            }
        }
        match self.commit() {
            Ok(()) => self.answer(done),
            Err(failure) => {
                closing.extend(jobs.filter_map(|job| job.fail(&failure)));
                self.give_up(&failure);
                done.drain(..).for_each(|done| done.fail(&failure));
            }
        }
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        // Asked inside the transaction: nobody else can write from here on.
        let version = data_version(&self.connection)?;
        if version != self.version {
            self.version = version;
            self.memory.reset(&self.connection).map_err(failure_of)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Failure> {
        let started = Instant::now();
        Write::new(&self.connection, &mut self.memory).flush().map_err(failure_of)?;
        self.connection.prepare_cached("COMMIT")?.execute(())?;
        self.counts.commit_times.observe(started.elapsed());
        Ok(())
    }

    fn answer(&mut self, done: &mut Vec<Done>) {
        let messages = self.memory.appended.len() as u64;
        self.counts.messages.fetch_add(messages, Ordering::Relaxed);
        self.counts.commits.fetch_add(1, Ordering::Relaxed);
        self.fan_out.keep(&self.bus, &self.memory);
        for done in done.drain(..) {
            let entry = done.entry();
            // A reply that panics harms nobody else.
            if catch_unwind(AssertUnwindSafe(|| done.answer(&self.memory))).is_err() {
                tracing::error!("a reply panicked");
            }
            if let Some(index) = entry {
                self.fan_out.wake(index);
            }
        }
        self.fan_out.finish();
        if self.memory.has_held {
            self.held_changed.notify_one();
        }
        self.memory.finish_group();
    }

    fn file(&mut self) {
        if self.version != NEVER
            && let Err(failure) = self.memory.file(&self.connection)
        {
            tracing::error!(%failure, "messages were not filed; the next group tries again");
            self.version = NEVER;
        }
    }

    /// Takes back what is left of a failed transaction, on disk and in memory.
    fn give_up(&mut self, failure: &Failure) {
        self.counts.failed_commits.fetch_add(1, Ordering::Relaxed);
        tracing::error!(%failure, "a group was not committed; nothing of it is stored");
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed transaction was not rolled back");
        }
        // What cannot be read now is read when the next group begins.
        self.version = NEVER;
    }
}

/// No database has this data version.
const NEVER: i64 = -1;

fn data_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("PRAGMA data_version")?.query_row((), |row| row.get(0))
}

fn failure_of(error: StoreError) -> Failure {
    match error {
        StoreError::Failed(failure) => failure,
        StoreError::Refused(error) => Failure::Unreadable { what: "store", reason: error.to_string() },
    }
}

impl Job {
    pub(super) fn work<T, F>(work: F, reply: oneshot::Sender<Result<T, StoreError>>) -> Self
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        Self::Work(Box::new(Task { work: Some(work), result: Err(Failure::Closed.into()), reply }))
    }

    /// Tells its sender. Gives back whoever waits for the end: that still comes.
    pub(super) fn fail(self, failure: &Failure) -> Option<oneshot::Sender<()>> {
        match self {
            Self::Append { reply, .. } => reply.fail(failure),
            Self::Work(work) => work.answer(Err(failure)),
            Self::Close(closed) => return Some(closed),
        }
        None
    }
}

impl Done {
    /// The entry of the group that this job added by itself.
    fn entry(&self) -> Option<usize> {
        match self {
            Self::Append(Ok(Stored::New(index)), _) => Some(*index),
            Self::Append(..) | Self::Work(_) => None,
        }
    }

    fn answer(self, memory: &Memory) {
        match self {
            Self::Work(work) => work.answer(Ok(())),
            Self::Append(Ok(Stored::New(index)), reply) => {
                let logged = &memory.appended[index];
                match reply {
                    Reply::Receipt(reply) => reply(receipt_of(&logged.message).ok_or_else(nameless)),
                    Reply::Whole(reply) => {
                        let (message, cursor) = (logged.message.clone(), logged.cursor);
                        let _ = reply.send(Ok(Appended { message, cursor, repeated: false }));
                    }
                }
            }
            Self::Append(Ok(Stored::Answered(appended)), reply) => match reply {
                Reply::Receipt(reply) => reply(appended.receipt().ok_or_else(nameless)),
                Reply::Whole(reply) => drop(reply.send(Ok(*appended))),
            },
            Self::Append(Err(error), reply) => match reply {
                Reply::Receipt(reply) => {
                    if let StoreError::Failed(failure) = &error {
                        tracing::error!(%failure, "an entry was not stored");
                    }
                    reply(Err(error.public()));
                }
                Reply::Whole(reply) => drop(reply.send(Err(error))),
            },
        }
    }

    fn fail(self, failure: &Failure) {
        match self {
            Self::Append(_, reply) => reply.fail(failure),
            Self::Work(work) => work.answer(Err(failure)),
        }
    }
}

impl Reply {
    fn fail(self, failure: &Failure) {
        let error = StoreError::Failed(failure.clone());
        match self {
            Self::Receipt(reply) => reply(Err(error.public())),
            Self::Whole(reply) => drop(reply.send(Err(error))),
        }
    }
}

/// `submit` lets nothing in without a client key.
fn nameless() -> Error {
    Error::invalid("clientKey", "the sender must name the message")
}

struct Task<T, F> {
    work: Option<F>,
    result: Result<T, StoreError>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Work for Task<T, F>
where
    T: Send + 'static,
    F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
{
    fn run(&mut self, write: &mut Write<'_>) {
        let Some(work) = self.work.take() else { return };
        write.begin();
        self.result = write.atomically(|write| {
            catch_unwind(AssertUnwindSafe(|| work(write))).unwrap_or_else(|_| Err(Failure::Panicked.into()))
        });
    }

    fn answer(self: Box<Self>, commit: Result<(), &Failure>) {
        let answer = match commit {
            Ok(()) => self.result,
            Err(failure) => Err(failure.clone().into()),
        };
        // Whoever asked may have stopped waiting.
        let _ = self.reply.send(answer);
    }
}
