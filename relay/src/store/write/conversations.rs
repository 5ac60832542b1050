//! A conversation is opened.

use super::{Write, outbox::Subject};
use crate::{
    model::{Contact, Conversation, ConversationType, User, UserRole, made_up_name},
    store::{
        StoreError, Window,
        read::WEB,
        sql::{integer, json},
    },
};
use rusqlite::params;
use shared::{
    ContactId, ConversationId, Error, ErrorCode, Millis, OrganizationId, Seq, UserId, conversation::State,
};

/// Entries after the one that was read. Who is further behind still has all of them before them.
const LOOKED_AT: usize = 256;

#[derive(Debug, Clone)]
pub struct NewConversation {
    pub organization: OrganizationId,
    pub kind: ConversationType,
    /// Whom it is with; none for a team conversation.
    pub contact: Option<ContactId>,
    /// What it starts from: name (one is made up where there is none), category, meta and so on.
    pub state: State,
    /// The medium of its messages; `web` where absent.
    pub touchpoint: Option<String>,
    pub created_by: Option<UserId>,
    pub now: Millis,
}

impl Write<'_> {
    /// Opens a conversation and links its contact to it. Its log is empty, but for the forms of its category.
    ///
    /// # Errors
    /// `not_found` for the contact, `contact_exists` when it has a conversation, or a failure of the database.
    pub fn create_conversation(&mut self, new: &NewConversation) -> Result<Conversation, StoreError> {
        let id: ConversationId = self.new_id(new.now);
        if let Some(contact) = new.contact {
            let mut contact: Contact = self.get(new.organization.into(), contact)?;
            if contact.conversation.is_some() {
                let what = format!("contact {} has a conversation already", contact.id);
                return Err(Error::new(ErrorCode::ContactExists, what).into());
            }
            contact.conversation = Some(id);
            self.update(&contact)?;
        }
        let name = new.state.name.clone().unwrap_or_else(|| made_up_name(&id));
        let state = State { name: Some(name), ..new.state.clone() };
        let mut statement = self.statement(
            "INSERT INTO conversations (id, organization, type, contact, touchpoint, status, assignee, category, state,
                                        created_by, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        statement.execute(params![
            id.as_bytes(),
            new.organization.as_bytes(),
            new.kind.as_str(),
            new.contact.map(|id| *id.as_bytes()),
            new.touchpoint.as_deref().unwrap_or(WEB),
            state.status.as_str(),
            state.assignee.map(|id| *id.as_bytes()),
            state.category,
            json(&state),
            new.created_by.map(|id| *id.as_bytes()),
            integer(new.now.0),
        ])?;
        drop(statement);
        self.statement(
            "INSERT INTO conversation_heads (conversation, head, updated_at) VALUES (last_insert_rowid(), 0, ?1)",
        )?
        .execute([integer(new.now.0)])?;
        self.announce(new.organization, "conversation.create", Subject::conversation(id))?;
        if let Some(category) = &new.state.category {
            let forms = self.forms_of_category(new.organization, id, category)?;
            self.activate_forms(new.organization, id, &forms, new.now)?;
        }
        self.conversation(new.organization.into(), id)
    }

    /// Notes that a user has read a conversation, all of it or up to an entry. What was read stays so: the count of what
    /// is unread only falls, and who takes no part has none. The contact sees how far people have read, not bots. Returns up to
    /// where the user has.
    ///
    /// # Errors
    /// `invalid` for an entry that is not there, or a failure of the database.
    pub fn mark_read(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        user: &User,
        up_to: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        let head = self.memory.head(self.read.connection, organization, conversation)?.seq;
        let up_to = up_to.unwrap_or(head);
        if up_to > head {
            return Err(Error::invalid("seq", format!("the newest entry is {head}")).into());
        }
        let later = self.messages(organization.into(), conversation, Window::After(up_to), LOOKED_AT)?;
        if later.len() < LOOKED_AT {
            let unread = later.iter().filter(|message| State::is_news_for(message, user.id)).count() as u64;
            self.memory.mark_read(conversation, |state| state.mark_read(user.id, unread));
        }
        if user.role != UserRole::Bot {
            self.memory.mark_read(conversation, |state| advance(&mut state.agents_read_seq, up_to));
        }
        Ok(up_to)
    }

    /// Notes that its contact has read a conversation up to an entry. Returns whether that was not known.
    ///
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn mark_read_by_contact(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        up_to: Seq,
    ) -> Result<bool, StoreError> {
        let head = self.memory.head(self.read.connection, organization, conversation)?.seq;
        let up_to = up_to.min(head);
        Ok(self.memory.mark_read(conversation, |state| advance(&mut state.contact_read_seq, up_to)))
    }
}

/// Moves a mark on, never back.
fn advance(mark: &mut Seq, seq: Seq) -> bool {
    let is_news = seq > *mark;
    *mark = seq.max(*mark);
    is_news
}
