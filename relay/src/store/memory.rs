//! What the writer remembers between groups so that a message costs one insert: where each busy conversation
//! is, and what organizations allow. All of it can be dropped and read again at any time.

use super::{
    Failure, StoreError,
    filing::Filing,
    ids::Ids,
    read::{Logged, Read, channels_of, conversation_type},
    sql::{count, document, id, integer, json, optional_id},
};
use crate::model::{ConversationType, Organization};
use rusqlite::{Connection, params};
use shared::{
    ChannelId, ClientKey, ContactId, ConversationId, Error, FormId, Millis, OrganizationId, Seq,
    command::CommandFamily,
    conversation::{Participant, State, Status},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// Conversations remembered (up to twice as many, see [`Recent`]); about 1 KiB each.
const HEADS: usize = 4096;

pub(super) struct Memory {
    heads: Recent<ConversationId, Head>,
    rules: HashMap<OrganizationId, Rules>,
    pub(super) ids: Ids,
    /// The last place given in the organizations' stream.
    pub(super) last_position: u64,
    filing: Filing,
    /// The entries of this group, in order.
    pub(super) appended: Vec<Logged>,
    /// This group has changed what is held.
    pub(super) has_held: bool,
    /// Where this group has put other events than entries.
    pub(super) announced: Vec<(OrganizationId, u64)>,
    /// Conversations in which this group has changed earlier entries. One too many does no harm.
    pub(super) revised: Vec<(OrganizationId, ConversationId)>,
    /// Conversations that stand otherwise than before this group. One too many does no harm.
    pub(super) changed: Vec<ConversationId>,
    /// Organizations in which somebody waits no longer.
    pub(super) queues: Vec<OrganizationId>,
    /// Conversations that this group has erased.
    pub(super) ended: Vec<ConversationId>,
    /// Keys of conversations whose last row this group has removed: the database may give them again.
    retired: Vec<i64>,
    /// Conversations whose heads were read or changed in this group, in that order.
    touched: Vec<ConversationId>,
    /// How many of `touched` are written.
    flushed: usize,
}

/// Where a conversation is.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) key: i64,
    pub(super) organization: OrganizationId,
    pub(super) organization_key: i64,
    pub(super) kind: ConversationType,
    pub(super) contact: Option<ContactId>,
    pub(super) touchpoint: String,
    pub(super) seq: Seq,
    pub(super) state: State,
    /// Messages of it that are held.
    pub(super) held: u64,
    updated_at: Millis,
    /// The inboxes of the state as it was written last.
    channels: Vec<ChannelId>,
    unwritten: Unwritten,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unwritten {
    Nothing,
    /// Seq and time.
    Head,
    /// The state, too.
    State,
}

/// What an organization lets its visitors do.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) visitor_commands: Vec<CommandFamily>,
    /// Visitors are asked what they think of a conversation that is over.
    pub(super) asks_rating: bool,
    /// Somebody wants to be told what happens.
    pub(super) has_webhooks: bool,
}

/// What an entry did to its conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Advanced {
    /// The conversation is another than before, apart from what every message changes.
    pub(super) is_changed: bool,
    /// An inbox was notified, or all.
    pub(super) notified: Option<Option<ChannelId>>,
}

