//! POST `/v2/webhooks`

use super::{PATTERNS, URL_CHARS, challenge, check};
use crate::{
    app::App,
    auth::Admin,
    http::{Refused, answer::Created, idempotency::Post},
    model::{Organization, Webhook, text::Name},
    store::lists::{Query, WEBHOOKS},
    webhooks::Signer,
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Error, OrganizationId};

/// Webhooks of one organization: each has a worker and connections of its own.
const MOST: u64 = 50;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewWebhook {
    organization: Option<OrganizationId>,
    #[schemars(with = "Option<Name>")]
    name: Option<String>,
    #[schemars(length(min = 1, max = URL_CHARS))]
    url: String,
    #[schemars(length(min = 1, max = PATTERNS))]
    events: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WebhookWithSecret")]
pub(super) struct WithSecret {
    #[serde(flatten)]
    webhook: Webhook,
    secret: String,
}

pub(super) async fn create(
    State(app): State<App>,
    _: Admin,
    post: Post<NewWebhook>,
) -> Result<Created<WithSecret>, Refused> {
    let NewWebhook { organization, name, url, events } = &post.body;
    check(name.as_deref(), url, events)?;
    // Before the address hears of it.
    let (scope, organization) = (post.agent.scope(), post.agent.organization(*organization)?);
    app.store.read(move |read| read.get::<Organization>(scope, organization)).await?;
    challenge(&app, url).await?;
    let now = app.now();
    let webhook = post.once(&app, move |write, _, new| {
        if write.list::<Webhook>(&Query::all(&WEBHOOKS, organization.into(), 1))?.total >= MOST {
            let message = format!("the organization has {MOST} webhooks; no more are allowed");
            return Err(Error::invalid("organization", message).into());
        }
        let NewWebhook { name, url, events, .. } = new;
        let webhook = Webhook {
            id: write.new_id(now),
            organization,
            name,
            url,
            events,
            enabled: true,
            disabled_reason: None,
            created_at: now,
            updated_at: now,
        };
        write.create_webhook(&webhook, &Signer::new_secret())?;
        Ok(webhook)
    });
    let webhook = webhook.await?;
    let id = webhook.id;
    app.webhooks.wake(id);
    // Not from the kept answer of a repeated request: no second place has the secret.
    let secret = app.store.read(move |read| read.webhook_secret(id)).await?;
    Ok(Created(WithSecret { webhook, secret }))
}
