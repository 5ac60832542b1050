//! Parts of lists: first where they are, by an index where there is one, then what is there.

use super::{
    Read,
    rows::{CONVERSATION_COLUMNS, CONVERSATIONS, conversation},
};
use crate::{
    model::Conversation,
    store::{
        Record, StoreError,
        lists::{COUNTED, Conditions, Found, Place, Query, Test, Value},
        sql::{count, document, integer},
    },
};
use rusqlite::{params_from_iter, types::Value as Stored};
use shared::{MessageId, message::Message};
use std::cmp::Ordering;

/// Conversations by what is up to date in their own rows.
const MADE: &str = "conversations l LEFT JOIN conversations c ON c.key = l.key";
/// In rows of their own are also those that are being erased.
pub(super) const THERE: &str = "l.status <> 'erased'";
/// Those that notified an inbox, in the order of their making.
const NOTIFIED: &str = "conversation_channels n CROSS JOIN conversations l ON l.key = n.conversation \
     LEFT JOIN conversations c ON c.key = l.key";
/// Conversations as they were filed.
const FILED: &str = "conversation_lists l LEFT JOIN conversations c ON c.key = l.key";
/// The ones that something was said in since.
const TAIL: &str = "SELECT t.conversation FROM messages t WHERE t.pos > (SELECT listed_up_to FROM filing)";
const UNFILED: &str = "(SELECT u.key, u.organization, u.status, u.assignee, u.category, h.updated_at
     FROM conversations u JOIN conversation_heads h ON h.conversation = u.key
     WHERE u.key IN (SELECT t.conversation FROM messages t WHERE t.pos > (SELECT listed_up_to FROM filing))) l
     LEFT JOIN conversations c ON c.key = l.key";

const MESSAGES: &str = "messages m LEFT JOIN conversations c ON c.key = m.conversation";

/// The members that conversations are counted by as they change.
const COUNTED_AS_THEY_COME: [&str; 4] = ["status", "assignee", "category", "channel"];

