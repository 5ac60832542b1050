//! What is asked of the store when something is said, and what it answers.

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::{
    ConversationId, Millis, OrganizationId, UserId, VisitorToken,
    message::{Draft, Message, MessageType, Role},
    wire::Receipt,
};

/// One entry to be stored.
#[derive(Debug, Clone)]
pub struct Append {
    pub target: Target,
    pub author: Author,
    pub draft: Draft,
    pub now: Millis,
}

impl Append {
    /// A change made through the API: these members of the state are replaced, whole.
    #[must_use]
    pub fn change(target: Target, by: UserId, members: Value, now: Millis) -> Self {
        let draft = Draft {
            kind: MessageType::Status,
            role: Role::System,
            user: Some(by),
            payload: Some(members),
            ..Draft::default()
        };
        Self { target, author: Author::System, draft, now }
    }

    /// When it is said, where the one before it is said at that time.
    pub(super) fn due(&self, before: Millis) -> Millis {
        self.now.max(before) + self.draft.delay()
    }
}

/// Where the entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Conversation {
        organization: OrganizationId,
        conversation: ConversationId,
    },
    /// The conversation of whoever holds this token. An unknown one opens a conversation with a new contact
    /// in the same transaction. Once the conversation is known, naming it saves a look-up.
    Visitor {
        organization: OrganizationId,
        token: TokenHash,
    },
}

/// Who says it. Decides the role where the draft may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The conversation's own contact.
    Contact,
    /// A user of the organization, by the name that the contact sees.
    User { id: UserId, name: String },
    /// The relay itself.
    System,
}

/// SHA-256 of a visitor's token: what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    #[must_use]
    pub fn of(token: &VisitorToken) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// What stands in the place of a token for a verified person: the same on every device of theirs. Made of 40 bytes,
    /// and a token has 32: nobody's token has this hash.
    #[must_use]
    pub fn of_subject(subject: &str) -> Self {
        let person = Sha256::digest(subject);
        Self(Sha256::new().chain_update(b"identity").chain_update(person).finalize().into())
    }

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// SHA-256 of what a one-time link carries: what is stored of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkHash([u8; 32]);

impl LinkHash {
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An entry that is stored, or held until it is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    pub message: Message,
    /// Its place in the organization's stream; zero while it is held.
    pub cursor: u64,
    /// It was stored before, under the same client key; nothing new was.
    pub repeated: bool,
}

impl Appended {
    /// The proof for the sender; none where the sender gave no key.
    #[must_use]
    pub fn receipt(&self) -> Option<Receipt> {
        receipt_of(&self.message)
    }
}

pub(super) fn receipt_of(message: &Message) -> Option<Receipt> {
    let key = message.client_key.clone()?;
    Some(Receipt {
        key,
        id: message.id,
        seq: message.seq,
        conversation: message.conversation,
        at: message.created_at,
    })
}
