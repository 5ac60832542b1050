//! GET `/v2/audit`: what was administered, by whom. For admins.

use super::{
    Refused,
    answer::Listed,
    lists::{Asked, Item},
    openapi::Routes,
    records,
};
use crate::{app::App, auth::Admin, model::Act};
use axum::extract::State;

pub(super) fn routes() -> Routes {
    Routes::about("Audit").get("/v2/audit", list, ("listActs", "What was administered, and by whom"))
}

async fn list(app: State<App>, _: Admin, asked: Asked) -> Result<Listed<Item<Act>>, Refused> {
    records::list(app, asked).await
}
