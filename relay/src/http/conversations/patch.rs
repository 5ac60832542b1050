//! PATCH `/v2/conversations/{conversation}`: what is replaced is an entry of the log, like everything that
//! changes a conversation, so that whoever reads the log has the state.

use super::{check_texts, shape::shown, show::id_of};
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, json::Json as Body, origin, patch::given, path::Path, users, valid},
    model::{
        Conversation,
        text::{Meta, Name, Session, Short},
    },
    store::{Append, Read, Scope, StoreError, Target},
};
use axum::{Json, extract::State, http::HeaderMap};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{OrganizationId, UserId, conversation::Status, event, limits};

/// As given, so also as it is logged.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "ConversationMembers")]
pub(super) struct Members {
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Short>")]
    name: Option<Option<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Status")]
    status: Option<Status>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Short>")]
    category: Option<Option<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Short>")]
    priority: Option<Option<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Short>")]
    subject: Option<Option<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<UserId>")]
    assignee: Option<Option<UserId>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Meta")]
    meta: Option<Map<String, Value>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Name>", length(max = TAGS))]
    tags: Option<Vec<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Session")]
    session: Option<Map<String, Value>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", length(min = 1, max = limits::DIALOG_STATE_CHARS))]
    dialog_state: Option<Option<String>>,
}

/// Tags of one conversation.
const TAGS: usize = 100;

pub(super) async fn patch(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(members): Body<Members>,
) -> Result<Json<Conversation>, Refused> {
    let (id, now, own) = (id_of(&id)?, app.now(), origin::own(&app, &headers));
    let changed = app.store.write(move |write| {
        let Conversation { organization, .. } = write.conversation(agent.scope(), id)?;
        members.check(write, organization)?;
        let payload = serde_json::to_value(&members).expect("members have string keys");
        if payload != Value::Object(Map::new()) {
            let target = Target::Conversation { organization, conversation: id };
            write.append(Append::change(target, agent.user.id, payload, now))?;
        }
        let changed = write.conversation(Scope::Organization(organization), id)?;
        shown(write, &own, changed)
    });
    Ok(Json(changed.await?))
}

impl Members {
    fn check(&self, read: &Read<'_>, organization: OrganizationId) -> Result<(), StoreError> {
        let texts = [&self.name, &self.category, &self.priority, &self.subject];
        check_texts(texts.map(|text| text.as_ref().and_then(Option::as_deref)))?;
        self.meta.as_ref().map_or(Ok(()), valid::meta)?;
        self.session.as_ref().map_or(Ok(()), |session| event::check_session("session", session))?;
        let dialog_state = self.dialog_state.iter().flatten();
        dialog_state
            .map(String::as_str)
            .try_for_each(|name| event::check_dialog_state("dialogState", name))?;
        let tags = self.tags.as_deref().unwrap_or_default();
        valid::count("tags", tags.len(), TAGS)?;
        for (at, tag) in tags.iter().enumerate() {
            valid::name(&format!("tags[{at}]"), tag)?;
        }
        self.assignee.flatten().map_or(Ok(()), |user| users::check(read, organization, user, "assignee"))
    }
}
