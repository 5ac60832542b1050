//! The state that follows from a conversation's log: status, assignee, category, fields, participants.
//! Applying the same entries in the same order gives the same state, wherever it is done.

use crate::{
    ChannelId, FormId, Millis, Seq, UserId,
    command::{Command, Property},
    event::PageEvent,
    limits,
    message::{Message, MessageType, Revision, Role},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ConversationStatus"))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for somebody.
    #[default]
    Queued,
    /// Somebody has accepted it.
    Active,
    Closed,
}

impl Status {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    pub status: Status,
    pub name: Option<String>,
    pub category: Option<String>,
    pub priority: Option<String>,
    pub subject: Option<String>,
    pub assignee: Option<UserId>,
    /// Active forms, in the order of their activation.
    pub forms: Vec<FormId>,
    /// Answers to forms.
    pub results: Vec<FormResults>,
    /// Every field that was set, of forms and of the profile; the latest value of each.
    pub fields: BTreeMap<String, String>,
    pub meta: Map<String, Value>,
    pub tags: Vec<String>,
    /// The bot's variables.
    pub session: Map<String, Value>,
    /// Where the bot's dialog goes on.
    pub dialog_state: Option<String>,
    /// The latest notifications, oldest first.
    pub notifications: Vec<Notification>,
    /// The latest mentions, oldest first.
    pub mentions: Vec<MentionRecord>,
    pub participants: Vec<Participant>,
    /// Up to here somebody of the organization has read.
    pub agents_read_seq: Seq,
    /// Up to here its contact has.
    pub contact_read_seq: Seq,
}

/// What was filled into one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FormResults {
    pub form: FormId,
    pub values: Map<String, Value>,
}

/// `/notify` was asked for: of one inbox, or of all (`channel` is null).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    pub channel: Option<ChannelId>,
    pub seq: Seq,
    pub at: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MentionRecord {
    pub user: UserId,
    pub text: String,
    pub seq: Seq,
    pub at: Millis,
}

/// Somebody of the organization who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    pub user: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of a picture. The user's own, so it is never in the state itself: whoever shows the state fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub role: Role,
    /// Takes part now.
    pub active: bool,
    /// Has accepted the conversation.
    pub accepted: bool,
    /// It was assigned to them and they have not accepted yet.
    pub inbox: bool,
    /// Messages of the thread since they last wrote.
    pub unread_count: u64,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Participant {
    const fn leave(&mut self) {
        self.active = false;
        self.accepted = false;
        self.inbox = false;
    }
}

impl State {
    /// What this entry changes. Returns whether anything did.
    pub fn apply(&mut self, message: &Message) -> bool {
        let before_unread = self.count_unread(message);
        let changed = match message.kind {
            MessageType::Form | MessageType::Field | MessageType::Command | MessageType::Mention => {
                self.apply_command(message)
            }
            MessageType::Status => match Revision::of(message) {
                Some(revision) => self.revise(&revision),
                None => self.replace_members(message),
            },
            MessageType::Results => self.take_results(message),
            MessageType::Chat | MessageType::Card | MessageType::Postback => self.apply_speech(message),
            MessageType::Event => message.role == Role::Contact && self.apply_event(message),
        };
        changed || before_unread
    }

    fn apply_speech(&mut self, message: &Message) -> bool {
        match message.role {
            Role::Agent if !message.is_backchannel => self.accept(message),
            Role::Contact if self.status == Status::Closed => {
                self.status = Status::Queued;
                self.notify(None, message);
                true
            }
            Role::Agent | Role::Contact | Role::Bot | Role::System => false,
        }
    }

    /// An agent who speaks to the contact accepts the conversation and takes part from then on.
    fn accept(&mut self, message: &Message) -> bool {
        let was_active = self.status == Status::Active;
        self.status = Status::Active;
        let Some(user) = message.user else {
            return !was_active;
        };
        let participant = self.participant(user, message);
        let known =
            participant.active && participant.accepted && !participant.inbox && participant.unread_count == 0;
        participant.active = true;
        participant.accepted = true;
        participant.inbox = false;
        participant.unread_count = 0;
        if message.name.is_some() && participant.name != message.name {
            participant.name.clone_from(&message.name);
        }
        let changed = !(was_active && known);
        if changed {
            // Who answers has read what was said before.
            self.agents_read_seq = self.agents_read_seq.max(message.seq);
        }
        changed
    }

