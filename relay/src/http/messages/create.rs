//! POST `/v2/conversations/{conversation}/messages`: one message, or an array, in order, all or none.

use super::{MOST, check_count, check_touchpoint};
use crate::{
    app::App,
    http::{Refused, answer::Created, conversations, idempotency::Post, openapi::Operation, path::Path},
    model::Conversation,
    store::{Append, Target},
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use shared::{
    Error, ErrorCode,
    message::{Draft, Message},
};
use std::fmt;

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
    Operation::new("createMessages", "Say something: one message, or several in order, all or none")
        .refusing([ErrorCode::BadCommand, ErrorCode::ForbiddenCommand, ErrorCode::TouchpointUnavailable])
}

pub(super) async fn create(
    State(app): State<App>,
    Path(conversation): Path<String>,
    post: Post<Drafts>,
) -> Result<Created<Messages>, Refused> {
    post.body.check()?;
    let (id, now) = (conversations::id_of(&conversation)?, app.now());
    let stored = post.once(&app, move |write, agent, drafts| {
        let Conversation { organization, .. } = write.conversation(agent.scope(), id)?;
        let target = Target::Conversation { organization, conversation: id };
        let append = |draft| Append { target, author: agent.author(), draft, now };
        match drafts {
            Drafts::One(draft) => Ok(Messages::One(Box::new(write.append(append(*draft))?.message))),
            Drafts::Several(drafts) => {
                let appended = write.append_all(drafts.into_iter().map(append).collect())?;
                Ok(Messages::Several(appended.into_iter().map(|appended| appended.message).collect()))
            }
        }
    });
    Ok(Created(stored.await?))
}

impl Drafts {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::One(draft) => check_touchpoint(draft.touchpoint.as_deref(), "touchpoint"),
            Self::Several(drafts) => {
                check_count(drafts)?;
                let mut drafts = drafts.iter().enumerate();
                drafts.try_for_each(|(at, draft)| {
                    let nested = |field: &str| format!("[{at}].{field}");
                    check_touchpoint(draft.touchpoint.as_deref(), &nested("touchpoint"))?;
                    draft.check().map_err(|error| {
                        let field = nested(error.field.as_deref().unwrap_or_default());
                        error.with_field(field)
                    })
                })
            }
        }
    }
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
