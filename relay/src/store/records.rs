//! The resources that are one JSON document each: what they have in common, and how they are asked for.

use super::{
    lists::{self, Resource},
    sql::StoredId,
};
use crate::model::{Act, Channel, Contact, Form, Organization, User, Webhook};
use serde::{Serialize, de::DeserializeOwned};
use shared::{ChannelId, ContactId, EventId, FormId, OrganizationId, UserId, WebhookId};
use std::fmt;

/// Whose records a query may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's: for an admin who belongs to no organization.
    All,
    Organization(OrganizationId),
}

impl Scope {
    /// The parameter of `(?n IS NULL OR organization = ?n)`.
    pub(super) fn parameter(&self) -> Option<&[u8; 12]> {
        match self {
            Self::All => None,
            Self::Organization(id) => Some(id.as_bytes()),
        }
    }

    #[must_use]
    pub fn includes(self, organization: OrganizationId) -> bool {
        self == Self::All || self == Self::Organization(organization)
    }
}

impl From<OrganizationId> for Scope {
    fn from(id: OrganizationId) -> Self {
        Self::Organization(id)
    }
}

/// A resource that is stored as one document.
pub trait Record: Serialize + DeserializeOwned {
    type Id: StoredId + fmt::Display;

    /// What errors call it.
    const KIND: &'static str;
    const SQL: RecordSql;
    /// Its fields, for lists.
    const RESOURCE: &'static Resource;
    /// Whether making and changing one is an act for the audit log.
    const IS_ADMINISTERED: bool;

    fn id(&self) -> Self::Id;
    fn organization(&self) -> Option<OrganizationId>;
}

/// The statements of one table.
#[derive(Debug, Clone, Copy)]
pub struct RecordSql {
    pub(super) get: &'static str,
    /// The name that lists call a row by is `r`.
    pub(super) table: &'static str,
    pub(super) by_key: &'static str,
    pub(super) insert: &'static str,
    pub(super) update: &'static str,
    pub(super) delete: &'static str,
}

/// Of each: its id, its fields, its name, its table, the rows of it that are there, whether it is
/// administered, and whose it is.
macro_rules! records {
    ($($type:ident, $id:ident, $resource:ident, $kind:literal, $table:literal, $rows:literal, $administered:literal,
        $organization:expr;)*) => {$(
        impl Record for $type {
            type Id = $id;

            const KIND: &'static str = $kind;
            const SQL: RecordSql = RecordSql {
                get: concat!("SELECT data FROM ", $rows, " WHERE id = ?1 AND (?2 IS NULL OR organization = ?2)"),
                table: concat!($rows, " r"),
                by_key: concat!("SELECT data FROM ", $table, " WHERE key = ?1"),
                insert: concat!("INSERT INTO ", $table, " (id, organization, data) VALUES (?1, ?2, ?3)"),
                update: concat!("UPDATE ", $table, " SET data = ?3 WHERE id = ?1 AND organization IS ?2"),
                delete: concat!("DELETE FROM ", $table, " WHERE id = ?1 AND (?2 IS NULL OR organization = ?2)"),
            };

            const RESOURCE: &'static Resource = &lists::$resource;
            const IS_ADMINISTERED: bool = $administered;

            fn id(&self) -> $id {
                self.id
            }

            fn organization(&self) -> Option<OrganizationId> {
                let organization: fn(&Self) -> Option<OrganizationId> = $organization;
                organization(self)
            }
        }
    )*};
}

records! {
    Organization, OrganizationId, ORGANIZATIONS, "organization", "organizations",
        "(SELECT * FROM organizations WHERE erased_at IS NULL)", true, |record| Some(record.id);
    User, UserId, USERS, "user", "users", "users", true, |record| record.organization;
    Channel, ChannelId, CHANNELS, "channel", "channels", "channels", true, |record| Some(record.organization);
    Form, FormId, FORMS, "form", "forms", "forms", true, |record| Some(record.organization);
    Contact, ContactId, CONTACTS, "contact", "contacts", "contacts", false, |record| Some(record.organization);
    Act, EventId, ACTS, "act", "audit", "audit", false, |record| record.organization;
    Webhook, WebhookId, WEBHOOKS, "webhook", "webhooks", "webhooks", true, |record| Some(record.organization);
}
