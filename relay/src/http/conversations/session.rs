//! DELETE `/v2/conversations/{conversation}/session`: the bot's variables are cleared, to begin anew.

use super::show::id_of;
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, path::Path},
    store::{Append, Target},
};
use axum::{extract::State, http::StatusCode};
use serde_json::json;

pub(super) async fn clear(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let (id, now) = (id_of(&id)?, app.now());
    let cleared = app.store.write(move |write| {
        let conversation = write.conversation(agent.scope(), id)?;
        if conversation.state.session.is_empty() {
            return Ok(());
        }
        let target = Target::Conversation { organization: conversation.organization, conversation: id };
        write.append(Append::change(target, agent.user.id, json!({"session": {}}), now)).map(drop)
    });
    cleared.await?;
    Ok(StatusCode::NO_CONTENT)
}
