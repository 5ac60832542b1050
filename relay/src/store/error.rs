//! Why the store did not do something: what the client may be told, and what only the log may know.

use rusqlite::Error as SqliteError;
use shared::{Error, ErrorCode};
use std::{path::PathBuf, sync::Arc};

#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The request cannot be met; tell the client.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The store could not do its part; log it and answer `unavailable`.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// What went wrong inside. Its text never leaves the relay.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    #[error("database: {0}")]
    Database(Arc<SqliteError>),
    #[error("stored {what} cannot be read: {reason}")]
    Unreadable { what: &'static str, reason: String },
    #[error("the database has taken the transaction back")]
    TakenBack,
    #[error("the work on the store panicked")]
    Panicked,
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// About this member of the request, or one below it where a member is named already.
    pub(crate) fn within(self, member: &str) -> Self {
        match self {
            Self::Refused(error) => {
                let field =
                    error.field.iter().fold(member.to_owned(), |path, field| format!("{path}.{field}"));
                Self::Refused(error.with_field(field))
            }
            Self::Failed(_) => self,
        }
    }

    /// What the client is told: the refusal, or `unavailable` without a word about the inside.
    #[must_use]
    pub fn public(&self) -> Error {
        match self {
            Self::Refused(error) => error.clone(),
            Self::Failed(_) => Error::new(ErrorCode::Unavailable, "the relay cannot store or read this now"),
        }
    }
}

impl From<SqliteError> for Failure {
    fn from(error: SqliteError) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl From<SqliteError> for StoreError {
    fn from(error: SqliteError) -> Self {
        Self::Failed(error.into())
    }
}

/// Why a store cannot be opened, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the database {path} cannot be opened: {reason}; check that its directory exists and can be written to"
    )]
    Unusable { path: PathBuf, reason: String },
    #[error(
        "the database {path} has version {found}, this relay knows up to {known}; start the relay version that wrote it, or a newer one"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the database {path} is in use by another relay; stop that one or choose another data directory")]
    InUse { path: PathBuf },
}
