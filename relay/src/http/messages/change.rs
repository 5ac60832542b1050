//! PATCH, PUT and DELETE `/v2/messages/{message}`: what was said is changed, or taken back.

use super::show::id_of;
use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        json::Json as Body,
        links::{Buttons, Shortener},
        origin::Host,
        patch::{given, replace},
        path::Path,
    },
    model::{UserRole, text::Meta},
    store::{StoreError, Write},
};
use axum::{Json, extract::State, http::StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    Error, ErrorCode, MessageId, Millis, limits,
    message::{Action, Draft, Iframe, Item, Message, MessageStatus, PLAIN_TEXT, Results},
};

/// The members that a PATCH replaces.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "MessageMembers")]
pub(super) struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "String", length(max = limits::TEXT_CHARS))]
    text: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    content_type: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Action>", length(max = limits::ACTIONS))]
    actions: Option<Vec<Action>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Item>", length(max = limits::ITEMS))]
    items: Option<Vec<Item>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Results>")]
    results: Option<Vec<Results>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Iframe>")]
    iframe: Option<Option<Iframe>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Option<Value>")]
    payload: Option<Option<Value>>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Meta")]
    meta: Option<Map<String, Value>>,
}

pub(super) async fn patch(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    host: Host,
    Body(members): Body<Members>,
) -> Result<Json<Message>, Refused> {
    change(&app, agent, &id, host, members).await
}

/// What is not named is empty.
pub(super) async fn put(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    host: Host,
    Body(members): Body<Members>,
) -> Result<Json<Message>, Refused> {
    change(&app, agent, &id, host, members.whole()).await
}

pub(super) async fn delete(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let (id, now) = (id_of(&id)?, app.now());
    let deleted = app.store.write(move |write| {
        let message = own(write, &agent, id)?;
        write.delete_message(&message, agent.user.id, now)
    });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change(
    app: &App,
    agent: Agent,
    id: &str,
    host: Host,
    members: Members,
) -> Result<Json<Message>, Refused> {
    let (id, now) = (id_of(id)?, app.now());
    let shortener = Shortener::new(app, host);
    let changed = app.store.write(move |write| {
        let before = own(write, &agent, id)?;
        let mut after = members.replace_in(&before)?;
        let owner = write.owner(after.organization.into(), after.conversation)?;
        let buttons = Buttons { actions: &mut after.actions, items: &mut after.items };
        let held = if before.status == MessageStatus::Held { after.delay.unwrap_or_default() } else { 0 };
        shortener.shorten(write, owner, buttons, str::to_owned, now + Millis(held))?;
        write.change_message(&before, after, agent.user.id, now)
    });
    Ok(Json(changed.await?))
}

/// The message, where this user may change it: agents and admins what was said in their organization, a bot what it said.
fn own(write: &Write<'_>, agent: &Agent, id: MessageId) -> Result<Message, StoreError> {
    let message = write.message(agent.scope(), id)?;
    if agent.user.role == UserRole::Bot && message.user != Some(agent.user.id) {
        let what = "a bot changes and deletes its own messages only";
        return Err(Error::new(ErrorCode::Forbidden, what).into());
    }
    Ok(message)
}

impl Members {
    fn whole(self) -> Self {
        Self {
            text: Some(self.text.unwrap_or_default()),
            content_type: Some(self.content_type.flatten()),
            actions: Some(self.actions.unwrap_or_default()),
            items: Some(self.items.unwrap_or_default()),
            results: Some(self.results.unwrap_or_default()),
            iframe: Some(self.iframe.flatten()),
            payload: Some(self.payload.flatten()),
            meta: Some(self.meta.unwrap_or_default()),
        }
    }

    /// The message with these members, when it can be changed and is still one that could be said.
    fn replace_in(self, before: &Message) -> Result<Message, Error> {
        match before.status {
            MessageStatus::Sent | MessageStatus::Held => {}
            MessageStatus::Deleted => return Err(Error::invalid("status", "the message was deleted")),
            MessageStatus::Failed => return Err(Error::invalid("status", "the message could not be said")),
        }
        // Whatever follows from the others has happened.
        if !before.kind.is_speech() {
            let what = format!("a message of type {} cannot be changed, only deleted", before.kind.as_str());
            return Err(Error::invalid("type", what));
        }
        let mut after = before.clone();
        replace(&mut after.text, self.text);
        replace(
            &mut after.content_type,
            self.content_type.map(|given| given.unwrap_or_else(|| PLAIN_TEXT.to_owned())),
        );
        replace(&mut after.actions, self.actions);
        replace(&mut after.items, self.items);
        replace(&mut after.results, self.results);
        replace(&mut after.iframe, self.iframe);
        replace(&mut after.payload, self.payload);
        replace(&mut after.meta, self.meta);
        let mut draft = Draft {
            kind: after.kind,
            text: after.text.clone(),
            actions: after.actions.clone(),
            items: after.items.clone(),
            results: after.results.clone(),
            iframe: after.iframe.clone(),
            payload: after.payload.clone(),
            meta: after.meta.clone(),
            ..Draft::default()
        };
        draft.check()?;
        draft.complete();
        Ok(Message { actions: draft.actions, items: draft.items, ..after })
    }
}
