//! One entry is stored: where it belongs, what becomes of the draft, its place in the log, and what it
//! changes. A plain text in a known conversation costs one insert.

use super::{Write, categories::category_of, commands::Resolved, outbox::Subject, statement};
use crate::store::{
    Append, Appended, Author, StoreError, Target,
    ids::{is_held, message_id},
    memory::Head,
    read::{Logged, write_extra},
    sql::integer,
};
use rusqlite::params;
use shared::{
    ClientKey, ConversationId, Error, MessageId, Millis, OrganizationId, UserId,
    message::{Draft, Message, MessageStatus, MessageType, PLAIN_TEXT, Role},
};

/// What became of an entry.
#[derive(Debug)]
pub(in crate::store) enum Stored {
    /// The n-th of the group.
    New(usize),
    /// None of the group: it was there before, or it is held.
    Answered(Box<Appended>),
}

impl Write<'_> {
    /// Stores one entry, or holds it where it has a delay.
    ///
    /// # Errors
    /// The refusal that its sender must hear, or a failure. Nothing is stored then.
    pub fn append(&mut self, append: Append) -> Result<Appended, StoreError> {
        let due = append.due(append.now);
        self.append_at(append, due)
    }

    /// Stores several entries in order, all or none. One that follows another with a delay waits for it, and its own
    /// delay counts from there.
    ///
    /// # Errors
    /// What [`Self::append`] says of the first that cannot be stored.
    pub fn append_all(&mut self, appends: Vec<Append>) -> Result<Vec<Appended>, StoreError> {
        self.atomically(|write| {
            let mut due = Millis(0);
            let stored = appends.into_iter().map(|append| {
                due = append.due(due);
                write.append_at(append, due)
            });
            stored.collect()
        })
    }

    /// Whether something was said, or is held, in this conversation under this client key.
    ///
    /// # Errors
    /// `not_found` for the conversation, or a failure of the database.
    pub fn is_said(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        client_key: &ClientKey,
    ) -> Result<bool, StoreError> {
        let head = self.memory.head(self.read.connection, organization, conversation)?;
        let name = (head.key, client_key.clone());
        Ok(self.memory.keyed(self.read.connection, &name)?.is_some() || self.held_under(&name)?.is_some())
    }

    fn append_at(&mut self, append: Append, due: Millis) -> Result<Appended, StoreError> {
        append.draft.check()?;
        match self.store_at(append, due)? {
            Stored::New(index) => {
                let Logged { message, cursor, .. } = &self.memory.appended[index];
                Ok(Appended { message: message.clone(), cursor: *cursor, repeated: false })
            }
            Stored::Answered(appended) => Ok(*appended),
        }
    }

    /// [`Self::append`] for a draft that was checked.
    pub(in crate::store) fn store(&mut self, append: Append) -> Result<Stored, StoreError> {
        let due = append.due(append.now);
        self.store_at(append, due)
    }

    fn store_at(&mut self, append: Append, due: Millis) -> Result<Stored, StoreError> {
        match append.target {
            Target::Conversation { organization, conversation } => {
                self.store_in(organization, conversation, append, due)
            }
            Target::Visitor { organization, token } => match self.visitor(organization, &token)? {
                Some(known) => self.store_in(organization, known.conversation, append, due),
                None => self.atomically(|write| {
                    let conversation = write.open_for_visitor(organization, &token, append.now)?;
                    write.store_in(organization, conversation, append, due)
                }),
            },
        }
    }

    fn store_in(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        append: Append,
        due: Millis,
    ) -> Result<Stored, StoreError> {
        let Append { author, draft, now, .. } = append;
        let head = self.memory.head(self.read.connection, organization, conversation)?;
        let message = compose(head, conversation, &author, draft, now);
        if message.kind == MessageType::Status && author != Author::System {
            return Err(Error::invalid("type", "a status entry is written by the relay alone").into());
        }
        self.place(&author, message, due)
    }

    /// Stores a message of a conversation whose head is loaded, or holds it.
    pub(super) fn place(
        &mut self,
        author: &Author,
        mut message: Message,
        due: Millis,
    ) -> Result<Stored, StoreError> {
        let (organization, now) = (message.organization, message.created_at);
        let head = self.memory.head(self.read.connection, organization, message.conversation)?;
        let (key, has_held) = (head.key, head.held > 0);
        let name = message.client_key.clone().map(|client_key| (key, client_key));
        if let Some(name) = &name {
            if let Some(position) = self.memory.keyed(self.read.connection, name)? {
                let known = self.read.at(position)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                let Logged { message, cursor, .. } = known;
                return Ok(Stored::Answered(Box::new(Appended { message, cursor, repeated: true })));
            }
            if has_held && let Some(message) = self.held_under(name)? {
                return Ok(Stored::Answered(Box::new(Appended { message, cursor: 0, repeated: true })));
            }
        }
        if let Some(user) = message.user.filter(|user| !author.is(*user)) {
            message.name = Some(self.user_of(organization, user).map_err(|error| error.within("user"))?.name);
        }
        let resolved = if message.kind.is_command() {
            self.resolve(author, &mut message)?
        } else if message.kind == MessageType::Results && *author == Author::Contact {
            self.resolve_results(&mut message)?;
            Resolved::Entry
        } else if message.kind == MessageType::Event && message.role == Role::Contact {
            self.resolve_event(author, &message)?
        } else if message.kind == MessageType::Status
            && let Some(category) = category_of(&message)
        {
            self.resolve_category(&message, category)?
        } else {
            Resolved::Entry
        };
        if due > now {
            let message = self.hold(message, due)?;
            return Ok(Stored::Answered(Box::new(Appended { message, cursor: 0, repeated: false })));
        }
        match resolved {
            Resolved::Entry => self.insert_entry(message, name),
            Resolved::ProfileFields { contact, fields } => self.atomically(|write| {
                write.set_profile_fields(organization, contact, &fields, now)?;
                write.insert_entry(message, name)
            }),
            Resolved::Category { forms } => self.atomically(|write| {
                let conversation = message.conversation;
                let stored = write.insert_entry(message, name)?;
                write.activate_forms(organization, conversation, &forms, now)?;
                Ok(stored)
            }),
        }
    }

    /// Gives the entry its place, and an id where it was not held, and writes it.
    fn insert_entry(
        &mut self,
        mut message: Message,
        name: Option<(i64, ClientKey)>,
    ) -> Result<Stored, StoreError> {
        let cursor = self.memory.last_position + 1;
        if is_held(message.id) {
            self.note_place(message.id, cursor)?;
        } else {
            message.id = message_id(message.created_at, cursor);
        }
        self.weigh_file(&mut message)?;
        let head = self.memory.head(self.read.connection, message.organization, message.conversation)?;
        message.seq = head.seq.next();
        let conversation_type = head.kind;
        let extra = write_extra(&message);
        let mut statement = statement(
            self.read.connection,
            "INSERT INTO messages (pos, organization, conversation, seq, type, role, text, client_key, user, name,
                                   created_at, extra)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        statement.execute(params![
            integer(cursor),
            head.organization_key,
            head.key,
            integer(message.seq.0),
            message.kind.as_str(),
            message.role.as_str(),
            message.text,
            message.client_key.as_ref().map(ClientKey::as_str),
            message.user.as_ref().map(UserId::as_bytes),
            message.name,
            integer(message.created_at.0),
            extra,
        ])?;
        self.name_files(message.organization, integer(cursor), [Some(&message.text), extra.as_ref()])?;
        if let Some(name) = name {
            self.memory.note_key(name);
        }
        let (organization, conversation) = (message.organization, message.conversation);
        let advanced = self.memory.advance(Logged { message, cursor, conversation_type });
        let stored = Stored::New(self.memory.appended.len() - 1);
        if advanced.is_changed {
            self.announce(organization, "conversation.update", Subject::conversation(conversation))?;
        }
        if let Some(channel) = advanced.notified {
            self.announce(organization, "channel.notify", Subject::notification(conversation, channel))?;
        }
        Ok(stored)
    }
}

