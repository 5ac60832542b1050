//! Brings a database to the schema of this version. A migration is never edited, only followed by another.

use rusqlite::{Connection, TransactionBehavior};

/// In order; the first is version 1. `user_version` counts those that were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_initial.sql"),
    include_str!("../../migrations/sqlite/0002_identity.sql"),
    include_str!("../../migrations/sqlite/0003_sign_in.sql"),
    include_str!("../../migrations/sqlite/0004_webhooks.sql"),
    include_str!("../../migrations/sqlite/0005_files.sql"),
    include_str!("../../migrations/sqlite/0006_lists.sql"),
    include_str!("../../migrations/sqlite/0007_outbound.sql"),
    include_str!("../../migrations/sqlite/0008_erasure.sql"),
    include_str!("../../migrations/sqlite/0009_links.sql"),
    include_str!("../../migrations/sqlite/0010_audit.sql"),
];

/// The schema version of this relay.
pub(super) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("a handful of migrations")
}

/// The schema version of the database; 0 for an empty one.
pub(super) fn found_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", (), |row| row.get(0))
}

/// Applies what is missing, each migration in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    for (version, sql) in (1i64..).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read inside the transaction: another process may be doing the same.
        if found_version(&transaction)? < version {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", version)?;
            transaction.commit()?;
        }
    }
    Ok(())
}
