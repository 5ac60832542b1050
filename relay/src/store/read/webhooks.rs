//! What webhooks are to be told: what happened since they were told last, and the deliveries that wait.

use super::Read;
use crate::{
    model::Webhook,
    store::{
        Scope, StoreError,
        ids::{event_id, event_position},
        sql::{count, integer, millis, name},
    },
};
use rusqlite::{OptionalExtension, Row, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Error, EventId, Millis, OrganizationId, WebhookId};
use std::collections::HashSet;

/// Deliveries of one webhook that wait. What happens beyond that stays in the log until there is room.
pub const MOST_WAITING: u64 = 1_000;
/// Events that are looked through at once.
const BATCH: u64 = 256;

/// One attempt after another, until it is delivered or given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The event's.
    pub id: EventId,
    pub event: String,
    pub status: DeliveryStatus,
    pub attempts: u32,
    /// What the address answered last.
    pub response_status: Option<u16>,
    pub error: Option<DeliveryError>,
    pub last_attempt_at: Option<Millis>,
    pub next_attempt_at: Option<Millis>,
    pub created_at: Millis,
}

/// Declares an enum of names that are stored and shown alike.
macro_rules! names {
    ($($(#[$attribute:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* })*) => {$(
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl $type {
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

names! {
    DeliveryStatus {
        Waiting = "waiting",
        Delivered = "delivered",
        Failed = "failed",
    }
    /// Why the last attempt failed.
    DeliveryError {
        /// It answered, and not with 2xx.
        Status = "status",
        TimedOut = "timed_out",
        Unreachable = "unreachable",
        /// A private address, which the operator has not allowed.
        AddressRefused = "address_refused",
        /// What it was about has been erased since.
        Erased = "erased",
        /// The webhook was disabled while it waited.
        Disabled = "disabled",
    }
}

/// An event that a webhook wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    pub position: u64,
    pub event: String,
    /// What it is ordered with.
    pub lane: [u8; 12],
    /// What it is about; none for the entry at this position.
    pub subject: Option<[u8; 12]>,
    pub created_at: Millis,
}

/// A delivery that can be tried now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub queued: Queued,
    pub id: EventId,
}

/// What a webhook has to do.
#[derive(Debug)]
pub struct Round {
    pub webhook: Webhook,
    pub secret: String,
    pub waiting: u64,
    pub due: Vec<Due>,
    /// When the next one is due that is not yet.
    pub next_attempt: Option<Millis>,
    /// What is new and wanted.
    pub news: Vec<Queued>,
    /// Up to where `news` has all.
    pub cursor: u64,
    /// Whether there is more than `news`.
    pub is_more: bool,
}

/// What [`delivery`] reads.
macro_rules! delivery_columns {
    () => {
        "SELECT pos, event, status, attempts, response_status, error, attempted_at, next_attempt, created_at
         FROM webhook_deliveries"
    };
}

impl Read<'_> {
    /// Every webhook that is to be told something, of all organizations.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn enabled_webhooks(&self) -> Result<Vec<(WebhookId, OrganizationId)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, organization FROM webhooks WHERE json_extract(data, '$.enabled')")?;
        let found = statement
            .query_map((), |row| Ok((crate::store::sql::id(row, 0)?, crate::store::sql::id(row, 1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    pub(in crate::store) fn has_webhooks(&self, organization: OrganizationId) -> Result<bool, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT 1 FROM webhooks WHERE organization = ?1")?;
        Ok(statement.exists([organization.as_bytes()])?)
    }

    /// What its calls are signed with.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn webhook_secret(&self, webhook: WebhookId) -> Result<String, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT secret FROM webhook_states WHERE webhook = ?1")?;
        let secret = statement.query_row([webhook.as_bytes()], |row| row.get(0)).optional()?;
        secret.ok_or_else(|| Error::not_found("webhook", webhook).into())
    }

    /// What there is to do for a webhook, besides the deliveries `under_way`; nothing when it is disabled or gone.
    /// At most `room` are due; what happened is looked through after `cursor`, or where the store has left off.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn webhook_round(
        &self,
        webhook: WebhookId,
        under_way: &HashSet<u64>,
        room: usize,
        cursor: Option<u64>,
        now: Millis,
    ) -> Result<Option<Round>, StoreError> {
        let Some(webhook) = self.find::<Webhook>(Scope::All, webhook)?.filter(|webhook| webhook.enabled)
        else {
            return Ok(None);
        };
        let mut statement =
            self.connection.prepare_cached("SELECT secret, cursor FROM webhook_states WHERE webhook = ?1")?;
        let (secret, stored): (String, u64) =
            statement.query_row([webhook.id.as_bytes()], |row| Ok((row.get(0)?, count(row, 1)?)))?;
        let cursor = stored.max(cursor.unwrap_or(0));

        let mut round = Round {
            waiting: 0,
            due: Vec::new(),
            next_attempt: None,
            news: Vec::new(),
            cursor,
            is_more: false,
            secret,
            webhook,
        };
        self.heads(&mut round, under_way, room, now)?;
        let most = BATCH.min(MOST_WAITING.saturating_sub(round.waiting));
        let events = self.events_after(round.webhook.organization, cursor, most)?;
        round.is_more = most > 0 && events.len() as u64 == most;
        round.cursor = events.last().map_or(cursor, |last| last.position);
        round.news = events.into_iter().filter(|queued| round.webhook.wants(&queued.event)).collect();
        Ok(Some(round))
    }

    /// The first waiting delivery of each lane: the others come after it.
    fn heads(
        &self,
        round: &mut Round,
        under_way: &HashSet<u64>,
        room: usize,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT pos, event, lane, subject, created_at, next_attempt FROM webhook_deliveries
             WHERE webhook = ?1 AND status = 'waiting' ORDER BY pos",
        )?;
        let mut rows = statement.query([round.webhook.id.as_bytes()])?;
        let mut lanes = HashSet::new();
        while let Some(row) = rows.next()? {
            round.waiting += 1;
            let queued = queued(row)?;
            if !lanes.insert(queued.lane) || under_way.contains(&queued.position) {
                continue;
            }
            let at = millis(row, 5)?;
            if at > now {
                round.next_attempt = Some(round.next_attempt.map_or(at, |earliest| earliest.min(at)));
            } else if round.due.len() < room {
                round.due.push(Due { id: event_id(queued.created_at, queued.position), queued });
            }
        }
        Ok(())
    }

    /// What happened in the organization, in order: entries of logs and whatever else.
    fn events_after(
        &self,
        organization: OrganizationId,
        after: u64,
        most: u64,
    ) -> Result<Vec<Queued>, StoreError> {
        let mut entries = self.connection.prepare_cached(
            "SELECT m.pos, c.id, c.type, m.type, m.created_at
             FROM messages m JOIN conversations c ON c.key = m.conversation
             WHERE m.organization = (SELECT key FROM organizations WHERE id = ?1) AND m.pos > ?2
             ORDER BY m.pos LIMIT ?3",
        )?;
        let parameters = params![organization.as_bytes(), integer(after), integer(most)];
        let mut events = Vec::new();
        let mut rows = entries.query(parameters)?;
        while let Some(row) = rows.next()? {
            let (kind, message): (String, String) = (row.get(2)?, row.get(3)?);
            events.push(Queued {
                position: count(row, 0)?,
                event: format!("message.create.{kind}.{message}"),
                lane: row.get(1)?,
                subject: None,
                created_at: millis(row, 4)?,
            });
        }
        let mut others = self.connection.prepare_cached(
            "SELECT pos, event, lane, subject, created_at FROM outbox
             WHERE organization = ?1 AND pos > ?2 ORDER BY pos LIMIT ?3",
        )?;
        let mut rows = others.query(parameters)?;
        while let Some(row) = rows.next()? {
            events.push(queued(row)?);
        }
        events.sort_unstable_by_key(|queued| queued.position);
        events.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(events)
    }

    /// A webhook's deliveries, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn deliveries(
        &self,
        webhook: WebhookId,
        limit: u32,
        offset: u64,
    ) -> Result<(Vec<Delivery>, u64), StoreError> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM webhook_deliveries WHERE webhook = ?1")?
            .query_row([webhook.as_bytes()], |row| count(row, 0))?;
        let mut statement = self.connection.prepare_cached(concat!(
            delivery_columns!(),
            " WHERE webhook = ?1 ORDER BY pos DESC LIMIT ?2 OFFSET ?3"
        ))?;
        let mut rows = statement.query(params![webhook.as_bytes(), limit, integer(offset)])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(delivery(row)?);
        }
        Ok((items, total))
    }

    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn delivery(&self, webhook: WebhookId, id: EventId) -> Result<Delivery, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(concat!(delivery_columns!(), " WHERE webhook = ?1 AND pos = ?2"))?;
        let mut rows = statement.query(params![webhook.as_bytes(), integer(event_position(id))])?;
        let found = rows.next()?.map(delivery).transpose()?.filter(|delivery| delivery.id == id);
        found.ok_or_else(|| Error::not_found("delivery", id).into())
    }
}

fn delivery(row: &Row<'_>) -> Result<Delivery, StoreError> {
    let time = |column| row.get::<_, Option<i64>>(column)?.map(|_| millis(row, column)).transpose();
    let (status, error): (String, Option<String>) = (row.get(2)?, row.get(5)?);
    let created_at = millis(row, 8)?;
    Ok(Delivery {
        id: event_id(created_at, count(row, 0)?),
        event: row.get(1)?,
        status: name("status", &status, DeliveryStatus::parse)?,
        attempts: row.get(3)?,
        response_status: row.get(4)?,
        error: error.map(|error| name("error", &error, DeliveryError::parse)).transpose()?,
        last_attempt_at: time(6)?,
        next_attempt_at: time(7)?,
        created_at,
    })
}

/// The columns `pos, event, lane, subject, created_at`.
fn queued(row: &Row<'_>) -> rusqlite::Result<Queued> {
    Ok(Queued {
        position: count(row, 0)?,
        event: row.get(1)?,
        lane: row.get(2)?,
        subject: row.get(3)?,
        created_at: millis(row, 4)?,
    })
}
