//! Who listens to what, inside this process. The bus carries wake-ups ("conversation C is at seq N"); what was said is
//! read from the store, or from the short tail kept beside a topic that has listeners. What is not stored at all, that
//! somebody is typing, is a whisper: those who listen hear it, nobody keeps it.

mod queues;
mod tail;
mod topic;
mod whispers;

pub(crate) use topic::Topic;

use axum::extract::ws::Utf8Bytes;
use queues::Queues;
use shared::{ConversationId, OrganizationId, Seq};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

/// Shared by the store, which wakes, and by sockets, which listen.
#[derive(Debug, Clone, Default)]
pub struct Bus {
    conversations: Arc<Topics<ConversationId>>,
    organizations: Arc<Topics<OrganizationId>>,
    /// Visitors who have not said anything yet.
    lobbies: Arc<Topics<OrganizationId>>,
    /// Those who only want to know that something happened, and read it themselves: nothing is written for them.
    followers: Arc<Topics<OrganizationId>>,
    queues: Arc<Queues>,
}

impl Bus {
    #[must_use]
    pub fn subscribe_conversation(
        &self,
        organization: OrganizationId,
        id: ConversationId,
    ) -> Subscription<ConversationId> {
        Subscription::new(&self.conversations, id, organization, topic::CONVERSATION)
    }

    /// Tells who comes and goes, and nothing else.
    #[must_use]
    pub fn subscribe_lobby(&self, id: OrganizationId) -> Subscription<OrganizationId> {
        Subscription::new(&self.lobbies, id, id, topic::WAKE_UPS)
    }

    #[must_use]
    pub fn subscribe_organization(&self, id: OrganizationId) -> Subscription<OrganizationId> {
        Subscription::new(&self.organizations, id, id, topic::ORGANIZATION)
    }

    /// Wakes for whatever is stored of the organization; no frames are kept.
    #[must_use]
    pub fn follow_organization(&self, id: OrganizationId) -> Subscription<OrganizationId> {
        Subscription::new(&self.followers, id, id, topic::WAKE_UPS)
    }

    /// Tells a conversation's visitor, where there is one listening.
    pub fn whisper_to_conversation(&self, id: ConversationId, frame: Utf8Bytes) {
        if let Some(topic) = self.conversation(id) {
            topic.whisper(frame);
        }
    }

    /// Tells an organization's agents and programs, where some listen.
    pub fn whisper_to_organization(&self, id: OrganizationId, frame: Utf8Bytes) {
        if let Some(topic) = self.organization(id) {
            topic.whisper(frame);
        }
    }

    /// Tells all visitors of an organization that somebody of it has come or gone. Looks at every topic of the process: a
    /// millisecond for ten thousand, and people come and go a few times an hour.
    pub(crate) fn tell_presence(&self, id: OrganizationId) {
        if let Some(lobby) = self.lobbies.find(id) {
            lobby.tell_presence();
        }
        for topic in self.conversations.0.read().unwrap_or_else(PoisonError::into_inner).values() {
            if topic.organization() == id {
                topic.tell_presence();
            }
        }
    }

    /// A conversation of the organization waits no longer.
    pub(crate) fn move_queue(&self, id: OrganizationId) {
        self.queues.move_on(id);
    }

    /// Waits for organizations whose queue has moved on. For one listener.
    pub async fn moved_queues(&self) -> HashSet<OrganizationId> {
        self.queues.moved().await
    }

    /// The topic of a conversation that somebody listens to.
    pub(crate) fn conversation(&self, id: ConversationId) -> Option<Arc<Topic>> {
        self.conversations.find(id)
    }

    /// The topic of an organization that somebody listens to.
    pub(crate) fn organization(&self, id: OrganizationId) -> Option<Arc<Topic>> {
        self.organizations.find(id)
    }

    /// The topic of an organization that somebody follows.
    pub(crate) fn followers(&self, id: OrganizationId) -> Option<Arc<Topic>> {
        self.followers.find(id)
    }
}

/// A place among the listeners of one topic. Dropping it is the only way to leave; the last one to leave
/// takes the topic along.
#[derive(Debug)]
pub struct Subscription<K: Copy + Eq + Hash> {
    topics: Arc<Topics<K>>,
    id: K,
    topic: Arc<Topic>,
    seen: topic::Mark,
    /// The newest whisper handed over.
    heard: u64,
    /// The changes and the comings and goings that [`Self::news`] has told.
    told: (u64, u64),
}

/// What is another than before, beside the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// How things stand with the conversation.
    pub state: bool,
    /// Who of the organization is there.
    pub presence: bool,
}

impl<K: Copy + Eq + Hash> Subscription<K> {
    fn new(topics: &Arc<Topics<K>>, id: K, organization: OrganizationId, bounds: topic::Bounds) -> Self {
        let topic = topics.join(id, organization, bounds);
        let seen = topic.mark();
        let told = (seen.changes, seen.presence);
        Self { topics: Arc::clone(topics), id, topic, heard: seen.whispers, told, seen }
    }

    /// Waits until the topic has moved since the subscription was made or this returned last. Several moves
    /// may be told as one. What happened before the subscription is the listener's to read, after subscribing.
    pub async fn changed(&mut self) {
        self.seen = self.topic.moved(self.seen).await;
    }

