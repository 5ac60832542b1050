//! Commands and events, as far as they need more than the conversation itself: whether their sender may use them,
//! whether what they name exists in the organization, and whose field is set.

use super::Write;
use crate::{
    model::{Channel, Contact, Form, User},
    store::{Author, Scope, StoreError},
};
use serde_json::{Value, json};
use shared::{
    ContactId, Error, ErrorCode, FormId, Millis, OrganizationId, UserId,
    command::{Command, Property},
    event::{PageEvent, check_session},
    limits,
    message::Message,
};

/// Fields of one conversation, and members of one profile: four long forms.
pub(super) const FIELDS: usize = 256;

/// Members of `meta` that say which form a message is about, which field of it, and whom a notification is for, where web1on1's
/// SDK has them.
const FORM: &str = "form";
const KEY: &str = "key";
const ORGANIZATIONS: &str = "organizations";

/// What a command asks of the store.
#[derive(Debug)]
pub(super) enum Resolved {
    /// To be logged; the conversation's state follows.
    Entry,
    /// The contact's profile changes, too.
    ProfileFields { contact: ContactId, fields: Vec<(String, String)> },
    /// The category that is set brings these forms.
    Category { forms: Vec<FormId> },
}

impl Write<'_> {
    /// Checks the command in `message`, writes it the one way it is written, and says whose field it sets.
    pub(super) fn resolve(&mut self, author: &Author, message: &mut Message) -> Result<Resolved, StoreError> {
        let command = match author {
            Author::Contact => Command::parse(&message.text),
            Author::User { .. } | Author::System => Command::of_message(&message.text, &message.meta),
        }?;
        if command.message_type() != message.kind {
            let what = format!("a message of type {} does not say '{}'", message.kind.as_str(), message.text);
            return Err(Error::new(ErrorCode::BadCommand, what).into());
        }
        let organization = message.organization;
        if *author == Author::Contact {
            let rules = self.memory.rules(self.read.connection, organization)?;
            if !command.family().is_some_and(|family| rules.visitor_commands.contains(&family)) {
                let what = "the organization does not let visitors use this command";
                return Err(Error::new(ErrorCode::ForbiddenCommand, what).into());
            }
        }
        let (text, named) = command.logged();
        message.text = text;
        if let Some((member, value)) = named {
            message.meta.insert(member.to_owned(), value);
        }
        match command {
            Command::Field { name, value } => self.resolve_field(message, name, value),
            Command::Form(form) => {
                self.get::<Form>(organization.into(), form)?;
                message.meta.insert(FORM.to_owned(), form.to_string().into());
                Ok(Resolved::Entry)
            }
            Command::SetProperty { name: Property::Category, value } => {
                self.resolve_category(message, &value)
            }
            Command::SetMeta { name, value } if !value.is_empty() => {
                let meta =
                    &self.memory.head(self.read.connection, organization, message.conversation)?.state.meta;
                bounded(meta.contains_key(&name), meta.len(), limits::META_KEYS, "meta variables")?;
                Ok(Resolved::Entry)
            }
            Command::Notify(channels) => {
                check_organizations(message)?;
                channels
                    .into_iter()
                    .try_for_each(|id| self.get::<Channel>(organization.into(), id).map(drop))?;
                Ok(Resolved::Entry)
            }
            Command::Assign(users) => {
                users.into_iter().try_for_each(|id| self.user_of(organization, id).map(drop))?;
                Ok(Resolved::Entry)
            }
            Command::Mention { user, .. } => self.user_of(organization, user).map(|_| Resolved::Entry),
            Command::SetProperty { .. }
            | Command::SetMeta { .. }
            | Command::Accept
            | Command::Join
            | Command::Leave
            | Command::Close
            | Command::ForBot { .. } => Ok(Resolved::Entry),
        }
    }

    /// Says which forms this category brings to the message's conversation.
    pub(super) fn resolve_category(
        &mut self,
        message: &Message,
        category: &str,
    ) -> Result<Resolved, StoreError> {
        let forms = self.forms_of_category(message.organization, message.conversation, category)?;
        Ok(if forms.is_empty() { Resolved::Entry } else { Resolved::Category { forms } })
    }

    /// A user who works for the organization: one of its own, or one who acts in all.
    pub(super) fn user_of(&self, organization: OrganizationId, id: UserId) -> Result<User, StoreError> {
        let user: User = self.get(Scope::All, id)?;
        match user.organization {
            Some(other) if other != organization => Err(Error::not_found("user", id).into()),
            _ => Ok(user),
        }
    }

    /// Checks what a page tells the bot, and says what it sets in the contact's profile.
    pub(super) fn resolve_event(
        &mut self,
        author: &Author,
        message: &Message,
    ) -> Result<Resolved, StoreError> {
        let state =
            &self.memory.head(self.read.connection, message.organization, message.conversation)?.state;
        match PageEvent::parse(&message.text, message.payload.as_ref())? {
            Some(PageEvent::UpdateSession(variables)) => {
                let mut session = state.session.clone();
                session.extend(variables);
                check_session("payload", &session)?;
                Ok(Resolved::Entry)
            }
            Some(PageEvent::GoToDialogState(_)) => Ok(Resolved::Entry),
            Some(PageEvent::StartEngagement(fields)) => {
                let new = fields.iter().filter(|(name, _)| !state.fields.contains_key(name)).count();
                if state.fields.len() + new > FIELDS {
                    let what = format!(
                        "the conversation has {} fields; at most {FIELDS} are allowed",
                        state.fields.len()
                    );
                    return Err(Error::invalid("payload.formData", what).into());
                }
                Ok(Resolved::ProfileFields { contact: self.contact_of(message)?, fields })
            }
            None if *author == Author::Contact => {
                let what = format!("'{}' is no event of a page", message.text);
                Err(Error::invalid("text", what).into())
            }
            None => Ok(Resolved::Entry),
        }
    }

    /// Sets members of a profile. `location` has two parts: `ORG#DEPARTMENT`.
    pub(super) fn set_profile_fields(
        &mut self,
        organization: OrganizationId,
        contact: ContactId,
        fields: &[(String, String)],
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut contact: Contact = self.get(organization.into(), contact)?;
        for (name, value) in fields {
            bounded(contact.profile.contains_key(name), contact.profile.len(), FIELDS, "profile fields")?;
            let location = value.split_once('#').filter(|_| name == "location");
            if let Some((place, department)) = location {
                contact.profile.insert("department".to_owned(), department.into());
                contact.profile.insert("location".to_owned(), place.into());
            } else {
                contact.profile.insert(name.clone(), value.as_str().into());
            }
        }
        contact.updated_at = now;
        self.update(&contact)
    }

    fn resolve_field(
        &mut self,
        message: &mut Message,
        name: String,
        value: String,
    ) -> Result<Resolved, StoreError> {
        let state =
            &self.memory.head(self.read.connection, message.organization, message.conversation)?.state;
        bounded(state.fields.contains_key(&name), state.fields.len(), FIELDS, "fields")?;
        // The one that the sender names, else the latest activated.
        let named =
            message.meta.get(FORM).and_then(Value::as_str).and_then(|form| form.parse::<FormId>().ok());
        message.meta.insert(KEY.to_owned(), name.as_str().into());
        let candidates: Vec<FormId> = named.into_iter().chain(state.forms.iter().rev().copied()).collect();
        for id in candidates {
            let form: Option<Form> = self.find(message.organization.into(), id)?;
            if form.is_some_and(|form| form.has_field(&name)) {
                message.payload = Some(json!({ FORM: id }));
                message.meta.insert(FORM.to_owned(), id.to_string().into());
                return Ok(Resolved::Entry);
            }
        }
        message.payload = None;
        message.meta.remove(FORM);
        let contact = self.contact_of(message)?;
        Ok(Resolved::ProfileFields { contact, fields: vec![(name, value)] })
    }

    fn contact_of(&mut self, message: &Message) -> Result<ContactId, StoreError> {
        let head = self.memory.head(self.read.connection, message.organization, message.conversation)?;
        head.contact.ok_or_else(|| {
            let what = "the conversation has no contact, and none of its forms has this field";
            Error::new(ErrorCode::BadCommand, what).into()
        })
    }
}

/// Whose inboxes a notification is for, as web1on1's SDK may say. Organizations have none above them here: it is their own.
fn check_organizations(message: &Message) -> Result<(), Error> {
    let named = match message.meta.get(ORGANIZATIONS) {
        Some(Value::Array(several)) => several.as_slice(),
        Some(one @ Value::String(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    let own = message.organization.to_string();
    match named.iter().find(|named| named.as_str() != Some(&own)) {
        Some(other) => Err(Error::not_found("organization", other.as_str().unwrap_or_default())),
        None => Ok(()),
    }
}

/// Refuses a new member of a map that is full.
fn bounded(is_known: bool, count: usize, most: usize, what: &str) -> Result<(), StoreError> {
    if is_known || count < most {
        return Ok(());
    }
    Err(Error::invalid("text", format!("the conversation has {count} {what}; no more are allowed")).into())
}
