//! Reading: typed questions to one consistent view of the database. What does not exist, or not in the
//! scope that was asked for, is `not_found`.

mod closed;
mod conversations;
mod files;
mod held;
mod lists;
mod messages;
mod passwords;
mod persons;
mod rows;
mod search;
mod tokens;
mod views;
mod visitors;
mod webhooks;

pub use closed::Closed;
pub use conversations::Owner;
pub use held::{Held, Typist};
pub use messages::Window;
pub use persons::Known;
pub(super) use rows::{Logged, WEB, channels_of, conversation_type, write_extra};
pub(super) use tokens::REPEATABLE;
pub use views::Standing;
pub use visitors::{Link, ShortLink, Visitor};
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
