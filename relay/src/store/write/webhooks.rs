//! Webhooks are made and stopped, their deliveries queued, tried and given up.

#[cfg(test)]
mod tests;

use super::Write;
use crate::{
    model::{DisabledReason, Webhook},
    store::{
        Delivery, DeliveryError, Queued, Scope, StoreError,
        ids::event_position,
        sql::{count, integer, millis},
    },
};
use rusqlite::{OptionalExtension, params};
use shared::{EventId, Millis, WebhookId};

/// How long a delivery is tried, and a webhook may fail before it is disabled.
const TRIED_FOR: Millis = Millis(24 * 3_600_000);
/// Before the second attempt. Each further wait is three times as long.
const FIRST_WAIT: Millis = Millis(1_000);
/// The longest wait: some two dozen attempts fit into a day.
const LONGEST_WAIT: Millis = Millis(3_600_000);
/// Deliveries kept that are done. As many as can wait: all that a webhook missed can be sent again.
const KEPT: u64 = crate::store::MOST_WAITING;

/// How an attempt went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempted {
    pub position: u64,
    pub outcome: Outcome,
    pub at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// By its HTTP status.
    Answered(u16),
    Failed(DeliveryError),
}

/// The answer of an address that wants nothing any more.
const GONE: u16 = 410;

impl Outcome {
    #[must_use]
    pub fn is_delivered(self) -> bool {
        matches!(self, Self::Answered(200..=299))
    }

    /// Whether the webhook is to blame, and another attempt can help.
    fn is_retried(self) -> bool {
        !matches!(self, Self::Answered(GONE) | Self::Failed(DeliveryError::Erased))
    }

    fn status(self) -> Option<u16> {
        match self {
            Self::Answered(status) => Some(status),
            Self::Failed(_) => None,
        }
    }

    fn error(self) -> Option<DeliveryError> {
        match self {
            Self::Answered(_) if self.is_delivered() => None,
            Self::Answered(_) => Some(DeliveryError::Status),
            Self::Failed(error) => Some(error),
        }
    }
}

