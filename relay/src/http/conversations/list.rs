//! GET `/v2/conversations`

use crate::{
    app::App,
    auth::Agent,
    http::{Refused, params::Params, records},
    model::Conversation,
    store::{ConversationFilter, Listed},
};
use axum::extract::State;

pub(super) async fn list(
    State(app): State<App>,
    agent: Agent,
    mut params: Params,
) -> Result<Listed<Conversation>, Refused> {
    let scope = records::scope(&agent, params.take("organization")?)?;
    let filter = ConversationFilter {
        status: params.take("status")?,
        assignee: params.take("assignee")?,
        category: params.take("category")?,
        contact: params.take("contact")?,
        channel: params.take("channel")?,
        ..ConversationFilter::default()
    };
    let page = params.page()?;
    params.finish()?;
    Ok(app.store.read(move |read| read.conversations(scope, &filter, page)).await?)
}
