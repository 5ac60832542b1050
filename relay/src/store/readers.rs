//! Connections for reading: a few, opened when needed, each used by one piece of work at a time.

use super::{Failure, Read, StoreError, connection};
use rusqlite::Connection;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// Reads at the same time. Reading is work for the processor (the file is in the system's cache), so a few
/// cover the machines this runs on; each keeps up to 2 MiB of pages.
const READERS: usize = 4;

#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default(), places: Arc::new(Semaphore::new(READERS)) }
    }

    /// Runs `work` in a read transaction, off the async threads.
    pub(super) async fn run<T, F>(self: Arc<Self>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Failure::Closed)?;
        let reading = tokio::task::spawn_blocking(move || {
            let answer = self.run_here(work);
            drop(place);
            answer
        });
        reading.await.map_err(|_| Failure::Panicked)?
    }

    fn run_here<T>(&self, work: impl FnOnce(&Read<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connection::open_reader(&self.path)?,
        };
        let view = connection.unchecked_transaction()?;
        let answer = work(&Read::new(&view));
        view.finish()?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        answer
    }
}
