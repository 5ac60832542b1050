//! Conversations: one, and a filtered list.

use super::{
    Listed, Page, Read,
    rows::{CONVERSATION_COLUMNS, CONVERSATIONS, conversation},
};
use crate::{
    model::Conversation,
    store::{
        Scope, StoreError,
        sql::{count, integer},
    },
};
use rusqlite::{ToSql, params, params_from_iter};
use shared::{ChannelId, ContactId, ConversationId, Error, Millis, UserId, conversation::Status};

/// Which conversations a list shows; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    pub status: Option<Status>,
    pub assignee: Option<UserId>,
    pub category: Option<String>,
    pub contact: Option<ContactId>,
    /// An inbox that was notified.
    pub channel: Option<ChannelId>,
    /// Changed later than this.
    pub updated_after: Option<Millis>,
    /// Changed earlier than this.
    pub updated_before: Option<Millis>,
}

impl Read<'_> {
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn conversation(&self, scope: Scope, id: ConversationId) -> Result<Conversation, StoreError> {
        let sql = format!(
            "SELECT {CONVERSATION_COLUMNS} FROM {CONVERSATIONS} WHERE c.id = ?1 AND (?2 IS NULL OR c.organization = ?2)"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![id.as_bytes(), scope.parameter()])?;
        match rows.next()? {
            Some(row) => conversation(row),
            None => Err(Error::not_found("conversation", id).into()),
        }
    }

    /// Whether it is there, without reading it.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn check_conversation(&self, scope: Scope, id: ConversationId) -> Result<(), StoreError> {
        let mut owned = self.connection.prepare_cached(
            "SELECT 1 FROM conversations WHERE id = ?1 AND (?2 IS NULL OR organization = ?2)",
        )?;
        if owned.exists(params![id.as_bytes(), scope.parameter()])? {
            return Ok(());
        }
        Err(Error::not_found("conversation", id).into())
    }

    /// # Errors
    /// A failure of the database.
    pub fn conversations(
        &self,
        scope: Scope,
        filter: &ConversationFilter,
        page: Page,
    ) -> Result<Listed<Conversation>, StoreError> {
        let conditions = Conditions::of(scope, filter);
        let count_sql = format!("SELECT count(*) FROM {CONVERSATIONS}{}", conditions.sql);
        let parameters = || conditions.parameters.iter().map(AsRef::as_ref);
        let total = self
            .connection
            .prepare_cached(&count_sql)?
            .query_row(params_from_iter(parameters()), |row| count(row, 0))?;

        let limits: [&dyn ToSql; 2] = [&page.limit, &page.offset];
        let list_sql = format!(
            "SELECT {CONVERSATION_COLUMNS} FROM {CONVERSATIONS}{} ORDER BY c.key DESC LIMIT ? OFFSET ?",
            conditions.sql
        );
        let mut statement = self.connection.prepare_cached(&list_sql)?;
        let mut rows = statement.query(params_from_iter(parameters().chain(limits)))?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(conversation(row)?);
        }
        Ok(Listed { items, total })
    }
}

/// The `WHERE` of a filter, with its parameters in order.
struct Conditions<'a> {
    sql: String,
    parameters: Vec<Box<dyn ToSql + 'a>>,
}

impl<'a> Conditions<'a> {
    fn of(scope: Scope, filter: &'a ConversationFilter) -> Self {
        let mut conditions = Self { sql: String::new(), parameters: Vec::new() };
        if let Scope::Organization(organization) = scope {
            conditions.add("c.organization = ?", Some(*organization.as_bytes()));
        }
        conditions.add("c.status = ?", filter.status.map(Status::as_str));
        conditions.add("c.assignee = ?", filter.assignee.map(|id| *id.as_bytes()));
        conditions.add("c.category = ?", filter.category.as_deref());
        conditions.add("c.contact = ?", filter.contact.map(|id| *id.as_bytes()));
        conditions.add(
            "EXISTS (SELECT 1 FROM json_each(c.state, '$.notifications') n WHERE n.value ->> 'channel' = ?)",
            filter.channel.map(|id| id.to_string()),
        );
        conditions.add("h.updated_at > ?", filter.updated_after.map(|at| integer(at.0)));
        conditions.add("h.updated_at < ?", filter.updated_before.map(|at| integer(at.0)));
        conditions
    }

    fn add(&mut self, condition: &str, parameter: Option<impl ToSql + 'a>) {
        let Some(parameter) = parameter else { return };
        self.sql.push_str(if self.parameters.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
        self.parameters.push(Box::new(parameter));
    }
}
