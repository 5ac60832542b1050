//! Reading: typed questions to one consistent view of the database. What does not exist, or not in the
//! scope that was asked for, is `not_found`.

mod conversations;
mod files;
mod messages;
mod passwords;
mod rows;
mod tokens;
mod visitors;
mod webhooks;

pub use conversations::ConversationFilter;
pub use messages::Window;
pub(super) use rows::{Logged, WEB, conversation_type, write_extra};
pub(super) use tokens::REPEATABLE;
pub use visitors::{Link, Visitor};
pub use webhooks::{Delivery, DeliveryError, DeliveryStatus, Due, MOST_WAITING, Queued, Round};

use super::{
    Record, Scope, StoreError,
    sql::{StoredId, document},
};
use rusqlite::{Connection, OptionalExtension, params};
use shared::{ContactId, Error, OrganizationId};

/// One view of what is stored.
#[derive(Debug)]
pub struct Read<'a> {
    pub(super) connection: &'a Connection,
}

/// A part of a list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub limit: u32,
    pub offset: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// How many there are without `limit` and `offset`.
    pub total: u64,
}

impl<'a> Read<'a> {
    pub(super) const fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn get<R: Record>(&self, scope: Scope, id: R::Id) -> Result<R, StoreError> {
        self.find(scope, id)?.ok_or_else(|| Error::not_found(R::KIND, id).into())
    }

    /// # Errors
    /// A failure of the database.
    pub fn find<R: Record>(&self, scope: Scope, id: R::Id) -> Result<Option<R>, StoreError> {
        let mut statement = self.connection.prepare_cached(R::SQL.get)?;
        let text: Option<String> =
            statement.query_row(params![id.stored(), scope.parameter()], |row| row.get(0)).optional()?;
        Ok(text.map(|text| document(R::KIND, &text)).transpose()?)
    }

    /// # Errors
    /// A failure of the database.
    pub fn list<R: Record>(&self, scope: Scope, page: Page) -> Result<Listed<R>, StoreError> {
        let (list, count) = match scope {
            Scope::All => (R::SQL.list_all, R::SQL.count_all),
            Scope::Organization(_) => (R::SQL.list_own, R::SQL.count_own),
        };
        let mut list = self.connection.prepare_cached(list)?;
        let mut count = self.connection.prepare_cached(count)?;
        let (mut rows, total): (_, i64) = match scope {
            Scope::All => {
                (list.query(params![page.limit, page.offset])?, count.query_row((), |row| row.get(0))?)
            }
            Scope::Organization(id) => (
                list.query(params![page.limit, page.offset, id.as_bytes()])?,
                count.query_row(params![id.as_bytes()], |row| row.get(0))?,
            ),
        };
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(document(R::KIND, row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(Listed { items, total: u64::try_from(total).unwrap_or(0) })
    }

    /// The contact that has this value of an identifier (`email` or `telephone`) in its profile.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn contact_with(
        &self,
        organization: OrganizationId,
        identifier: Identifier,
        value: &str,
    ) -> Result<Option<ContactId>, StoreError> {
        // As the two indexes have it, letter by letter: SQLite matches expressions, not meanings.
        let sql = match identifier {
            Identifier::Email => {
                "SELECT id FROM contacts WHERE organization = ?1 AND json_extract(data, '$.profile.email') = ?2"
            }
            Identifier::Telephone => {
                "SELECT id FROM contacts WHERE organization = ?1 AND json_extract(data, '$.profile.telephone') = ?2"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let id = statement
            .query_row(params![organization.as_bytes(), value], |row| super::sql::id(row, 0))
            .optional()?;
        Ok(id)
    }
}

/// The members of a profile by which a person is recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier {
    Email,
    Telephone,
}
