//! Opens SQLite connections with the settings that durability and speed rest on.

use super::{OpenError, StoreOptions, lists::folded, migrations};
use rusqlite::{Connection, OpenFlags, functions::FunctionFlags};
use std::{
    fs::{File, TryLockError},
    path::Path,
    time::Duration,
};

/// How long a connection waits for another process that writes (the command line beside a running relay).
const BUSY: Duration = Duration::from_secs(5);
/// Page cache of the writer, KiB: the upper levels of every index and the leaves being filled.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of one reader, KiB.
const READER_CACHE_KIB: i64 = 2 * 1024;
/// Pages (4 KiB) of the log after which it is copied back into the database: 32 MiB, eight times the default.
/// A page that changes in every commit is then copied once in eight times as many, and the file stays small.
const CHECKPOINT_PAGES: i64 = 8192;
/// The log file is cut back to this many bytes after a burst during which a reader held it open.
const LOG_FILE_BYTES: i64 = 64 * 1024 * 1024;
/// Statements kept prepared; there are about fifty.
const STATEMENTS: usize = 96;

/// The connection that writes, with the schema of this version.
pub(super) fn open_writer(options: &StoreOptions) -> Result<Connection, OpenError> {
    let path = &options.path;
    let unusable =
        |error: rusqlite::Error| OpenError::Unusable { path: path.clone(), reason: error.to_string() };
    let mut connection = Connection::open(path).map_err(unusable)?;
    connection.busy_timeout(BUSY).map_err(unusable)?;
    // Before anything is written: a database from a newer version is left exactly as it is.
    let (found, known) =
        (migrations::found_version(&connection).map_err(unusable)?, migrations::known_version());
    if found > known {
        return Err(OpenError::Newer { path: path.clone(), found, known });
    }
    configure_writer(&connection).map_err(unusable)?;
    migrations::migrate(&mut connection).map_err(unusable)?;
    Ok(connection)
}

/// Claims the database for this process, by a lock on a file beside it that ends with the process.
pub(super) fn lock(path: &Path) -> Result<File, OpenError> {
    let beside = path.with_extension("lock");
    let unusable =
        |error: std::io::Error| OpenError::Unusable { path: path.to_owned(), reason: error.to_string() };
    let file = File::options().create(true).truncate(false).write(true).open(beside).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// A connection that cannot write.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
    )?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.create_scalar_function(
        "folded",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| Ok(context.get_raw(0).as_str_or_null()?.map(folded)),
    )?;
    Ok(connection)
}

fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A commit is on the disk before anybody is told of it.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_FILE_BYTES)?;
    // A failing disk under a memory map is a signal that kills the process, under read() it is an error.
    connection.pragma_update(None, "mmap_size", 0)?;
    // What is deleted is overwritten where its page is written anyway.
    connection.pragma_update(None, "secure_delete", "fast")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}
