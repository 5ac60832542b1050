//! The scene of most tests: an organization with an agent, a store, and short ways to say things.

use relay::{
    bus::Bus,
    model::{Conversation, Organization, User, UserRole},
    store::{Append, Appended, Author, Record, Store, StoreError, Target, TokenHash, Write},
};
use shared::{
    ConversationId, Error, Millis, OrganizationId, Seq, UserId, VisitorToken,
    message::{Draft, Message, MessageType, Role},
};

/// A way to open a store. `open` can be called again, while another store on the same data is open or after.
pub(crate) trait Backend: Default {
    fn open(&self, bus: Bus) -> Store;
}

pub(crate) struct Desk<B> {
    pub(crate) backend: B,
    pub(crate) bus: Bus,
    pub(crate) store: Store,
    pub(crate) organization: OrganizationId,
    pub(crate) agent: UserId,
}

pub(crate) const NOW: Millis = Millis(1_600_000_000_000);

impl<B: Backend> Desk<B> {
    pub(crate) async fn new(backend: B) -> Self {
        let bus = Bus::default();
        let store = backend.open(bus.clone());
        let (organization, agent) = found_organization(&store, "Cyclo").await;
        Self { backend, bus, store, organization, agent }
    }

    /// Ends the store and opens its data again.
    pub(crate) fn restart(self) -> Self {
        let Self { backend, bus, store, organization, agent } = self;
        drop(store);
        let store = backend.open(bus.clone());
        Self { backend, bus, store, organization, agent }
    }

    /// What a visitor with this token says.
    pub(crate) fn visitor_says(&self, token: u8, draft: Draft) -> Append {
        let target = Target::Visitor { organization: self.organization, token: token_hash(token) };
        Append { target, author: Author::Contact, draft, now: NOW }
    }

    /// What the contact of a conversation says.
    pub(crate) fn contact_says(&self, conversation: ConversationId, draft: Draft) -> Append {
        Append { target: self.target(conversation), author: Author::Contact, draft, now: NOW }
    }

    pub(crate) fn agent_says(&self, conversation: ConversationId, draft: Draft) -> Append {
        let author = Author::User { id: self.agent, name: "Ada".into() };
        Append { target: self.target(conversation), author, draft, now: NOW }
    }

    fn target(&self, conversation: ConversationId) -> Target {
        Target::Conversation { organization: self.organization, conversation }
    }

    /// A conversation with one entry.
    pub(crate) async fn open_conversation(&self, token: u8) -> ConversationId {
        let first = self.visitor_says(token, text("Hello"));
        self.store.append(first).await.unwrap().message.conversation
    }

    pub(crate) async fn command(
        &self,
        conversation: ConversationId,
        command: &str,
    ) -> Result<Appended, Error> {
        let appended = self.store.append(self.contact_says(conversation, command_draft(command))).await;
        appended.map_err(refusal)
    }

    pub(crate) async fn log(&self, conversation: ConversationId) -> Vec<Message> {
        let scope = self.organization.into();
        let window = relay::store::Window::After(Seq::ZERO);
        self.store.read(move |read| read.messages(scope, conversation, window, 10_000)).await.unwrap()
    }

    pub(crate) async fn conversation(&self, id: ConversationId) -> Conversation {
        let scope = self.organization.into();
        self.store.read(move |read| read.conversation(scope, id)).await.unwrap()
    }

    pub(crate) async fn insert<R: Record + Send + 'static>(&self, record: R) {
        self.store.write(move |write| write.insert(&record)).await.unwrap();
    }
}

pub(crate) async fn found_organization(store: &Store, name: &str) -> (OrganizationId, UserId) {
    let name = name.to_owned();
    let found = move |write: &mut Write<'_>| {
        let (organization, agent) = (write.new_id(NOW), write.new_id(NOW));
        write.insert(&organization_named(organization, &name))?;
        write.insert(&user_of(Some(organization), agent))?;
        Ok((organization, agent))
    };
    store.write(found).await.unwrap()
}

pub(crate) fn organization_named(id: OrganizationId, name: &str) -> Organization {
    Organization::new(id, name, NOW)
}

pub(crate) fn user_of(organization: Option<OrganizationId>, id: UserId) -> User {
    User {
        id,
        organization,
        name: "Ada".into(),
        email: None,
        role: UserRole::Agent,
        avatar: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn token_hash(token: u8) -> TokenHash {
    TokenHash::of(&VisitorToken::from_bytes([token; 32]))
}

pub(crate) fn text(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

pub(crate) fn keyed(key: &str, draft: Draft) -> Draft {
    Draft { client_key: Some(key.parse().unwrap()), ..draft }
}

pub(crate) fn as_agent(draft: Draft) -> Draft {
    Draft { role: Role::Agent, ..draft }
}

/// A draft of the type that the command's sigil asks for.
pub(crate) fn command_draft(command: &str) -> Draft {
    let kind = match command.as_bytes()[0] {
        b'.' => MessageType::Field,
        b'+' => MessageType::Form,
        b'@' => MessageType::Mention,
        _ => MessageType::Command,
    };
    Draft { kind, ..text(command) }
}

/// The refusal that was expected.
pub(crate) fn refusal(error: StoreError) -> Error {
    match error {
        StoreError::Refused(error) => error,
        StoreError::Failed(failure) => panic!("the store failed: {failure}"),
    }
}