    fn apply_command(&mut self, message: &Message) -> bool {
        let Ok(command) = Command::of_message(&message.text, &message.meta) else {
            return false; // a form sent by an agent, or a command of a newer version
        };
        match command {
            Command::Field { name, value } => self.set_field(name, value, message),
            Command::Form(form) => {
                if !self.forms.contains(&form) {
                    self.forms.push(form);
                }
            }
            Command::SetProperty { name, value } => {
                *self.property(name) = Some(value).filter(|value| !value.is_empty());
            }
            Command::SetMeta { name, value } if value.is_empty() => return self.meta.remove(&name).is_some(),
            Command::SetMeta { name, value } => {
                self.meta.insert(name, Value::String(value));
            }
            Command::Assign(users) => {
                self.assignee = users.first().copied();
                for user in users {
                    let participant = self.participant(user, message);
                    participant.inbox = !participant.accepted;
                }
            }
            Command::Notify(channels) if channels.is_empty() => self.notify(None, message),
            Command::Notify(channels) => {
                channels.into_iter().for_each(|channel| self.notify(Some(channel), message));
            }
            Command::Accept => return self.accept(message),
            Command::Join => self.join(message),
            Command::Leave => self.leave(message),
            Command::Close => self.close(),
            Command::ForBot { .. } => return false,
            Command::Mention { user, text } => {
                let record = MentionRecord { user, text, seq: message.seq, at: message.created_at };
                push_bounded(&mut self.mentions, record);
            }
        }
        true
    }

    fn join(&mut self, message: &Message) {
        let Some(user) = message.user else { return };
        let participant = self.participant(user, message);
        participant.active = true;
        participant.unread_count = 0;
        participant.name = message.name.clone().or(participant.name.take());
    }

    /// Whoever is left may have accepted; where nobody has, the conversation is closed.
    fn leave(&mut self, message: &Message) {
        let leaving = self.participants.iter_mut().find(|participant| Some(participant.user) == message.user);
        if let Some(participant) = leaving {
            participant.leave();
            participant.updated_at = message.created_at;
        }
        if !self.participants.iter().any(|participant| participant.accepted) {
            self.status = Status::Closed;
        }
    }

    fn close(&mut self) {
        self.participants.iter_mut().for_each(Participant::leave);
        self.status = Status::Closed;
    }

    /// What a page tells the bot. Nobody has spoken.
    fn apply_event(&mut self, message: &Message) -> bool {
        match PageEvent::parse(&message.text, message.payload.as_ref()) {
            Ok(Some(PageEvent::UpdateSession(variables))) => self.session.extend(variables),
            Ok(Some(PageEvent::GoToDialogState(name))) => self.dialog_state = Some(name),
            Ok(Some(PageEvent::StartEngagement(fields))) => self.fields.extend(fields),
            Ok(None) | Err(_) => return false, // of a newer version
        }
        true
    }

    fn property(&mut self, name: Property) -> &mut Option<String> {
        match name {
            Property::Category => &mut self.category,
            Property::Name => &mut self.name,
            Property::Priority => &mut self.priority,
            Property::Subject => &mut self.subject,
        }
    }

    /// The relay has resolved whether an active form owns the field: `payload.form` names it.
    fn set_field(&mut self, name: String, value: String, message: &Message) {
        let form = message.payload.as_ref().and_then(|payload| payload.get("form")).and_then(Value::as_str);
        if let Some(form) = form.and_then(|id| id.parse().ok()) {
            self.form_values(form).insert(name.clone(), Value::String(value.clone()));
        }
        self.fields.insert(name, value);
    }

    fn form_values(&mut self, form: FormId) -> &mut Map<String, Value> {
        let at = self.results.iter().position(|results| results.form == form).unwrap_or_else(|| {
            self.results.push(FormResults { form, values: Map::new() });
            self.results.len() - 1
        });
        &mut self.results[at].values
    }