/// How far a group was when a savepoint began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    appended: usize,
    announced: usize,
    ended: usize,
    retired: usize,
    touched: usize,
    last_position: u64,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            heads: Recent::new(HEADS),
            rules: HashMap::new(),
            ids: Ids::new(),
            last_position: 0,
            filing: Filing::default(),
            appended: Vec::new(),
            has_held: false,
            announced: Vec::new(),
            revised: Vec::new(),
            changed: Vec::new(),
            queues: Vec::new(),
            ended: Vec::new(),
            retired: Vec::new(),
            touched: Vec::new(),
            flushed: 0,
        }
    }

    /// Forgets everything: the database may say something else now.
    pub(super) fn reset(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.heads.clear();
        self.rules.clear();
        self.finish_group();
        self.last_position = Read::new(connection).cursor()?;
        self.filing.reset(connection)?;
        Ok(())
    }

    /// The group is committed, and its entries are taken care of.
    pub(super) fn finish_group(&mut self) {
        self.appended.clear();
        self.has_held = false;
        self.announced.clear();
        self.revised.clear();
        self.changed.clear();
        self.queues.clear();
        self.ended.clear();
        for key in self.retired.drain(..) {
            self.filing.forget(key);
        }
        self.touched.clear();
        self.flushed = 0;
        self.heads.turn();
    }

    /// The head of a conversation of this organization.
    pub(super) fn head(
        &mut self,
        connection: &Connection,
        organization: OrganizationId,
        conversation: ConversationId,
    ) -> Result<&mut Head, StoreError> {
        if !self.heads.touch(&conversation) {
            let head = Head::load(connection, conversation)?;
            self.heads.insert(conversation, head);
            // It may come from a row that a savepoint takes back.
            self.touched.push(conversation);
        }
        let head = self.heads.get(&conversation).expect("it is there, or was just put there");
        if head.organization == organization {
            Ok(head)
        } else {
            Err(Error::not_found("conversation", conversation).into())
        }
    }

    /// Moves a conversation on by the entry that was just stored.
    pub(super) fn advance(&mut self, logged: Logged) -> Advanced {
        let message = &logged.message;
        let head =
            self.heads.get(&message.conversation).expect("the head of the entry's conversation is loaded");
        head.seq = message.seq;
        head.updated_at = message.created_at;
        let before = standing(&head.state);
        let changed = head.state.apply(message);
        let notification = head.state.notifications.last().filter(|last| changed && last.seq == message.seq);
        let stands_otherwise = changed && before != standing(&head.state);
        if stands_otherwise {
            self.changed.push(message.conversation);
            if before.0 == Status::Queued {
                self.queues.push(message.organization);
            }
        }
        let advanced = Advanced {
            is_changed: changed && (!message.kind.is_speech() || stands_otherwise),
            notified: notification.map(|notification| notification.channel),
        };
        if head.unwritten == Unwritten::Nothing {
            self.touched.push(message.conversation);
        }
        head.unwritten = head.unwritten.max(if changed { Unwritten::State } else { Unwritten::Head });
        self.last_position = logged.cursor;
        self.appended.push(logged);
        advanced
    }

    /// Messages of a conversation are held, or no longer. Its head is loaded.
    pub(super) fn hold(&mut self, conversation: ConversationId, change: impl FnOnce(u64) -> u64) {
        let head = self.heads.get(&conversation).expect("the head of the message's conversation is loaded");
        head.held = change(head.held);
        // A savepoint may take it back.
        self.touched.push(conversation);
        self.has_held = true;
    }

    /// Gives the next place of the organizations' stream to something that is no entry.
    pub(super) fn announce(&mut self, organization: OrganizationId) -> u64 {
        self.last_position += 1;
        self.announced.push((organization, self.last_position));
        self.last_position
    }

    /// Files the entries that wait for it, when they are many. Not inside a group's transaction: whoever waits for
    /// that one does not wait for this.
    pub(super) fn file(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.filing.file(connection, self.last_position)?;
        self.filing.list(connection, self.last_position)
    }

    /// The position of the entry that this conversation (by its key) has under this client key.
    pub(super) fn keyed(
        &self,
        connection: &Connection,
        name: &(i64, ClientKey),
    ) -> Result<Option<u64>, Failure> {
        self.filing.keyed(connection, name)
    }

    /// The entry that is stored next has this client key.
    pub(super) fn note_key(&mut self, name: (i64, ClientKey)) {
        self.filing.note_key(name, self.last_position + 1);
    }

    /// Writes the rows of the conversations that moved, each once.
    pub(super) fn flush(&mut self, connection: &Connection) -> Result<(), StoreError> {
        for conversation in &self.touched[self.flushed..] {
            if let Some(head) = self.heads.get(conversation) {
                head.write(connection)?;
            }
        }
        self.flushed = self.touched.len();
        Ok(())
    }

    /// Notes what was read in a conversation whose head is loaded. Returns whether that changed anything.
    pub(super) fn mark_read(
        &mut self,
        conversation: ConversationId,
        mark: impl FnOnce(&mut State) -> bool,
    ) -> bool {
        let head = self.heads.get(&conversation).expect("the head of the conversation is loaded");
        let is_changed = mark(&mut head.state);
        if is_changed {
            if head.unwritten == Unwritten::Nothing {
                self.touched.push(conversation);
            }
            head.unwritten = Unwritten::State;
            self.changed.push(conversation);
        }
        is_changed
    }

    /// The conversation is out of sight. Everything of it must be written.
    pub(super) fn forget(&mut self, conversation: ConversationId) {
        self.heads.remove(&conversation);
        self.ended.push(conversation);
    }

    /// The last row of the conversation with this key is gone.
    pub(super) fn retire_key(&mut self, key: i64) {
        self.retired.push(key);
    }

    pub(super) fn rules(
        &mut self,
        connection: &Connection,
        organization: OrganizationId,
    ) -> Result<&Rules, StoreError> {
        match self.rules.entry(organization) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let found: Organization = Read::new(connection).get(organization.into(), organization)?;
                let has_webhooks = Read::new(connection).has_webhooks(organization)?;
                let asks_rating = found.settings.get("rating").is_some_and(|rating| *rating == true);
                let visitor_commands = found.visitor_commands;
                Ok(place.insert(Rules { visitor_commands, asks_rating, has_webhooks }))
            }
        }
    }

    pub(super) fn forget_rules(&mut self, organization: OrganizationId) {
        self.rules.remove(&organization);
    }

    /// To come back to with [`Self::undo`]. Everything must be flushed.
    pub(super) fn mark(&self) -> Mark {
        debug_assert_eq!(self.flushed, self.touched.len(), "a savepoint starts with everything written");
        Mark {
            appended: self.appended.len(),
            announced: self.announced.len(),
            ended: self.ended.len(),
            retired: self.retired.len(),
            touched: self.touched.len(),
            last_position: self.last_position,
        }
    }

    /// Forgets what happened since `mark`, as the database just did.
    pub(super) fn undo(&mut self, mark: Mark) {
        for conversation in self.touched.drain(mark.touched..) {
            self.heads.remove(&conversation);
        }
        self.flushed = mark.touched;
        self.appended.truncate(mark.appended);
        self.announced.truncate(mark.announced);
        self.ended.truncate(mark.ended);
        self.retired.truncate(mark.retired);
        self.last_position = mark.last_position;
        self.filing.undo(mark.last_position);
        self.rules.clear();
    }
}

