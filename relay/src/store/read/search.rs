//! Conversations in which something was said: what is filed by the index of words, what is not yet by reading it.

use super::{Read, lists::THERE};
use crate::store::{
    Scope, StoreError,
    lists::{Conditions, Place, Query, Wanted},
};
use rusqlite::{Rows, params_from_iter, types::Value as Stored};
use std::{collections::BTreeSet, iter::Peekable};

/// What a row of the index is divided by: the rest is the message's seq.
const SEQS: i64 = 1 << 24;
/// Conversations found are counted up to this many, as a whole page has: each is looked up, which takes longer than finding it.
const FOUND: u64 = 200;

impl Read<'_> {
    /// How many conversations have a message with all the words, and where the ones of this part are.
    pub(super) fn search(
        &self,
        query: &Query,
        words: &str,
        from: &str,
    ) -> Result<(u64, Vec<Place>), StoreError> {
        let Some(wanted) = Wanted::of(words) else { return Ok((0, vec![])) };
        let unfiled = self.unfiled_with(query.scope, &wanted)?;
        let first = Query { after: None, ..query.clone() };
        let mut total = 0;
        self.each_with(&first, &wanted, &unfiled, from, |_| {
            total += 1;
            total < FOUND
        })?;
        let (mut places, mut skipped) = (Vec::new(), 0);
        self.each_with(query, &wanted, &unfiled, from, |key| {
            if skipped < query.offset {
                skipped += 1;
            } else {
                places.push(Place { value: None, key });
            }
            places.len() <= query.limit as usize
        })?;
        Ok((total, places))
    }

    /// Gives the keys of the conversations, in order and each once, until `take` has enough.
    fn each_with(
        &self,
        query: &Query,
        wanted: &Wanted,
        unfiled: &BTreeSet<i64>,
        from: &str,
        mut take: impl FnMut(i64) -> bool,
    ) -> Result<(), StoreError> {
        let mut conditions = Conditions::of(query);
        let place = conditions.bind(Stored::Null);
        let sql = format!("SELECT 1 FROM {from} WHERE l.key = {place} AND {THERE} AND {}", conditions.sql());
        let mut fits = self.connection.prepare_cached(&sql)?;

        let is_descending = query.sort.is_descending;
        let after = query.after.as_ref().map(|place| place.key);
        let (bound, order) = if is_descending { ("<", "DESC") } else { (">=", "ASC") };
        let sql = format!(
            "SELECT rowid FROM message_words WHERE message_words MATCH ?1 AND rowid {bound} ?2 ORDER BY rowid {order}"
        );
        let start = match (after, is_descending) {
            (Some(key), true) => key * SEQS,
            (Some(key), false) => (key + 1) * SEQS,
            (None, true) => i64::MAX,
            (None, false) => 0,
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let expression = self.expression(query.scope, wanted)?;
        let mut filed = statement.query(rusqlite::params![expression, start])?;

        let is_ahead =
            |key: i64| after.is_none_or(|after| if is_descending { key < after } else { key > after });
        let ascending = unfiled.iter().copied().filter(|key| is_ahead(*key));
        let unfiled: Vec<i64> = if is_descending { ascending.rev().collect() } else { ascending.collect() };
        let mut unfiled = unfiled.into_iter().peekable();

        let mut next_filed = next_conversation(&mut filed, None)?;
        while let Some(key) = nearest(next_filed, &mut unfiled, is_descending) {
            if next_filed == Some(key) {
                next_filed = next_conversation(&mut filed, next_filed)?;
            }
            *conditions.parameters.last_mut().expect("the key was bound last") = Stored::Integer(key);
            if fits.exists(params_from_iter(&conditions.parameters))? && !take(key) {
                break;
            }
        }
        Ok(())
    }

    /// The words, among those of the organization.
    fn expression(&self, scope: Scope, wanted: &Wanted) -> Result<String, StoreError> {
        let words = wanted.expression();
        let Scope::Organization(id) = scope else { return Ok(words) };
        let mut statement = self.connection.prepare_cached("SELECT key FROM organizations WHERE id = ?1")?;
        let key: i64 = statement.query_row([id.as_bytes()], |row| row.get(0))?;
        Ok(format!("\"\u{e000}{key}\" AND {words}"))
    }

    /// The conversations that have such a message at the end of the table.
    fn unfiled_with(&self, scope: Scope, wanted: &Wanted) -> Result<BTreeSet<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT conversation, text FROM spoken_messages WHERE pos > (SELECT listed_up_to FROM filing)
             AND (?1 IS NULL OR organization = (SELECT key FROM organizations WHERE id = ?1))",
        )?;
        let mut rows = statement.query([scope.parameter()])?;
        let mut found = BTreeSet::new();
        while let Some(row) = rows.next()? {
            if wanted.are_in(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?) {
                found.insert(row.get(0)?);
            }
        }
        Ok(found)
    }
}

/// The conversation of the next row that is not of `last`.
fn next_conversation(rows: &mut Rows<'_>, last: Option<i64>) -> rusqlite::Result<Option<i64>> {
    while let Some(row) = rows.next()? {
        let conversation = row.get::<_, i64>(0)? / SEQS;
        if Some(conversation) != last {
            return Ok(Some(conversation));
        }
    }
    Ok(None)
}

/// The one that comes first of both; taken from `unfiled` where that has it.
fn nearest(
    filed: Option<i64>,
    unfiled: &mut Peekable<impl Iterator<Item = i64>>,
    is_descending: bool,
) -> Option<i64> {
    let Some(filed) = filed else { return unfiled.next() };
    let comes_first = |key: &i64| if is_descending { *key >= filed } else { *key <= filed };
    unfiled.next_if(comes_first).or(Some(filed))
}
