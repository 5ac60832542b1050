//! A copy of the whole database while a relay writes to it, the way back, and what can be told of a database
//! without opening it as a store.

use super::{OpenError, connection, migrations, sql};
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};
use shared::Millis;
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Why there is no copy, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("there is no database {0}; check --data-dir")]
    NoDatabase(PathBuf),
    #[error("{0} exists; a backup replaces nothing: choose another name")]
    Exists(PathBuf),
    #[error("{0} exists; --force puts it aside and restores")]
    HasDatabase(PathBuf),
    #[error("{path} is no sound database of a relay: {reason}; take another backup")]
    Unsound { path: PathBuf, reason: String },
    #[error("{path} cannot be copied: {reason}")]
    Database { path: PathBuf, reason: String },
    #[error("{path} cannot be read or written: {reason}; check its directory and the space on the disk")]
    File { path: PathBuf, reason: io::Error },
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// What a database says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The version of its schema.
    pub version: i64,
    /// The version that this relay knows.
    pub known: i64,
    /// What SQLite finds wrong with it.
    pub fault: Option<String>,
    /// When its newest message was written.
    pub newest: Option<Millis>,
}

/// Writes what is committed in `database` at this moment to the new file `to`. A relay may write meanwhile, and is
/// not held up.
///
/// # Errors
/// One line that names the file. `to` is then not there.
pub fn back_up(database: &Path, to: &Path) -> Result<(), CopyError> {
    if !database.exists() {
        return Err(CopyError::NoDatabase(database.to_owned()));
    }
    // The name is taken first, so that nobody's file is ever replaced; the content comes under another name, so
    // that half a backup is never taken for one.
    create_new(to)?;
    let part = beside(to, "part");
    let copied = copy(database, &part).and_then(|()| {
        check(&part)?;
        rename(&part, to)
    });
    if copied.is_err() {
        let _ = fs::remove_file(&part);
        let _ = fs::remove_file(to);
    }
    copied
}

/// Puts a backup in the place of `database`, which no relay may have open. What is there is put aside, as
/// `….replaced`, and only with `force`.
///
/// # Errors
/// One line that names the file. `database` is then as it was, or beside its place as `….replaced`.
pub fn restore(backup: &Path, database: &Path, force: bool) -> Result<(), CopyError> {
    check(backup)?;
    let _lock = connection::lock(database)?;
    if database.exists() && !force {
        return Err(CopyError::HasDatabase(database.to_owned()));
    }
    let part = beside(database, "part");
    if part.exists() {
        remove(&part)?;
    }
    copy(backup, &part)?;
    // With what SQLite keeps beside it: the log may hold the latest messages.
    for suffix in ["", "-wal", "-shm"] {
        let (old, aside) = (beside(database, suffix), beside(&beside(database, "replaced"), suffix));
        if old.exists() {
            rename(&old, &aside)?;
        } else if aside.exists() {
            // Of an earlier restore: beside another database it would be wrong.
            remove(&aside)?;
        }
    }
    rename(&part, database)
}

/// The version of a database's schema; 0 where there is none.
///
/// # Errors
/// One line that names the file.
pub fn version(database: &Path) -> Result<i64, OpenError> {
    if !database.exists() {
        return Ok(0);
    }
    let found =
        connection::open_reader(database).and_then(|connection| migrations::found_version(&connection));
    found.map_err(|error| unusable(database, &error))
}

/// Looks at every page.
///
/// # Errors
/// One line that names the file, when it cannot be read at all.
pub fn inspect(database: &Path) -> Result<Inspection, OpenError> {
    let unusable = |error: rusqlite::Error| unusable(database, &error);
    let connection = connection::open_reader(database).map_err(unusable)?;
    let version = migrations::found_version(&connection).map_err(unusable)?;
    let fault = fault(&connection).map_err(unusable)?;
    let newest =
        connection.query_row("SELECT created_at FROM messages ORDER BY pos DESC LIMIT 1", (), |row| {
            sql::millis(row, 0)
        });
    Ok(Inspection { version, known: migrations::known_version(), fault, newest: newest.ok() })
}

/// Copies all pages in one step: one read transaction, so that it is one moment's state however long it takes.
fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    let failed =
        |error: rusqlite::Error| CopyError::Database { path: from.to_owned(), reason: error.to_string() };
    create_new(to)?;
    let source = connection::open_reader(from).map_err(failed)?;
    let mut target = Connection::open(to).map_err(failed)?;
    let step = Backup::new(&source, &mut target).and_then(|backup| backup.step(-1)).map_err(failed)?;
    if !matches!(step, StepResult::Done) {
        let reason = "it is locked; try again".to_owned();
        return Err(CopyError::Database { path: from.to_owned(), reason });
    }
    // One file, without a log beside it.
    target.pragma_update(None, "journal_mode", "delete").map_err(failed)?;
    drop(target);
    File::open(to).and_then(|file| file.sync_all()).map_err(|reason| file_error(to, reason))
}

/// Refuses what is no database, damaged, or from a newer relay.
fn check(path: &Path) -> Result<(), CopyError> {
    let unsound = |reason: String| CopyError::Unsound { path: path.to_owned(), reason };
    fs::metadata(path).map_err(|reason| file_error(path, reason))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| unsound(error.to_string()))?;
    let version = migrations::found_version(&connection).map_err(|error| unsound(error.to_string()))?;
    let known = migrations::known_version();
    match version {
        0 => return Err(unsound("nothing is in it".to_owned())),
        found if found > known => {
            return Err(OpenError::Newer { path: path.to_owned(), found, known }.into());
        }
        _ => {}
    }
    match fault(&connection).map_err(|error| unsound(error.to_string()))? {
        Some(fault) => Err(unsound(fault)),
        None => Ok(()),
    }
}

/// What SQLite finds wrong, the first of it.
fn fault(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let found: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
    if found != "ok" {
        return Ok(Some(found.replace('\n', ", ")));
    }
    let mut orphans = connection.prepare("PRAGMA foreign_key_check")?;
    let mut orphans = orphans.query(())?;
    let first = orphans.next()?.map(|row| row.get::<_, String>(0)).transpose()?;
    Ok(first.map(|table| format!("a row of {table} refers to one that is not there")))
}

fn create_new(path: &Path) -> Result<(), CopyError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(CopyError::Exists(path.to_owned())),
        Err(error) => Err(file_error(path, error)),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), CopyError> {
    fs::rename(from, to).map_err(|reason| file_error(to, reason))?;
    // The name is on the disk when its directory is.
    let directory = to.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|file| file.sync_all()).map_err(|reason| file_error(directory, reason))
}

fn remove(path: &Path) -> Result<(), CopyError> {
    fs::remove_file(path).map_err(|reason| file_error(path, reason))
}

/// `relay.db` and `part` make `relay.db.part`; what SQLite adds begins with a hyphen.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    if !suffix.is_empty() && !suffix.starts_with('-') {
        name.push(".");
    }
    name.push(suffix);
    name.into()
}

fn unusable(path: &Path, error: &rusqlite::Error) -> OpenError {
    OpenError::Unusable { path: path.to_owned(), reason: error.to_string() }
}

fn file_error(path: &Path, reason: io::Error) -> CopyError {
    CopyError::File { path: path.to_owned(), reason }
}
