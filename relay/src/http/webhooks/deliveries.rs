//! GET `/v2/webhooks/{webhook}/deliveries`, POST `/v2/webhooks/{webhook}/deliveries/{delivery}/redeliver`

use crate::{
    app::App,
    auth::Admin,
    http::{Refused, answer::Listed, openapi::Operation, params::Params, path::Path, records},
    model::Webhook,
    store::Delivery,
};
use axum::{Json, extract::State, http::StatusCode};
use schemars::SchemaGenerator;
use shared::{Error, ErrorCode, EventId};

pub(super) fn operation() -> Operation {
    Operation::new("listDeliveries", "What was and is to be delivered to a webhook").limited().query(
        "offset",
        SchemaGenerator::subschema_for::<u32>,
        "Leaves out the first.",
    )
}

/// Newest first: those that wait, and the latest that are done.
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Listed<Delivery>, Refused> {
    let (scope, id) = (admin.agent().scope(), records::id_of::<Webhook>(&id)?);
    let (limit, offset) = (params.limit()?, params.number("offset")?.unwrap_or(0));
    params.finish()?;
    let listed = app.store.read(move |read| {
        read.get::<Webhook>(scope, id)?;
        read.deliveries(id, limit, offset)
    });
    let (items, total) = listed.await?;
    Ok(Listed { items, total, next: None })
}

pub(super) async fn redeliver(
    State(app): State<App>,
    admin: Admin,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<(StatusCode, Json<Delivery>), Refused> {
    let (scope, id, now) = (admin.agent().scope(), records::id_of::<Webhook>(&id)?, app.now());
    let delivery: EventId = delivery.parse().map_err(|_| Error::not_found("delivery", &delivery))?;
    let waiting = app.store.write(move |write| {
        let webhook: Webhook = write.get(scope, id)?;
        if !webhook.enabled {
            return Err(Error::new(ErrorCode::Invalid, "the webhook is disabled; enable it first").into());
        }
        write.redeliver(id, delivery, now)
    });
    let waiting = waiting.await?;
    app.webhooks.wake(id);
    Ok((StatusCode::ACCEPTED, Json(waiting)))
}
