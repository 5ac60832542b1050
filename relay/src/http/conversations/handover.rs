//! POST `/v2/conversations/{conversation}/handover`: a bot gives the conversation to people. It leaves, the conversation
//! waits for somebody, inboxes are notified: the entries are those that it could have posted one by one.

use super::{shape::shown, show::id_of};
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, answer::Created, idempotency::Post, origin, path::Path, valid},
    model::{Channel, Conversation},
    store::{Append, StoreError, Target, Write},
};
use axum::{extract::State, http::HeaderMap};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::{
    ChannelId, ConversationId, Error, Millis,
    conversation::Status,
    limits,
    message::{Draft, MessageType},
};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Handover {
    /// The inboxes to notify; all of the organization's where none is named.
    #[schemars(length(max = limits::COMMAND_IDS))]
    channels: Vec<ChannelId>,
}

pub(super) async fn handover(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    post: Post<Handover>,
) -> Result<Created<Conversation>, Refused> {
    let (id, now, own) = (id_of(&id)?, app.now(), origin::own(&app, &headers));
    valid::count("channels", post.body.channels.len(), limits::COMMAND_IDS)?;
    let handed = post.once(&app, move |write, agent, handover| {
        let handed = handover.carry_out(write, &agent, id, now)?;
        shown(write, &own, handed)
    });
    Ok(Created(handed.await?))
}

impl Handover {
    fn carry_out(
        self,
        write: &mut Write<'_>,
        agent: &Agent,
        id: ConversationId,
        now: Millis,
    ) -> Result<Conversation, StoreError> {
        let user = agent.user.id;
        let conversation = write.conversation(agent.scope(), id)?;
        for channel in &self.channels {
            if write.find::<Channel>(conversation.organization.into(), *channel)?.is_none() {
                return Err(Error::not_found("channel", channel).with_field("channels").into());
            }
        }
        let target = Target::Conversation { organization: conversation.organization, conversation: id };
        let command = |text: &str, meta: Map<String, Value>| {
            let draft = Draft { kind: MessageType::Command, text: text.to_owned(), meta, ..Draft::default() };
            Append { target, author: agent.author(), draft, now }
        };
        let participants = &conversation.state.participants;
        let takes_part =
            participants.iter().any(|one| one.user == user && (one.active || one.accepted || one.inbox));
        if takes_part {
            write.append(command("/leave", Map::new()))?;
        }
        let mut members = Map::new();
        // Where a person has it already, that person keeps it.
        let is_anybodys = participants.iter().any(|one| one.user != user && one.accepted);
        if !is_anybodys && (takes_part || conversation.state.status != Status::Queued) {
            members.insert("status".to_owned(), json!(Status::Queued));
        }
        if conversation.state.assignee == Some(user) {
            members.insert("assignee".to_owned(), Value::Null);
        }
        if !members.is_empty() {
            write.append(Append::change(target, user, Value::Object(members), now))?;
        }
        let meta = match self.channels.as_slice() {
            [] => Map::new(),
            channels => Map::from_iter([("channels".to_owned(), json!(channels))]),
        };
        write.append(command("/notify", meta))?;
        write.conversation(conversation.organization.into(), id)
    }
}