impl Write<'_> {
    /// Stores a webhook, which is told what happens from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn create_webhook(&mut self, webhook: &Webhook, secret: &str) -> Result<(), StoreError> {
        self.insert(webhook)?;
        let cursor = integer(self.memory.last_position);
        self.statement("INSERT INTO webhook_states (webhook, secret, cursor) VALUES (?1, ?2, ?3)")?
            .execute(params![webhook.id.as_bytes(), secret, cursor])?;
        Ok(())
    }

    /// An enabled webhook starts from now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn start_webhook(&mut self, webhook: WebhookId) -> Result<(), StoreError> {
        let cursor = integer(self.memory.last_position);
        self.statement("UPDATE webhook_states SET cursor = ?2, failing_since = NULL WHERE webhook = ?1")?
            .execute(params![webhook.as_bytes(), cursor])?;
        Ok(())
    }

    /// What still waits for a disabled webhook is given up.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stop_webhook(&mut self, webhook: WebhookId) -> Result<(), StoreError> {
        self.statement(
            "UPDATE webhook_deliveries SET status = 'failed', error = ifnull(error, 'disabled'), next_attempt = NULL
             WHERE webhook = ?1 AND status = 'waiting'",
        )?
        .execute([webhook.as_bytes()])?;
        Ok(())
    }

    /// Queues what a webhook wants of what happened up to `cursor`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn queue_deliveries(
        &mut self,
        webhook: WebhookId,
        news: &[Queued],
        cursor: u64,
        now: Millis,
    ) -> Result<(), StoreError> {
        let known = self
            .statement("UPDATE webhook_states SET cursor = max(cursor, ?2) WHERE webhook = ?1")?
            .execute(params![webhook.as_bytes(), integer(cursor)])?;
        if known == 0 {
            return Ok(());
        }
        let mut statement = self.statement(
            "INSERT OR IGNORE INTO webhook_deliveries
                 (webhook, pos, event, lane, subject, created_at, status, queued_at, next_attempt)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7)",
        )?;
        for Queued { position, event, lane, subject, created_at } in news {
            statement.execute(params![
                webhook.as_bytes(),
                integer(*position),
                event,
                lane,
                subject,
                integer(created_at.0),
                integer(now.0)
            ])?;
        }
        Ok(())
    }

    /// Notes how attempts went, and disables a webhook that is gone or has failed for too long.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn record_attempts(&mut self, webhook: WebhookId, attempts: &[Attempted]) -> Result<(), StoreError> {
        let mut disabled = None;
        for attempted in attempts {
            self.record_attempt(webhook, *attempted)?;
            let outcome = attempted.outcome;
            if outcome == Outcome::Answered(GONE) {
                disabled = Some((DisabledReason::Gone, attempted.at));
            } else if outcome.is_delivered() {
                self.note_failing(webhook, None)?;
            } else if outcome.is_retried() {
                self.note_failing(webhook, Some(attempted.at))?;
            }
            let since = self.failing_since(webhook)?;
            if since.is_some_and(|since| attempted.at.since(since) >= TRIED_FOR) {
                disabled.get_or_insert((DisabledReason::Failing, attempted.at));
            }
        }
        let found: Option<Webhook> = self.find(Scope::All, webhook)?;
        match (found, disabled) {
            (Some(found), Some((reason, now))) if found.enabled => {
                self.disable_webhook(found, reason, now)?
            }
            // It was disabled while these were under way.
            (Some(found), _) if !found.enabled => self.stop_webhook(webhook)?,
            _ => {}
        }
        self.statement(
            "DELETE FROM webhook_deliveries WHERE webhook = ?1 AND status <> 'waiting' AND pos <=
                 (SELECT pos FROM webhook_deliveries WHERE webhook = ?1 AND status <> 'waiting'
                  ORDER BY pos DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![webhook.as_bytes(), integer(KEPT)])?;
        Ok(())
    }

    /// Sends a delivery once more: it waits again, with all its time before it.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn redeliver(
        &mut self,
        webhook: WebhookId,
        id: EventId,
        now: Millis,
    ) -> Result<Delivery, StoreError> {
        self.delivery(webhook, id)?;
        self.statement(
            "UPDATE webhook_deliveries
             SET status = 'waiting', attempts = 0, response_status = NULL, error = NULL, queued_at = ?3, next_attempt = ?3
             WHERE webhook = ?1 AND pos = ?2",
        )?
        .execute(params![webhook.as_bytes(), integer(event_position(id)), integer(now.0)])?;
        self.delivery(webhook, id)
    }

    fn record_attempt(&mut self, webhook: WebhookId, attempted: Attempted) -> Result<(), StoreError> {
        let Attempted { position, outcome, at } = attempted;
        let mut statement = self.statement(
            "SELECT attempts, queued_at FROM webhook_deliveries WHERE webhook = ?1 AND pos = ?2",
        )?;
        let found = statement.query_row(params![webhook.as_bytes(), integer(position)], |row| {
            Ok((count(row, 0)? + 1, millis(row, 1)?))
        });
        let Some((attempts, queued_at)) = found.optional()? else { return Ok(()) };
        let is_retried = outcome.is_retried() && at.since(queued_at) < TRIED_FOR;
        let (status, next) = if outcome.is_delivered() {
            ("delivered", None)
        } else if is_retried {
            ("waiting", Some(at + wait(attempts, random_share())))
        } else {
            ("failed", None)
        };
        self.statement(
            "UPDATE webhook_deliveries SET status = ?3, attempts = ?4, response_status = ?5, error = ?6,
                 attempted_at = ?7, next_attempt = ?8
             WHERE webhook = ?1 AND pos = ?2",
        )?
        .execute(params![
            webhook.as_bytes(),
            integer(position),
            status,
            integer(attempts),
            outcome.status(),
            outcome.error().map(DeliveryError::as_str),
            integer(at.0),
            next.map(|at| integer(at.0)),
        ])?;
        Ok(())
    }

    fn failing_since(&self, webhook: WebhookId) -> Result<Option<Millis>, StoreError> {
        let mut statement = self.statement("SELECT failing_since FROM webhook_states WHERE webhook = ?1")?;
        let since: Option<Option<i64>> =
            statement.query_row([webhook.as_bytes()], |row| row.get(0)).optional()?;
        Ok(since.flatten().and_then(|at| u64::try_from(at).ok()).map(Millis))
    }

    /// The first failure counts, until something is delivered.
    fn note_failing(&mut self, webhook: WebhookId, failed_at: Option<Millis>) -> Result<(), StoreError> {
        let failed_at = failed_at.map(|at| integer(at.0));
        self.statement(
            "UPDATE webhook_states SET failing_since = iif(?2 IS NULL, NULL, ifnull(failing_since, ?2))
             WHERE webhook = ?1",
        )?
        .execute(params![webhook.as_bytes(), failed_at])?;
        Ok(())
    }

    fn disable_webhook(
        &mut self,
        mut webhook: Webhook,
        reason: DisabledReason,
        now: Millis,
    ) -> Result<(), StoreError> {
        webhook.enabled = false;
        webhook.disabled_reason = Some(reason);
        webhook.updated_at = now;
        self.update(&webhook)?;
        self.stop_webhook(webhook.id)?;
        tracing::warn!(webhook = %webhook.id, ?reason, "a webhook is disabled");
        Ok(())
    }
}

/// How long to wait after this many attempts. `share`, of 256, spreads those that failed together over a quarter more.
fn wait(attempts: u64, share: u8) -> Millis {
    let exponent = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    let wait = FIRST_WAIT.0.saturating_mul(3_u64.saturating_pow(exponent)).min(LONGEST_WAIT.0);
    Millis(wait + wait * u64::from(share) / 1_024)
}

fn random_share() -> u8 {
    let [share, ..] =
        getrandom::u32().expect("the operating system has randomness once it has started").to_be_bytes();
    share
}