/// What speech changes only now and then: whether somebody has accepted the conversation, who takes part, what is to be filled in.
fn standing(state: &State) -> (Status, usize, usize, Vec<FormId>) {
    let count = |is_so: fn(&Participant) -> bool| state.participants.iter().filter(|one| is_so(one)).count();
    (state.status, count(|one| one.active), count(|one| one.accepted), state.forms.clone())
}

impl Head {
    fn load(connection: &Connection, conversation: ConversationId) -> Result<Self, StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT c.key, c.organization, o.key, c.type, c.contact, c.touchpoint, h.head, h.updated_at, c.state,
                    (SELECT count(*) FROM held_messages w WHERE w.conversation = c.key)
             FROM conversations c JOIN conversation_heads h ON h.conversation = c.key JOIN organizations o ON o.id = c.organization WHERE c.id = ?1",
        )?;
        let mut rows = statement.query(params![conversation.as_bytes()])?;
        let Some(row) = rows.next()? else {
            return Err(Error::not_found("conversation", conversation).into());
        };
        let text_of = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let state: State = document("conversation", text_of(8)?)?;
        Ok(Self {
            key: row.get(0)?,
            organization: id(row, 1)?,
            organization_key: row.get(2)?,
            kind: conversation_type(text_of(3)?)?,
            contact: optional_id(row, 4)?,
            touchpoint: row.get(5)?,
            seq: Seq(count(row, 6)?),
            updated_at: Millis(count(row, 7)?),
            channels: channels_of(&state),
            state,
            held: count(row, 9)?,
            unwritten: Unwritten::Nothing,
        })
    }

    fn write(&mut self, connection: &Connection) -> Result<(), Failure> {
        if self.unwritten >= Unwritten::Head {
            let mut statement = connection.prepare_cached(
                "UPDATE conversation_heads SET head = ?2, updated_at = ?3 WHERE conversation = ?1",
            )?;
            statement.execute(params![self.key, integer(self.seq.0), integer(self.updated_at.0)])?;
        }
        if self.unwritten == Unwritten::State {
            let mut statement = connection.prepare_cached(
                "UPDATE conversations SET status = ?2, assignee = ?3, category = ?4, state = ?5 WHERE key = ?1",
            )?;
            let assignee = self.state.assignee.map(|id| *id.as_bytes());
            let (status, category) = (self.state.status.as_str(), &self.state.category);
            statement.execute(params![self.key, status, assignee, category, json(&self.state)])?;
            self.write_channels(connection)?;
        }
        self.unwritten = Unwritten::Nothing;
        Ok(())
    }

    /// Lists are filtered by them. Few changes of a state change them.
    fn write_channels(&mut self, connection: &Connection) -> Result<(), Failure> {
        let channels = channels_of(&self.state);
        if channels == self.channels {
            return Ok(());
        }
        for gone in self.channels.iter().filter(|channel| !channels.contains(channel)) {
            connection
                .prepare_cached("DELETE FROM conversation_channels WHERE channel = ?1 AND conversation = ?2")?
                .execute(params![gone.as_bytes(), self.key])?;
        }
        for new in channels.iter().filter(|channel| !self.channels.contains(channel)) {
            connection
                .prepare_cached(
                    "INSERT INTO conversation_channels (channel, conversation, organization) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![new.as_bytes(), self.key, self.organization.as_bytes()])?;
        }
        self.channels = channels;
        Ok(())
    }
}

