//! `/v2/webhooks`: addresses that are told what happens. All of it is for admins.

mod create;
mod deliveries;
mod patch;

use super::{
    Refused,
    answer::Listed,
    lists::{Asked, Item},
    openapi::{Operation, Routes},
    params::Params,
    records, valid,
};
use crate::{
    app::App,
    auth::Admin,
    http::path::Path,
    model::{Webhook, event_exists},
};
use axum::{extract::State, http::StatusCode};
use shared::{Error, ErrorCode};

/// Patterns of one webhook.
const PATTERNS: usize = 50;
/// Characters of an address, as in `shared::limits` of an `iframe`.
const URL_CHARS: usize = 2_000;

pub(super) fn routes() -> Routes {
    Routes::about("Webhooks")
        .get("/v2/webhooks", list, ("listWebhooks", "Webhooks"))
        .post("/v2/webhooks", create::create, ("createWebhook", "Make a webhook; its secret is shown once"))
        .get("/v2/webhooks/{webhook}", show, ("getWebhook", "One webhook"))
        .patch("/v2/webhooks/{webhook}", patch::patch, ("updateWebhook", "Change a webhook"))
        .delete("/v2/webhooks/{webhook}", delete, ("deleteWebhook", "Delete a webhook"))
        .get("/v2/webhooks/{webhook}/deliveries", deliveries::list, deliveries::operation())
        .post(
            "/v2/webhooks/{webhook}/deliveries/{delivery}/redeliver",
            deliveries::redeliver,
            Operation::new("redeliver", "Deliver once more").refusing([ErrorCode::Invalid]),
        )
}

async fn list(app: State<App>, _: Admin, asked: Asked) -> Result<Listed<Item<Webhook>>, Refused> {
    records::list(app, asked).await
}

async fn show(
    app: State<App>,
    admin: Admin,
    id: Path<String>,
    params: Params,
) -> Result<Item<Webhook>, Refused> {
    records::get(app, admin.agent(), id, params).await
}

async fn delete(State(app): State<App>, admin: Admin, Path(id): Path<String>) -> Result<StatusCode, Refused> {
    let webhook = records::id_of::<Webhook>(&id)?;
    let deleted = records::delete::<Webhook>(State(app.clone()), admin, Path(id)).await?;
    app.webhooks.wake(webhook);
    Ok(deleted)
}

/// What can be told without asking the address.
fn check(name: Option<&str>, url: &str, events: &[String]) -> Result<(), Error> {
    name.map_or(Ok(()), |name| valid::name("name", name))?;
    valid::count("events", events.len(), PATTERNS)?;
    if events.is_empty() {
        return Err(Error::invalid(
            "events",
            "name at least one event, such as message.create.contact.chat or *",
        ));
    }
    if let Some(at) = events.iter().position(|pattern| !event_exists(pattern)) {
        return Err(Error::invalid(format!("events[{at}]"), "no event has such a name"));
    }
    let characters = url.chars().count();
    if characters > URL_CHARS {
        return Err(Error::invalid(
            "url",
            format!("{characters} characters; at most {URL_CHARS} are allowed"),
        ));
    }
    Ok(())
}

/// Asks the address whether it wants to be called.
async fn challenge(app: &App, url: &str) -> Result<(), Error> {
    app.webhooks.challenge(url).await.map_err(|why| Error::invalid("url", why.to_string()))
}
