//! PATCH `/v2/webhooks/{webhook}`: another address is asked first; an enabled webhook starts from now.

use super::{PATTERNS, URL_CHARS, challenge, check};
use crate::{
    app::App,
    auth::Admin,
    http::{
        Refused,
        json::Json as Body,
        patch::{given, replace},
        path::Path,
        records,
    },
    model::{Webhook, text::Name},
};
use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "WebhookMembers")]
pub(super) struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Name>")]
    name: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = URL_CHARS))]
    url: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<String>", length(min = 1, max = PATTERNS))]
    events: Option<Vec<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "bool")]
    enabled: Option<bool>,
}

impl Members {
    fn replace_in(self, webhook: &mut Webhook) {
        replace(&mut webhook.name, self.name);
        replace(&mut webhook.url, self.url);
        replace(&mut webhook.events, self.events);
        if let Some(enabled) = self.enabled {
            webhook.enabled = enabled;
            // What the relay had against it is settled either way.
            webhook.disabled_reason = None;
        }
    }
}

pub(super) async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<Webhook>, Refused> {
    let (agent, id, now) = (admin.agent(), records::id_of::<Webhook>(&id)?, app.now());
    let scope = agent.scope();
    let before: Webhook = app.store.read(move |read| read.get(scope, id)).await?;
    let url = members.url.as_deref().unwrap_or(&before.url);
    check(
        members.name.iter().flatten().next().map(String::as_str),
        url,
        members.events.as_deref().unwrap_or(&before.events),
    )?;
    if url != before.url {
        challenge(&app, url).await?;
    }
    let changed = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let mut webhook: Webhook = write.get(scope, id)?;
        let was_enabled = webhook.enabled;
        members.replace_in(&mut webhook);
        webhook.updated_at = now;
        write.update(&webhook)?;
        if webhook.enabled != was_enabled {
            write.stop_webhook(id)?;
            write.start_webhook(id)?;
        }
        Ok(webhook)
    });
    let webhook = changed.await?;
    app.webhooks.wake(id);
    Ok(Json(webhook))
}