    /// A form that was filled in and sent: `payload.form` names it. It is active no longer.
    fn take_results(&mut self, message: &Message) -> bool {
        let form = message.payload.as_ref().and_then(|payload| payload.get("form")).and_then(Value::as_str);
        let Some(form) = form.and_then(|id| id.parse().ok()) else {
            return false;
        };
        for results in &message.results {
            self.form_values(form).extend(results.values.clone());
            for (name, value) in &results.values {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.fields.insert(name.clone(), value);
            }
        }
        self.forms.retain(|active| *active != form);
        true
    }

    /// What was taken back is mentioned nowhere. What else followed from it stays: that has happened.
    fn revise(&mut self, revision: &Revision) -> bool {
        let Revision::Delete { seq, .. } = revision else { return false };
        let before = self.mentions.len();
        self.mentions.retain(|mention| mention.seq != *seq);
        self.mentions.len() < before
    }

    /// A change made through the API: the payload's members replace the state's, whole.
    fn replace_members(&mut self, message: &Message) -> bool {
        let Some(members) = message.payload.as_ref().and_then(Value::as_object) else {
            return false;
        };
        for (name, value) in members {
            match name.as_str() {
                "status" => replace(&mut self.status, value),
                "name" => replace(&mut self.name, value),
                "category" => replace(&mut self.category, value),
                "priority" => replace(&mut self.priority, value),
                "subject" => replace(&mut self.subject, value),
                "assignee" => replace(&mut self.assignee, value),
                "meta" => replace(&mut self.meta, value),
                "tags" => replace(&mut self.tags, value),
                "session" => replace(&mut self.session, value),
                "dialogState" => replace(&mut self.dialog_state, value),
                _ => {} // a member of a newer version
            }
        }
        !members.is_empty()
    }

    fn notify(&mut self, channel: Option<ChannelId>, message: &Message) {
        push_bounded(
            &mut self.notifications,
            Notification { channel, seq: message.seq, at: message.created_at },
        );
    }

    fn participant(&mut self, user: UserId, message: &Message) -> &mut Participant {
        let at =
            self.participants.iter().position(|participant| participant.user == user).unwrap_or_else(|| {
                self.participants.push(Participant {
                    user,
                    name: None,
                    avatar: None,
                    role: Role::Agent,
                    active: false,
                    accepted: false,
                    inbox: false,
                    unread_count: 0,
                    created_at: message.created_at,
                    updated_at: message.created_at,
                });
                self.participants.len() - 1
            });
        let participant = &mut self.participants[at];
        participant.updated_at = message.created_at;
        participant
    }

    /// Whether this is something for the user to read: of the thread, and somebody else's.
    #[must_use]
    pub fn is_news_for(message: &Message, user: UserId) -> bool {
        let is_read = !matches!(message.kind, MessageType::Event | MessageType::Form);
        message.is_visible() && is_read && message.user != Some(user)
    }

    /// A participant has read, and has no more than this unread. Returns whether it was more.
    pub fn mark_read(&mut self, user: UserId, unread: u64) -> bool {
        let participant = self.participants.iter_mut().find(|participant| participant.user == user);
        let Some(participant) = participant.filter(|participant| participant.unread_count > unread) else {
            return false;
        };
        participant.unread_count = unread;
        true
    }

    fn count_unread(&mut self, message: &Message) -> bool {
        let mut changed = false;
        for participant in &mut self.participants {
            if Self::is_news_for(message, participant.user) {
                participant.unread_count += 1;
                changed = true;
            }
        }
        changed
    }
}

/// Replaces a member where the value fits; one that does not is of a newer version.
fn replace<T: serde::de::DeserializeOwned>(member: &mut T, value: &Value) {
    if let Ok(value) = T::deserialize(value) {
        *member = value;
    }
}