    /// What was whispered since the last look: whole frames, oldest first.
    pub fn whispers(&mut self) -> Vec<Utf8Bytes> {
        let (frames, heard) = self.topic.whispers_after(self.heard);
        self.heard = heard;
        frames
    }

    /// What has changed beside the log, as far as [`Self::changed`] knows, since this was asked last.
    pub fn news(&mut self) -> News {
        let topic::Mark { changes, presence, .. } = self.seen;
        let told = std::mem::replace(&mut self.told, (changes, presence));
        News { state: changes != told.0, presence: presence != told.1 }
    }
}

impl Subscription<ConversationId> {
    /// The newest entry that this process has heard of; zero when it has heard of none since somebody listens.
    #[must_use]
    pub fn head(&self) -> Seq {
        Seq(self.topic.position())
    }

    /// The conversation was erased.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.topic.has_ended()
    }
}

impl Subscription<OrganizationId> {
    /// The newest event that this process has heard of; zero when it has heard of none since somebody listens.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.topic.position()
    }
}

impl<K: Copy + Eq + Hash> Drop for Subscription<K> {
    fn drop(&mut self) {
        self.topics.leave(self.id, &self.topic);
    }
}

#[derive(Debug)]
struct Topics<K>(RwLock<HashMap<K, Arc<Topic>>>);

impl<K> Default for Topics<K> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

/// A table that has shrunk to a quarter of its room gives the room back, unless it is smaller than this.
const SHRINK_ABOVE: usize = 1024;

impl<K: Copy + Eq + Hash> Topics<K> {
    fn find(&self, id: K) -> Option<Arc<Topic>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn join(&self, id: K, organization: OrganizationId, bounds: topic::Bounds) -> Arc<Topic> {
        let mut topics = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let topic = topics.entry(id).or_insert_with(|| Arc::new(Topic::new(organization, bounds)));
        topic.join();
        Arc::clone(topic)
    }

    fn leave(&self, id: K, topic: &Topic) {
        let mut topics = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if topic.leave() {
            topics.remove(&id);
            if topics.capacity() > SHRINK_ABOVE && topics.len() < topics.capacity() / 4 {
                topics.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    const ID: ConversationId = ConversationId::from_bytes([1; 12]);
    const SHOP: OrganizationId = OrganizationId::from_bytes([7; 12]);

    fn topics(bus: &Bus) -> usize {
        bus.conversations.0.read().unwrap().len()
    }

    #[test]
    fn the_last_listener_takes_the_topic_along() {
        let bus = Bus::default();
        let first = bus.subscribe_conversation(SHOP, ID);
        let second = bus.subscribe_conversation(SHOP, ID);
        drop(first);
        assert_eq!(topics(&bus), 1);
        drop(second);
        assert_eq!(topics(&bus), 0);
        assert!(bus.conversation(ID).is_none());
    }

    #[tokio::test]
    async fn a_whisper_is_heard_by_those_who_listen_and_by_nobody_later() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(SHOP, ID);
        let mut neighbour = bus.subscribe_conversation(SHOP, ConversationId::from_bytes([2; 12]));
        bus.whisper_to_conversation(ID, "typing".into());
        listener.changed().await;
        assert_eq!(listener.whispers(), ["typing"]);
        assert_eq!((listener.whispers().len(), listener.head()), (0, Seq::ZERO));
        assert_eq!(bus.subscribe_conversation(SHOP, ID).whispers().len(), 0);
        assert!(neighbour.changed().now_or_never().is_none(), "another conversation sleeps on");
        assert!(listener.changed().now_or_never().is_none(), "told once");
    }

    #[tokio::test]
    async fn who_comes_and_goes_is_told_to_the_visitors_of_one_organization() {
        let bus = Bus::default();
        let mut guest = bus.subscribe_lobby(SHOP);
        let mut visitor = bus.subscribe_conversation(SHOP, ID);
        let other = OrganizationId::from_bytes([8; 12]);
        let mut stranger = bus.subscribe_conversation(other, ConversationId::from_bytes([2; 12]));
        bus.tell_presence(SHOP);
        guest.changed().await;
        visitor.changed().await;
        assert!(guest.news().presence && visitor.news().presence);
        assert_eq!(visitor.news(), News { state: false, presence: false }, "told once");
        assert!(stranger.changed().now_or_never().is_none());
    }

    #[tokio::test]
    async fn an_end_is_told_once_and_seen_by_those_who_come_late() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(SHOP, ID);
        bus.conversation(ID).unwrap().end();
        listener.changed().await;
        assert!(listener.has_ended() && bus.subscribe_conversation(SHOP, ID).has_ended());
        assert!(listener.changed().now_or_never().is_none());
    }

    #[tokio::test]
    async fn moves_before_a_look_are_told_as_one() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(SHOP, ID);
        let topic = bus.conversation(ID).unwrap();
        topic.wake(1);
        topic.wake(3);
        topic.wake(2);
        listener.changed().await;
        assert_eq!(listener.head(), Seq(3));
        let more = listener.changed();
        topic.wake(4);
        more.await;
    }
}
