//! DELETE `/v2/users/{user}`: their tokens end with them; what they said keeps their name.

use crate::{
    app::App,
    auth::Admin,
    http::{Refused, path::Path, records},
    model::User,
};
use axum::{extract::State, http::StatusCode};
use shared::{Error, ErrorCode};

pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let (agent, id) = (admin.agent(), records::id_of::<User>(&id)?);
    // Somebody is left who can make users.
    if id == admin.user.id {
        return Err(Error::new(ErrorCode::Forbidden, "nobody deletes themselves").into());
    }
    let deleted = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        write.delete::<User>(agent.scope(), id)?;
        write.forget_answers_to(id)
    });
    deleted.await?;
    app.tokens.forget();
    Ok(StatusCode::NO_CONTENT)
}
