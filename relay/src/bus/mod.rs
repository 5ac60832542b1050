//! Who listens to what, inside this process. The bus carries wake-ups ("conversation C is at seq N"); what was said is
//! read from the store, or from the short tail kept beside a topic that has listeners. What is not stored at all, that
//! somebody is typing, is a whisper: those who listen hear it, nobody keeps it.

mod tail;
mod topic;
mod whispers;

pub(crate) use topic::Topic;

use axum::extract::ws::Utf8Bytes;
use shared::{ConversationId, OrganizationId, Seq};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

/// Shared by the store, which wakes, and by sockets, which listen.
#[derive(Debug, Clone, Default)]
pub struct Bus {
    conversations: Arc<Topics<ConversationId>>,
    organizations: Arc<Topics<OrganizationId>>,
    /// Those who only want to know that something happened, and read it themselves: nothing is written for them.
    followers: Arc<Topics<OrganizationId>>,
}

impl Bus {
    #[must_use]
    pub fn subscribe_conversation(&self, id: ConversationId) -> Subscription<ConversationId> {
        Subscription::new(&self.conversations, id, topic::CONVERSATION)
    }

    #[must_use]
    pub fn subscribe_organization(&self, id: OrganizationId) -> Subscription<OrganizationId> {
        Subscription::new(&self.organizations, id, topic::ORGANIZATION)
    }

    /// Wakes for whatever is stored of the organization; no frames are kept.
    #[must_use]
    pub fn follow_organization(&self, id: OrganizationId) -> Subscription<OrganizationId> {
        Subscription::new(&self.followers, id, topic::FOLLOWERS)
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
}

impl<K: Copy + Eq + Hash> Subscription<K> {
    fn new(topics: &Arc<Topics<K>>, id: K, bounds: topic::Bounds) -> Self {
        let topic = topics.join(id, bounds);
        let seen = topic.mark();
        Self { topics: Arc::clone(topics), id, topic, heard: seen.whispers, seen }
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

    fn join(&self, id: K, bounds: topic::Bounds) -> Arc<Topic> {
        let mut topics = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let topic = topics.entry(id).or_insert_with(|| Arc::new(Topic::new(bounds)));
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

    fn topics(bus: &Bus) -> usize {
        bus.conversations.0.read().unwrap().len()
    }

    #[test]
    fn the_last_listener_takes_the_topic_along() {
        let bus = Bus::default();
        let first = bus.subscribe_conversation(ID);
        let second = bus.subscribe_conversation(ID);
        drop(first);
        assert_eq!(topics(&bus), 1);
        drop(second);
        assert_eq!(topics(&bus), 0);
        assert!(bus.conversation(ID).is_none());
    }

    #[tokio::test]
    async fn a_whisper_is_heard_by_those_who_listen_and_by_nobody_later() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(ID);
        let mut neighbour = bus.subscribe_conversation(ConversationId::from_bytes([2; 12]));
        bus.whisper_to_conversation(ID, "typing".into());
        listener.changed().await;
        assert_eq!(listener.whispers(), ["typing"]);
        assert_eq!((listener.whispers().len(), listener.head()), (0, Seq::ZERO));
        assert_eq!(bus.subscribe_conversation(ID).whispers().len(), 0);
        assert!(neighbour.changed().now_or_never().is_none(), "another conversation sleeps on");
        assert!(listener.changed().now_or_never().is_none(), "told once");
    }

    #[tokio::test]
    async fn an_end_is_told_once_and_seen_by_those_who_come_late() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(ID);
        bus.conversation(ID).unwrap().end();
        listener.changed().await;
        assert!(listener.has_ended() && bus.subscribe_conversation(ID).has_ended());
        assert!(listener.changed().now_or_never().is_none());
    }

    #[tokio::test]
    async fn moves_before_a_look_are_told_as_one() {
        let bus = Bus::default();
        let mut listener = bus.subscribe_conversation(ID);
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
