//! Where a visitor's socket listens: to its conversation, or, as long as there is none, to who comes and goes.

use crate::bus::{News, Subscription};
use shared::{ConversationId, OrganizationId};

pub(super) enum Listening {
    Nowhere,
    Lobby(Subscription<OrganizationId>),
    Conversation(Subscription<ConversationId>),
}

impl Listening {
    pub(super) async fn changed(&mut self) {
        match self {
            Self::Nowhere => std::future::pending().await,
            Self::Lobby(lobby) => lobby.changed().await,
            Self::Conversation(conversation) => conversation.changed().await,
        }
    }

    /// What has changed beside the log.
    pub(super) fn news(&mut self) -> News {
        match self {
            Self::Nowhere => News { state: false, presence: false },
            Self::Lobby(lobby) => lobby.news(),
            Self::Conversation(conversation) => conversation.news(),
        }
    }
}
