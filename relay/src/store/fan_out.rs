//! What was committed reaches those who listen: one frame per entry and kind of listener, then one
//! wake-up per topic. Called by the writer alone, in commit order.

use super::{frames, memory::Memory};
use crate::bus::{Bus, Topic};
use shared::OrganizationId;
use std::sync::Arc;

/// Working space that is kept from one group to the next.
#[derive(Debug, Default)]
pub(super) struct FanOut {
    buffer: Vec<u8>,
    /// The conversation of each entry of the group, where somebody listens to it.
    conversations: Vec<Option<(Arc<Topic>, u64)>>,
    /// Organizations with new frames, and how far each is.
    organizations: Vec<(Arc<Topic>, u64)>,
    /// Conversations that stand otherwise than before.
    changed: Vec<Arc<Topic>>,
}

impl FanOut {
    /// Puts the frames where listeners find them. Nobody is told yet: whoever is told of an entry in any way,
    /// its sender first, can then read it.
    pub(super) fn keep(&mut self, bus: &Bus, group: &Memory) {
        for logged in &group.appended {
            let message = &logged.message;
            let conversation = bus.conversation(message.conversation);
            self.conversations.push(conversation.map(|topic| {
                if group.revised.iter().any(|(_, revised)| *revised == message.conversation) {
                    topic.skip(message.seq.0);
                } else {
                    topic.push(message.seq.0, frames::entry(message, &mut self.buffer));
                }
                (topic, message.seq.0)
            }));
            if let Some(topic) = bus.organization(message.organization) {
                if group.revised.iter().any(|(revised, _)| *revised == message.organization) {
                    topic.skip(logged.cursor);
                } else {
                    topic.push(logged.cursor, frames::event(logged, &mut self.buffer));
                }
                self.organizations.push((topic, logged.cursor));
            }
            self.follow(bus, message.organization, logged.cursor);
        }
        for conversation in &group.changed {
            if let Some(topic) = bus.conversation(*conversation) {
                topic.change();
                self.changed.push(topic);
            }
        }
        group.queues.iter().for_each(|organization| bus.move_queue(*organization));
        for conversation in &group.ended {
            if let Some(topic) = bus.conversation(*conversation) {
                topic.end();
            }
        }
        for (organization, position) in &group.announced {
            self.follow(bus, *organization, *position);
        }
    }

    fn follow(&mut self, bus: &Bus, organization: OrganizationId, position: u64) {
        if let Some(topic) = bus.followers(organization) {
            self.organizations.push((topic, position));
        }
    }

    /// Tells those who listen to the conversation of this entry of the group. Together with the sender's answer: a
    /// socket that gets both is woken once.
    pub(super) fn wake(&self, index: usize) {
        if let Some(Some((topic, seq))) = self.conversations.get(index) {
            topic.wake(*seq);
        }
    }

    /// Tells everybody else. News that somebody has heard already change nothing.
    pub(super) fn finish(&mut self) {
        for (topic, seq) in self.conversations.drain(..).flatten() {
            topic.wake(seq);
        }
        // Most have been woken together with an entry by now.
        for topic in self.changed.drain(..) {
            topic.notify();
        }
        // Newest first: a topic that moved several times wakes its listeners once.
        for (topic, cursor) in self.organizations.drain(..).rev() {
            topic.wake(cursor);
        }
    }
}
