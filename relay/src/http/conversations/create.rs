//! POST `/v2/conversations`: with a contact (one is made, and something is said to it), or without: a team's.

use super::{check_texts, shape::shown};
use crate::{
    app::App,
    auth::Agent,
    http::{
        Refused,
        answer::Created,
        contacts,
        idempotency::Post,
        links::Shortener,
        messages,
        openapi::Operation,
        origin::{self, Host},
        users, valid,
    },
    model::{
        Contact, Conversation, ConversationType, Organization,
        text::{Meta, Profile, Short},
    },
    store::{Append, NewConversation, Owner, StoreError, Target, Write},
};
use axum::{extract::State, http::HeaderMap};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};
use shared::{
    ContactId, Error, ErrorCode, Millis, OrganizationId, UserId,
    conversation::State as Log,
    message::{Draft, WEB},
};
use std::fmt;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "NewConversation")]
pub(super) struct Start {
    organization: Option<OrganizationId>,
    #[serde(rename = "type")]
    kind: Option<ConversationType>,
    contact: Option<Whom>,
    #[serde(default)]
    #[schemars(length(max = messages::MOST))]
    messages: Vec<Draft>,
    #[schemars(with = "Option<Short>")]
    name: Option<String>,
    #[schemars(with = "Option<Short>")]
    category: Option<String>,
    #[schemars(with = "Option<Short>")]
    priority: Option<String>,
    #[schemars(with = "Option<Short>")]
    subject: Option<String>,
    assignee: Option<UserId>,
    #[serde(default)]
    #[schemars(with = "Meta")]
    meta: Map<String, Value>,
    #[schemars(extend("enum" = [WEB, null]))]
    touchpoint: Option<String>,
}

/// A contact by its id, or a new one.
#[derive(Debug, JsonSchema)]
#[schemars(untagged, inline)]
enum Whom {
    Known(ContactId),
    New(NewContact),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewContactOfConversation")]
struct NewContact {
    #[schemars(with = "Profile")]
    profile: Map<String, Value>,
}

pub(super) fn operation() -> Operation {
    Operation::new("createConversation", "Begin a conversation").refusing([
        ErrorCode::ContactExists,
        ErrorCode::BadCommand,
        ErrorCode::ForbiddenCommand,
        ErrorCode::TouchpointUnavailable,
    ])
}

pub(super) async fn create(
    State(app): State<App>,
    headers: HeaderMap,
    post: Post<Start>,
) -> Result<Created<Conversation>, Refused> {
    post.body.check()?;
    let (now, own) = (app.now(), origin::own(&app, &headers));
    let shortener = Shortener::new(&app, Host::of(&headers));
    let started = post.once(&app, move |write, agent, start| {
        let started = start.carry_out(write, &agent, &shortener, now)?;
        shown(write, &own, started)
    });
    Ok(Created(started.await?))
}

impl Start {
    fn kind(&self) -> ConversationType {
        let default =
            if self.contact.is_some() { ConversationType::Contact } else { ConversationType::Agent };
        self.kind.unwrap_or(default)
    }

    /// What can be told without the store.
    fn check(&self) -> Result<(), Error> {
        messages::check_touchpoint(self.touchpoint.as_deref(), "touchpoint")?;
        messages::check_all(&self.messages, None, field_of)?;
        check_texts([&self.name, &self.category, &self.priority, &self.subject].map(Option::as_deref))?;
        valid::meta(&self.meta)?;
        match (self.kind(), &self.contact) {
            (ConversationType::Contact, None) => {
                Err(Error::invalid("contact", "a conversation with a contact needs one"))
            }
            (ConversationType::Contact, Some(_)) if self.messages.is_empty() => {
                Err(Error::invalid("messages", "at least one message is needed"))
            }
            (ConversationType::Contact, Some(Whom::New(new))) if !contacts::is_identified(&new.profile) => {
                Err(Error::invalid("contact.profile", "an email or a telephone is needed"))
            }
            (ConversationType::Agent | ConversationType::Bot | ConversationType::System, Some(_)) => {
                Err(Error::invalid("type", "a conversation with a contact is of type contact"))
            }
            (_, _) => Ok(()),
        }
    }

    fn carry_out(
        mut self,
        write: &mut Write<'_>,
        agent: &Agent,
        shortener: &Shortener,
        now: Millis,
    ) -> Result<Conversation, StoreError> {
        let named = agent.organization(self.organization)?;
        let Organization { id: organization, .. } = write.get(agent.scope(), named)?;
        self.assignee.map_or(Ok(()), |user| users::check(write, organization, user, "assignee"))?;
        let kind = self.kind();
        let contact = self.contact.map(|whom| whom.find_or_insert(write, organization, now)).transpose()?;
        let name = self.name.or_else(|| contact.as_ref()?.profile.get("name")?.as_str().map(str::to_owned));
        let opened = write.create_conversation(&NewConversation {
            organization,
            kind,
            contact: contact.map(|contact| contact.id),
            state: Log {
                name,
                category: self.category,
                priority: self.priority,
                subject: self.subject,
                assignee: self.assignee,
                meta: self.meta,
                ..Log::default()
            },
            touchpoint: self.touchpoint,
            created_by: Some(agent.user.id),
            now,
        })?;
        shortener.shorten_all(write, Owner::from(&opened), &mut self.messages, field_of, now)?;
        let target = Target::Conversation { organization, conversation: opened.id };
        let append = |draft| Append { target, author: agent.author(), draft, now };
        let appended = write.append_all(self.messages.into_iter().map(append).collect())?;
        let messages = appended.iter().map(|appended| appended.message.id).collect();
        Ok(Conversation { messages: Some(messages), ..write.conversation(organization.into(), opened.id)? })
    }
}

/// A member of the n-th message, as errors name it.
fn field_of(at: usize, field: &str) -> String {
    format!("messages[{at}].{field}")
}

impl Whom {
    fn find_or_insert(
        self,
        write: &mut Write<'_>,
        organization: OrganizationId,
        now: Millis,
    ) -> Result<Contact, StoreError> {
        let contact = match self {
            Self::Known(id) => write.get(organization.into(), id),
            Self::New(new) => contacts::insert(write, organization, new.profile, now),
        };
        contact.map_err(|error| error.within("contact"))
    }
}

impl<'de> Deserialize<'de> for Whom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Whom;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a contact's id, or an object with a profile")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Whom, E> {
                text.parse().map(Whom::Known).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Whom, A::Error> {
                NewContact::deserialize(de::value::MapAccessDeserializer::new(map)).map(Whom::New)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
