//! Messages are stored first and filed later, by the thousand: only then do the tables by conversation have them
//! (the schema says why). Until then the writer knows their client keys itself, and a reader finds them at
//! the end of the table.

use super::{
    Failure,
    sql::{count, integer, name},
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use shared::ClientKey;
use std::collections::HashMap;

/// Messages that are filed together. A conversation's page is then written once for all it got in between;
/// a reader looks through at most these and one group more (a few hundred microseconds).
const TOGETHER: u64 = 4096;
/// Messages that lists and the index of words get together. The more there are, the less is written twice, and the longer
/// senders wait: about twenty milliseconds. Lists and searches look through as many and one group more.
const LISTED_TOGETHER: u64 = 4096;

#[derive(Debug, Default)]
pub(super) struct Filing {
    /// The last position that is filed.
    up_to: u64,
    /// The last position that lists and the index of words have.
    listed_up_to: u64,
    /// Client keys of what is not, by conversation (its key in the database), and their positions.
    unfiled: HashMap<(i64, ClientKey), u64>,
}

impl Filing {
    pub(super) fn reset(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.unfiled.clear();
        (self.up_to, self.listed_up_to) = connection
            .prepare_cached("SELECT up_to, listed_up_to FROM filing")?
            .query_row((), |row| Ok((count(row, 0)?, count(row, 1)?)))?;
        let mut statement = connection.prepare_cached(
            "SELECT conversation, client_key, pos FROM messages WHERE pos > ?1 AND client_key IS NOT NULL",
        )?;
        let mut rows = statement.query([integer(self.up_to)])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let key = name("client key", text, |text| text.parse().ok())?;
            self.unfiled.insert((row.get(0)?, key), count(row, 2)?);
        }
        Ok(())
    }

    /// Where the entry is that this conversation has under this client key.
    pub(super) fn keyed(
        &self,
        connection: &Connection,
        name: &(i64, ClientKey),
    ) -> Result<Option<u64>, Failure> {
        if let Some(position) = self.unfiled.get(name) {
            return Ok(Some(*position));
        }
        let mut statement = connection
            .prepare_cached("SELECT pos FROM message_keys WHERE conversation = ?1 AND client_key = ?2")?;
        let (conversation, client_key) = name;
        Ok(statement.query_row(params![conversation, client_key.as_str()], |row| count(row, 0)).optional()?)
    }

    pub(super) fn note_key(&mut self, name: (i64, ClientKey), position: u64) {
        self.unfiled.insert(name, position);
    }

    /// Forgets what came after this position: it was taken back.
    pub(super) fn undo(&mut self, last_position: u64) {
        self.unfiled.retain(|_, position| *position <= last_position);
    }

    /// Forgets the client keys of a conversation that is gone.
    pub(super) fn forget(&mut self, conversation: i64) {
        self.unfiled.retain(|(of, _), _| *of != conversation);
    }

    /// Files everything up to `last_position`, when that is enough to be worth it.
    pub(super) fn file(&mut self, connection: &Connection, last_position: u64) -> Result<(), Failure> {
        if last_position.saturating_sub(self.up_to) < TOGETHER {
            return Ok(());
        }
        // Another process may have filed some of it by now, so the database says where to begin. Sorted as the tables
        // are: neighbours are then written together. `OR FAIL`: the transaction is the way back, a journal of the
        // statement's own would only cost.
        let steps = [
            "INSERT OR FAIL INTO message_places (conversation, seq, pos)
             SELECT conversation, seq, pos FROM messages
             WHERE pos > (SELECT up_to FROM filing) AND pos <= ?1 ORDER BY conversation, seq",
            "INSERT OR FAIL INTO message_keys (conversation, client_key, pos)
             SELECT conversation, client_key, pos FROM messages
             WHERE pos > (SELECT up_to FROM filing) AND pos <= ?1 AND client_key IS NOT NULL
             ORDER BY conversation, client_key",
            "UPDATE filing SET up_to = max(up_to, ?1)",
        ];
        carry_out(connection, &steps, last_position)?;
        self.up_to = last_position;
        self.unfiled.clear();
        Ok(())
    }

    /// Brings lists and the index of words up to `last_position`, when that is enough to be worth it.
    pub(super) fn list(&mut self, connection: &Connection, last_position: u64) -> Result<(), Failure> {
        if last_position.saturating_sub(self.listed_up_to) < LISTED_TOGETHER {
            return Ok(());
        }
        let steps = [
            "INSERT INTO conversation_lists (key, organization, status, assignee, category, updated_at)
             SELECT c.key, c.organization, c.status, c.assignee, c.category, h.updated_at
             FROM conversations c JOIN conversation_heads h ON h.conversation = c.key
             WHERE c.key IN (SELECT conversation FROM messages
                             WHERE pos > (SELECT listed_up_to FROM filing) AND pos <= ?1)
             ON CONFLICT (key) DO UPDATE SET status = excluded.status, assignee = excluded.assignee,
                 category = excluded.category, updated_at = excluded.updated_at",
            "INSERT INTO message_words (rowid, text)
             SELECT word_row, char(57344) || organization || ' ' || text FROM spoken_messages
             WHERE pos > (SELECT listed_up_to FROM filing) AND pos <= ?1 ORDER BY word_row",
            "UPDATE filing SET listed_up_to = max(listed_up_to, ?1)",
        ];
        carry_out(connection, &steps, last_position)?;
        self.listed_up_to = last_position;
        Ok(())
    }
}

fn carry_out(connection: &Connection, steps: &[&str], last_position: u64) -> Result<(), Failure> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    for sql in steps {
        transaction.prepare_cached(sql)?.execute([integer(last_position)])?;
    }
    Ok(transaction.commit()?)
}