fn push_bounded<T>(list: &mut Vec<T>, item: T) {
    if list.len() == limits::STATE_TAIL {
        list.remove(0);
    }
    list.push(item);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        MessageId, OrganizationId,
        message::{MessageStatus, Results},
    };
    use serde_json::json;

    const USER: UserId = UserId::from_bytes([1; 12]);

    fn message(seq: u64, kind: MessageType, role: Role, text: &str) -> Message {
        Message {
            id: MessageId::from_bytes([9; 12]),
            organization: OrganizationId::from_bytes([2; 12]),
            conversation: crate::ConversationId::from_bytes([3; 12]),
            seq: Seq(seq),
            kind,
            role,
            text: text.to_owned(),
            content_type: "text/plain".to_owned(),
            user: (role == Role::Agent).then_some(USER),
            contact: None,
            name: None,
            touchpoint: "web".to_owned(),
            is_backchannel: false,
            actions: vec![],
            items: vec![],
            results: vec![],
            iframe: None,
            payload: None,
            meta: Map::new(),
            delay: None,
            client_key: None,
            status: MessageStatus::Sent,
            created_at: Millis(1_000 * seq),
            updated_at: Millis(1_000 * seq),
            edited_at: None,
        }
    }

    fn after(texts: &[(MessageType, &str)]) -> State {
        let mut state = State::default();
        for (seq, (kind, text)) in (1..).zip(texts) {
            state.apply(&message(seq, *kind, Role::Contact, text));
        }
        state
    }

    #[test]
    fn commands_change_what_they_name() {
        let state = after(&[
            (MessageType::Command, "/set @category Used Car"),
            (MessageType::Command, "/set isLead yes"),
            (MessageType::Form, "+6093490651a8b5629324ae4f"),
            (MessageType::Form, "+6093490651a8b5629324ae4f"),
            (MessageType::Field, ".brand Toyota"),
            (MessageType::Command, "/notify"),
            (MessageType::Mention, "@010101010101010101010101 Hello"),
        ]);
        assert_eq!(state.category.as_deref(), Some("Used Car"));
        assert_eq!(state.meta.get("isLead"), Some(&json!("yes")));
        assert_eq!(state.forms.len(), 1);
        assert_eq!(state.fields.get("brand").map(String::as_str), Some("Toyota"));
        assert_eq!(state.notifications, [Notification { channel: None, seq: Seq(6), at: Millis(6_000) }]);
        assert_eq!(state.mentions[0].text, "Hello");
    }

    #[test]
    fn a_field_of_an_active_form_lands_in_its_results() {
        let mut state = State::default();
        let mut entry = message(1, MessageType::Field, Role::Contact, ".brand Toyota");
        entry.payload = Some(json!({"form": "6093490651a8b5629324ae4f"}));
        state.apply(&entry);
        assert_eq!(state.results[0].values.get("brand"), Some(&json!("Toyota")));
    }

    #[test]
    fn a_form_that_was_filled_in_is_active_no_longer_and_sets_its_fields() {
        let form = "6093490651a8b5629324ae4f";
        let mut state = after(&[(MessageType::Form, "+6093490651a8b5629324ae4f")]);
        let mut answers = message(2, MessageType::Results, Role::Contact, "");
        answers.payload = Some(json!({"form": form}));
        let values = json!({"brand": "Toyota", "letter": true});
        answers.results =
            vec![Results { name: "Trade-in".into(), values: values.as_object().cloned().unwrap() }];
        state.apply(&answers);
        assert!(state.forms.is_empty());
        assert_eq!(Value::Object(state.results[0].values.clone()), values);
        let fields: Vec<_> =
            state.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("brand", "Toyota"), ("letter", "true")]);

        state.apply(&message(3, MessageType::Form, Role::Bot, "+6093490651a8b5629324ae4f"));
        assert_eq!(state.forms.len(), 1, "and may be asked for again");
    }

    #[test]
    fn the_first_agent_message_accepts_and_a_later_contact_message_counts_as_unread() {
        let mut state = State::default();
        assert!(!state.apply(&message(1, MessageType::Chat, Role::Contact, "Hello")));
        assert!(state.apply(&message(2, MessageType::Chat, Role::Agent, "Hi")));
        assert!(!state.apply(&message(3, MessageType::Chat, Role::Agent, "How can I help?")));
        assert_eq!(state.status, Status::Active);
        assert!(state.participants[0].accepted);
        state.apply(&message(4, MessageType::Chat, Role::Contact, "A bike"));
        assert_eq!(state.participants[0].unread_count, 1);
    }

    #[test]
    fn an_assignment_waits_in_the_inbox_until_accepted() {
        let mut state = after(&[(MessageType::Command, "/assign 010101010101010101010101")]);
        assert_eq!(state.assignee, Some(USER));
        assert!(state.participants[0].inbox);
        state.apply(&message(2, MessageType::Chat, Role::Agent, "Mine"));
        assert!(!state.participants[0].inbox);
    }

    #[test]
    fn who_accepts_takes_part_and_the_last_who_leaves_closes() {
        let other = UserId::from_bytes([8; 12]);
        let command = |seq, text, user| Message {
            user: Some(user),
            ..message(seq, MessageType::Command, Role::Bot, text)
        };
        let mut state = State::default();
        assert!(state.apply(&command(1, "/accept", USER)));
        assert_eq!(state.status, Status::Active);
        state.apply(&command(2, "/join", other));
        let flags = |state: &State| {
            state.participants.iter().map(|one| (one.user, one.active, one.accepted)).collect::<Vec<_>>()
        };
        assert_eq!(flags(&state), [(USER, true, true), (other, true, false)]);

        state.apply(&command(3, "/accept", other));
        state.apply(&command(4, "/leave", USER));
        assert_eq!((state.status, flags(&state)[0]), (Status::Active, (USER, false, false)));
        state.apply(&command(5, "/leave", other));
        assert_eq!(state.status, Status::Closed);
    }

    #[test]
    fn to_close_is_to_leave_for_everybody() {
        let mut state = State::default();
        state.apply(&message(1, MessageType::Chat, Role::Agent, "Hi"));
        state.apply(&message(2, MessageType::Command, Role::Agent, "/close"));
        assert_eq!(state.status, Status::Closed);
        assert!(!state.participants[0].active && !state.participants[0].accepted);
        state.apply(&message(3, MessageType::Chat, Role::Agent, "One more thing"));
        assert_eq!(state.status, Status::Active);
    }

    #[test]
    fn what_is_set_to_nothing_is_cleared() {
        let state = after(&[
            (MessageType::Command, "/set @category Used Car"),
            (MessageType::Command, "/set isLead yes"),
            (MessageType::Command, "/set @category"),
            (MessageType::Command, "/set isLead"),
        ]);
        assert_eq!((state.category, state.meta.len()), (None, 0));
    }

    #[test]
    fn a_contact_who_writes_to_a_closed_conversation_queues_it_again() {
        let mut close = message(1, MessageType::Status, Role::System, "");
        close.payload = Some(json!({"status": "closed", "tags": ["vip"]}));
        let mut state = State::default();
        state.apply(&close);
        assert_eq!((state.status, state.tags.as_slice()), (Status::Closed, ["vip".to_owned()].as_slice()));
        state.apply(&message(2, MessageType::Chat, Role::Contact, "One more thing"));
        assert_eq!(state.status, Status::Queued);
        assert_eq!(state.notifications.len(), 1);
    }

    #[test]
    fn a_pages_event_changes_what_it_names_and_is_no_speech() {
        let mut state = State::default();
        let mut close = message(1, MessageType::Status, Role::System, "");
        close.payload = Some(json!({"status": "closed", "session": {"a": 1, "b": 1}}));
        state.apply(&close);
        let events = [
            ("UPDATE_SESSION", json!({"b": 2, "c": [3]})),
            ("GO_TO_DIALOGSTATE", json!({"dialogState": "checkout"})),
            ("StartEngagement", json!({"formData": {"age": 36}})),
        ];
        for (seq, (text, payload)) in (2..).zip(events) {
            let mut event = message(seq, MessageType::Event, Role::Contact, text);
            event.payload = Some(payload);
            assert!(state.apply(&event));
            event.role = Role::Bot;
            assert!(!state.apply(&event), "bots do not speak for the page");
        }
        assert_eq!(Value::Object(state.session), json!({"a": 1, "b": 2, "c": [3]}));
        assert_eq!(state.dialog_state.as_deref(), Some("checkout"));
        assert_eq!(state.fields.get("age").map(String::as_str), Some("36"));
        assert_eq!(state.status, Status::Closed);
    }

    #[test]
    fn the_kept_tail_is_bounded() {
        let mut state = State::default();
        for seq in 1..=150 {
            state.apply(&message(seq, MessageType::Command, Role::Contact, "/notify"));
        }
        assert_eq!(state.notifications.len(), limits::STATE_TAIL);
        assert_eq!(state.notifications[0].seq, Seq(51));
    }
}
