//! The SQL of a query. Its text is made of the tables' own strings; whatever was asked for is a parameter.

use super::{
    field::{Field, Kind, Place as Where},
    query::{Filter, Query, Test, Value},
};
use crate::store::Scope;
use rusqlite::types::Value as Stored;

/// A `WHERE`, with its parameters in order.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Conditions {
    terms: Vec<String>,
    pub(in crate::store) parameters: Vec<Stored>,
}

impl Conditions {
    /// The organization and the filters.
    pub(in crate::store) fn of(query: &Query) -> Self {
        let mut conditions = Self::default();
        if let Scope::Organization(id) = query.scope {
            let place = conditions.bind(Stored::Blob(id.as_bytes().to_vec()));
            conditions.add(query.resource.organization.replace('?', &place));
        }
        for filter in &query.filters {
            let term = conditions.filter(filter);
            conditions.add(term);
        }
        conditions
    }

    /// What comes after the place where the last part ended.
    pub(in crate::store) fn after(&mut self, query: &Query, key: &str) {
        let Some(after) = &query.after else { return };
        let sign = if query.sort.is_descending { '<' } else { '>' };
        let place = self.bind(Stored::Integer(after.key));
        let key = format!("{key} {sign} {place}");
        let Some(value) = &after.value else { return self.add(key) };
        let (value, sql) = (self.bind(value.stored(query.sort.field.is_json())), query.sort.field.sql());
        // The first half is what an index can be entered by.
        self.add(format!("{sql} {sign}= {value} AND ({sql} {sign} {value} OR {key})"));
    }

    pub(in crate::store) fn add(&mut self, term: String) {
        self.terms.push(term);
    }

    /// Keeps a value. Returns how the text refers to it.
    pub(in crate::store) fn bind(&mut self, value: Stored) -> String {
        self.parameters.push(value);
        format!("?{}", self.parameters.len())
    }

    pub(in crate::store) fn sql(&self) -> String {
        if self.terms.is_empty() { "TRUE".to_owned() } else { self.terms.join(" AND ") }
    }

    fn filter(&mut self, filter: &Filter) -> String {
        let Filter { field, below, test } = filter;
        match (field.place, below) {
            (Where::Member(document), Some(below)) => self.below(document, field, below, test),
            (Where::Rows { rows, .. }, _) => {
                let term = self.test(&field.sql(), field.is_json(), test);
                format!("EXISTS (SELECT 1 FROM {rows} AND {term})")
            }
            (Where::Elements(document), _) => {
                let term = self.test(&field.sql(), field.is_json(), test);
                format!("EXISTS (SELECT 1 FROM json_each({document}, '$.{}') e WHERE {term})", field.name)
            }
            (_, _) => self.test(&field.sql(), field.is_json(), test),
        }
    }

    fn test(&mut self, sql: &str, in_json: bool, test: &Test) -> String {
        match test {
            Test::Is(values) => {
                let terms: Vec<String> = values.iter().map(|value| self.equal(sql, in_json, value)).collect();
                // One is what an index is entered by, and the order of its rows is kept.
                match terms.as_slice() {
                    [one] => one.clone(),
                    several => format!("({})", several.join(" OR ")),
                }
            }
            Test::Contains(part) => {
                let part = self.bind(Stored::Text(super::words::folded(part)));
                format!("instr(folded({sql}), {part}) > 0")
            }
            Test::Above(value) => format!("{sql} > {}", self.bind(value.stored(in_json))),
            Test::Below(value) => format!("{sql} < {}", self.bind(value.stored(in_json))),
        }
    }

    fn equal(&mut self, sql: &str, in_json: bool, value: &Value) -> String {
        if *value == Value::Null {
            return format!("{sql} IS NULL");
        }
        format!("{sql} = {}", self.bind(value.stored(in_json)))
    }

    /// Names and values of a map are the user's: a value is compared as the text that JSON has for it, and by size
    /// with numbers where the other one is a number.
    fn below(&mut self, document: &str, map: &Field, below: &str, test: &Test) -> String {
        debug_assert_eq!(map.kind, Kind::Map);
        let path: String = below.split('.').map(|name| format!(".\"{name}\"")).collect();
        let path = self.bind(Stored::Text(format!("$.{}{path}", map.name)));
        let kind = format!("json_type({document}, {path})");
        let value = format!("json_extract({document}, {path})");
        match test {
            Test::Above(Value::Real(_)) | Test::Below(Value::Real(_)) => {
                format!("{kind} IN ('integer', 'real') AND {}", self.test(&value, true, test))
            }
            Test::Is(_) | Test::Contains(_) | Test::Above(_) | Test::Below(_) => {
                let text = format!(
                    "CASE {kind} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST({value} AS TEXT) END"
                );
                self.test(&text, true, test)
            }
        }
    }
}