impl Author {
    fn is(&self, user: UserId) -> bool {
        match self {
            Self::User { id, .. } => *id == user,
            Self::Contact => false,
            // The relay says for whom it acts, and knows.
            Self::System => true,
        }
    }
}

/// The draft as an entry of this conversation, still without id and place.
fn compose(
    head: &Head,
    conversation: ConversationId,
    author: &Author,
    mut draft: Draft,
    now: Millis,
) -> Message {
    draft.complete();
    let (role, user, name) = match author {
        Author::Contact => (Role::Contact, None, None),
        Author::User { id, name } => (draft.role, Some(draft.user.unwrap_or(*id)), Some(name.clone())),
        Author::System => (Role::System, draft.user, None),
    };
    Message {
        id: MessageId::from_bytes([0; 12]),
        organization: head.organization,
        conversation,
        seq: head.seq,
        kind: draft.kind,
        role,
        text: draft.text,
        content_type: draft.content_type.unwrap_or_else(|| PLAIN_TEXT.to_owned()),
        user,
        contact: head.contact.filter(|_| role == Role::Contact),
        name,
        touchpoint: draft.touchpoint.unwrap_or_else(|| head.touchpoint.clone()),
        is_backchannel: draft.is_backchannel && *author != Author::Contact,
        actions: draft.actions,
        items: draft.items,
        results: draft.results,
        iframe: draft.iframe,
        payload: draft.payload,
        meta: draft.meta,
        delay: draft.delay.filter(|delay| *delay > 0),
        client_key: draft.client_key,
        status: MessageStatus::Sent,
        created_at: now,
        updated_at: now,
        edited_at: None,
    }
}