/// A map that forgets what was not used lately. It keeps two generations: what was used in the current one
/// survives its end. Holds at most twice `capacity`, plus what one group adds.
#[derive(Debug)]
struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    capacity: usize,
}

impl<K: Copy + Eq + Hash, V> Recent<K, V> {
    fn new(capacity: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), capacity }
    }

    /// Marks `key` as used. Returns whether it is here.
    fn touch(&mut self, key: &K) -> bool {
        if self.young.contains_key(key) {
            return true;
        }
        match self.old.remove(key) {
            Some(value) => {
                self.young.insert(*key, value);
                true
            }
            None => false,
        }
    }

    /// What was touched in this generation.
    fn get(&mut self, key: &K) -> Option<&mut V> {
        self.young.get_mut(key)
    }

    fn insert(&mut self, key: K, value: V) {
        self.young.insert(key, value);
    }

    fn remove(&mut self, key: &K) {
        self.young.remove(key);
        self.old.remove(key);
    }

    fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    /// Ends the generation when it is full.
    fn turn(&mut self) {
        if self.young.len() >= self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_survives_and_the_rest_is_forgotten() {
        let mut recent = Recent::new(2);
        recent.insert(1, "a");
        recent.insert(2, "b");
        recent.turn();
        assert!(recent.touch(&1));
        recent.insert(3, "c");
        recent.turn();
        assert!(recent.touch(&1));
        assert!(recent.touch(&3));
        assert!(!recent.touch(&2));
    }
}