impl Read<'_> {
    /// # Errors
    /// A failure of the database.
    pub fn list<R: Record>(&self, query: &Query) -> Result<Found<R>, StoreError> {
        let conditions = Conditions::of(query);
        let most = if query.filters.is_empty() { u32::MAX } else { COUNTED };
        let total = self.count(R::SQL.table, &conditions, most)?;
        let places = self.places(query, (R::SQL.table, query.resource.key), conditions)?;
        found(query, total, places, |key| {
            let mut statement = self.connection.prepare_cached(R::SQL.by_key)?;
            let text: String = statement.query_row([key], |row| row.get(0))?;
            Ok(Some(document(R::KIND, &text)?))
        })
    }

    /// # Errors
    /// A failure of the database.
    pub fn conversations(&self, query: &Query) -> Result<Found<Conversation>, StoreError> {
        let load = |key| self.conversation_at(key).map(Some);
        if let Some(words) = &query.words {
            let (total, places) = self.search(query, words, MADE)?;
            return found(query, total, places, load);
        }
        let known = self.known_count(query)?;
        if !query.is_by_value() && !query.filters_by("updatedAt") {
            let mut conditions = Conditions::of(query);
            conditions.add(THERE.to_owned());
            let (from, key) = match only_channel(query) {
                Some(channel) => {
                    let place = conditions.bind(channel.stored(false));
                    conditions.add(format!("n.channel = {place}"));
                    // The same as the conversation's own, and what the rows are in the order of.
                    (NOTIFIED, "n.conversation")
                }
                None => (MADE, query.resource.key),
            };
            let total = known.map_or_else(|| self.count(from, &conditions, COUNTED), Ok)?;
            return found(query, total, self.places(query, (from, key), conditions)?, load);
        }
        let mut filed = Conditions::of(query);
        filed.add(format!("l.key NOT IN ({TAIL})"));
        let unfiled = Conditions::of(query);
        let total = match known {
            Some(total) => total,
            None => {
                let total = self.count(FILED, &filed, COUNTED)? + self.count(UNFILED, &unfiled, COUNTED)?;
                total.min(u64::from(COUNTED))
            }
        };
        // Either side may have all of the part.
        let whole = Query { limit: query.limit.saturating_add(query.offset), offset: 0, ..query.clone() };
        let mut places = self.places(&whole, (FILED, query.resource.key), filed)?;
        places.extend(self.places(&whole, (UNFILED, query.resource.key), unfiled)?);
        places.sort_by(|one, other| {
            let order = by_value(one, other);
            if query.sort.is_descending { order.reverse() } else { order }
        });
        let places = places.into_iter().skip(query.offset as usize).take(query.limit as usize + 1).collect();
        found(query, total, places, load)
    }

    /// # Errors
    /// A failure of the database.
    pub fn message_list(&self, query: &Query) -> Result<Found<Message>, StoreError> {
        let mut conditions = Conditions::of(query);
        // By conversation, messages are found where they are filed, and at the end of the table.
        for filter in query.filters.iter().filter(|filter| filter.field.name == "conversation") {
            let Test::Is(ids) = &filter.test else { continue };
            let ids: Vec<String> = ids.iter().map(|id| conditions.bind(id.stored(false))).collect();
            let keys = format!("(SELECT k.key FROM conversations k WHERE k.id IN ({}))", ids.join(", "));
            conditions.add(format!(
                "m.pos IN (SELECT p.pos FROM message_places p WHERE p.conversation IN {keys} UNION ALL
                           SELECT u.pos FROM messages u
                           WHERE u.pos > (SELECT up_to FROM filing) AND u.conversation IN {keys})"
            ));
        }
        for filter in query.filters.iter().filter(|filter| filter.field.name == "id") {
            let Test::Is(ids) = &filter.test else { continue };
            let mut positions = Vec::new();
            for id in ids {
                let Value::Id(bytes) = id else { continue };
                if let Some(position) = self.position_of(MessageId::from_bytes(*bytes))? {
                    positions.push(conditions.bind(Stored::Integer(integer(position))));
                }
            }
            conditions.add(format!("m.pos IN ({})", positions.join(", ")));
        }
        let total = self.count(MESSAGES, &conditions, COUNTED)?;
        let places = self.places(query, (MESSAGES, query.resource.key), conditions)?;
        found(query, total, places, |pos| Ok(self.at(pos.cast_unsigned())?.map(|logged| logged.message)))
    }

    /// Where the records of this part are, in order; one more than was asked for where there are more.
    fn places(
        &self,
        query: &Query,
        (from, key): (&str, &str),
        mut conditions: Conditions,
    ) -> Result<Vec<Place>, StoreError> {
        conditions.after(query, key);
        let limit = conditions.bind(Stored::Integer(i64::from(query.limit) + 1));
        let offset = conditions.bind(Stored::Integer(i64::from(query.offset)));
        let direction = if query.sort.is_descending { "DESC" } else { "ASC" };
        let (value, order) = if query.is_by_value() {
            let value = query.sort.field.sql();
            let order = format!("{value} {direction}, {key} {direction}");
            (value, order)
        } else {
            ("NULL".to_owned(), format!("{key} {direction}"))
        };
        let sql = format!(
            "SELECT {key}, {value} FROM {from} WHERE {} ORDER BY {order} LIMIT {limit} OFFSET {offset}",
            conditions.sql()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let places = statement.query_map(params_from_iter(&conditions.parameters), |row| {
            let value = if query.is_by_value() { Some(Value::of_order(row.get(1)?)) } else { None };
            Ok(Place { value, key: row.get(0)? })
        })?;
        Ok(places.collect::<rusqlite::Result<_>>()?)
    }

    fn count(&self, from: &str, conditions: &Conditions, most: u32) -> Result<u64, StoreError> {
        let sql =
            format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} LIMIT {most})", conditions.sql());
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(&conditions.parameters), |row| count(row, 0))?)
    }

    /// How many conversations there are, where that has been counted as they came.
    fn known_count(&self, query: &Query) -> Result<Option<u64>, StoreError> {
        let (member, value) = match query.filters.as_slice() {
            [] => ("status", None),
            [filter] if COUNTED_AS_THEY_COME.contains(&filter.field.name) => match &filter.test {
                Test::Is(values) => match values.as_slice() {
                    [value] if *value != Value::Null => (filter.field.name, Some(value.stored(false))),
                    _ => return Ok(None),
                },
                Test::Contains(_) | Test::Above(_) | Test::Below(_) => return Ok(None),
            },
            _ => return Ok(None),
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT ifnull(sum(count), 0) FROM conversation_counts
             WHERE member = ?1 AND (value = ?2 OR (?2 IS NULL AND value IN ('queued', 'active', 'closed')))
               AND (?3 IS NULL OR organization = ?3)",
        )?;
        let total = statement
            .query_row(rusqlite::params![member, value, query.scope.parameter()], |row| count(row, 0))?;
        Ok(Some(total))
    }

    fn conversation_at(&self, key: i64) -> Result<Conversation, StoreError> {
        let sql = format!("SELECT {CONVERSATION_COLUMNS} FROM {CONVERSATIONS} WHERE c.key = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([key])?;
        conversation(rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
    }
}

/// The inbox of a list that is filtered by one.
fn only_channel(query: &Query) -> Option<&Value> {
    let filter = query.filters.iter().find(|filter| filter.field.name == "channel")?;
    match &filter.test {
        Test::Is(values) => values.first().filter(|value| values.len() == 1 && **value != Value::Null),
        Test::Contains(_) | Test::Above(_) | Test::Below(_) => None,
    }
}

/// Times are the only values that both sides of a conversation list are sorted by.
fn by_value(one: &Place, other: &Place) -> Ordering {
    let time = |place: &Place| match place.value {
        Some(Value::Number(time)) => time,
        _ => 0,
    };
    (time(one), one.key).cmp(&(time(other), other.key))
}

/// The part with what is at its places.
fn found<T>(
    query: &Query,
    total: u64,
    mut places: Vec<Place>,
    load: impl Fn(i64) -> Result<Option<T>, StoreError>,
) -> Result<Found<T>, StoreError> {
    let has_more = places.len() > query.limit as usize;
    places.truncate(query.limit as usize);
    let next = if has_more { places.last().cloned() } else { None };
    // What is being erased has a place and is not there.
    let items = places.iter().filter_map(|place| load(place.key).transpose()).collect::<Result<_, _>>()?;
    Ok(Found { items, total, next })
}
