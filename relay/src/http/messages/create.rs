//! POST `/v2/conversations/{conversation}/messages`: one message, or an array, in order, all or none. POST `/v2/messages` is
//! the same where the messages say which conversation.

use super::{MOST, check_all, check_conversation, check_touchpoint};
use crate::{
    app::App,
    http::{
        Refused, answer::Created, conversations, idempotency::Post, links::Shortener, openapi::Operation,
        origin::Host, path::Path,
    },
    store::{Append, Target},
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use shared::{
    ConversationId, Error, ErrorCode,
    message::{Draft, Message, Role},
};
use std::{fmt, slice};

#[derive(Debug, JsonSchema)]
#[schemars(untagged, inline)]
pub(super) enum Drafts {
    One(Box<Draft>),
    Several(#[schemars(length(max = MOST))] Vec<Draft>),
}

/// In the shape of the question.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Messages {
    One(Box<Message>),
    Several(Vec<Message>),
}

pub(super) fn operation() -> Operation {
    refusing(Operation::new("createMessages", "Say something: one message, or several in order, all or none"))
}

pub(super) fn operation_where_said() -> Operation {
    refusing(Operation::new(
        "createMessagesWhereSaid",
        "Say something in the conversation that the messages name",
    ))
}

fn refusing(operation: Operation) -> Operation {
    operation.refusing([ErrorCode::BadCommand, ErrorCode::ForbiddenCommand, ErrorCode::TouchpointUnavailable])
}

pub(super) async fn create(
    State(app): State<App>,
    Path(conversation): Path<String>,
    host: Host,
    post: Post<Drafts>,
) -> Result<Created<Messages>, Refused> {
    let (id, now) = (conversations::id_of(&conversation)?, app.now());
    post.body.check(id)?;
    let (shortener, user) = (Shortener::new(&app, host), post.agent.user.clone());
    let stored = post.once(&app, move |write, agent, drafts| {
        let owner = write.owner(agent.scope(), id)?;
        let target = Target::Conversation { organization: owner.organization, conversation: id };
        let append = |draft| Append { target, author: agent.author(), draft, now };
        match drafts {
            Drafts::One(mut draft) => {
                let alone = slice::from_mut(&mut *draft);
                shortener.shorten_all(write, owner, alone, |_, field| field.to_owned(), now)?;
                Ok(Messages::One(Box::new(write.append(append(*draft))?.message)))
            }
            Drafts::Several(mut drafts) => {
                shortener.shorten_all(write, owner, &mut drafts, field_of, now)?;
                let appended = write.append_all(drafts.into_iter().map(append).collect())?;
                Ok(Messages::Several(appended.into_iter().map(|appended| appended.message).collect()))
            }
        }
    });
    let stored = stored.await?;
    if let Some(message) = stored.spoken() {
        app.presence.wrote(message.organization, &user, now);
    }
    Ok(Created(stored))
}

pub(super) async fn create_where_said(
    app: State<App>,
    host: Host,
    post: Post<Drafts>,
) -> Result<Created<Messages>, Refused> {
    let conversation = post.body.conversation()?;
    create(app, Path(conversation.to_string()), host, post).await
}

impl Messages {
    /// One that was said to the contact.
    fn spoken(&self) -> Option<&Message> {
        let messages = match self {
            Self::One(message) => slice::from_ref(&**message),
            Self::Several(messages) => messages,
        };
        messages.iter().find(|message| message.role == Role::Agent)
    }
}

impl Drafts {
    /// The one of the first; the others may be of no other.
    fn conversation(&self) -> Result<ConversationId, Error> {
        let (named, field) = match self {
            Self::One(draft) => (draft.conversation, "conversation"),
            Self::Several(drafts) => {
                (drafts.first().and_then(|draft| draft.conversation), "[0].conversation")
            }
        };
        named.ok_or_else(|| Error::invalid(field, "in which conversation is it said?"))
    }

    fn check(&self, conversation: ConversationId) -> Result<(), Error> {
        match self {
            Self::One(draft) => {
                check_conversation(draft, Some(conversation), "conversation")?;
                check_touchpoint(draft.touchpoint.as_deref(), "touchpoint")
            }
            Self::Several(drafts) => check_all(drafts, Some(conversation), field_of),
        }
    }
}

/// A member of the n-th message, as errors name it.
fn field_of(at: usize, field: &str) -> String {
    format!("[{at}].{field}")
}

impl<'de> Deserialize<'de> for Drafts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Drafts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message, or an array of messages")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Drafts, A::Error> {
                Deserialize::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Drafts::Several)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Drafts, A::Error> {
                let draft = Draft::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Drafts::One(Box::new(draft)))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
