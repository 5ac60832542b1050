//! How things stand with a conversation, as its visitor may know. Whether somebody is there is not stored.

use super::Read;
use crate::{
    model::{Form, User},
    store::{
        Scope, StoreError,
        sql::{count, document, id, integer},
    },
};
use rusqlite::params;
use serde_json::Value;
use shared::{
    ConversationId, Error, OrganizationId, Seq,
    conversation::{Participant, State, Status},
    wire::{AgentView, ConversationView},
};

/// Places in the queue that are told: further behind, one waits for a while in any case.
const QUEUE: u64 = 20;

/// Agents of one conversation that its visitor hears of, the latest: rows of names and small pictures.
const AGENTS: usize = 20;

/// Active forms of one conversation that its visitor is shown, the latest: a form may have 200 fields.
const FORMS: usize = 5;

/// What a visitor's socket looks up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub head: Seq,
    pub view: ConversationView,
}

impl Read<'_> {
    /// # Errors
    /// `not_found`, or a failure of the database.
    pub fn standing(&self, conversation: ConversationId) -> Result<Standing, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.key, c.organization, h.head, c.state FROM conversations c
             JOIN conversation_heads h ON h.conversation = c.key WHERE c.id = ?1",
        )?;
        let mut rows = statement.query(params![conversation.as_bytes()])?;
        let row = rows.next()?.ok_or_else(|| Error::not_found("conversation", conversation))?;
        let (key, organization): (i64, OrganizationId) = (row.get(0)?, id(row, 1)?);
        let state: State =
            document("conversation", row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
        let position = match state.status {
            Status::Queued => self.position(organization, key)?,
            Status::Active | Status::Closed => None,
        };
        let view = ConversationView {
            status: Some(state.status),
            agents: self.agents(&state.participants)?,
            is_online: false,
            read_by_agents: state.agents_read_seq,
            read_by_visitor: state.contact_read_seq,
            position,
            forms: self.active_forms(organization, &state)?,
        };
        Ok(Standing { head: Seq(count(row, 2)?), view })
    }

    /// The conversations that have waited longest, as far as they are told their place.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn queue(&self, organization: OrganizationId) -> Result<Vec<ConversationId>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM conversations WHERE organization = ?1 AND status = 'queued' ORDER BY key LIMIT ?2",
        )?;
        let queue =
            statement.query_map(params![organization.as_bytes(), integer(QUEUE + 1)], |row| id(row, 0))?;
        Ok(queue.collect::<rusqlite::Result<_>>()?)
    }

    /// Those that the visitor is to fill in, with what is filled in already. One that is gone is nobody's to fill in.
    fn active_forms(&self, organization: OrganizationId, state: &State) -> Result<Vec<Value>, StoreError> {
        let mut forms = Vec::new();
        for id in state.forms.iter().rev().take(FORMS) {
            if let Some(form) = self.find::<Form>(organization.into(), *id)? {
                let results = state.results.iter().find(|results| results.form == *id);
                forms.push(form.shown(results.map(|results| &results.values)));
            }
        }
        forms.reverse();
        Ok(forms)
    }

    /// How many conversations with contacts are queued that are older than the one with this key.
    fn position(&self, organization: OrganizationId, key: i64) -> Result<Option<u64>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), count(contact) FROM (
                 SELECT contact FROM conversations
                 WHERE organization = ?1 AND status = 'queued' AND key < ?2 ORDER BY key LIMIT ?3)",
        )?;
        let most = integer(QUEUE + 1);
        let (all, contacts) = statement.query_row(params![organization.as_bytes(), key, most], |row| {
            Ok((count(row, 0)?, count(row, 1)?))
        })?;
        Ok((all <= QUEUE).then_some(contacts))
    }

    /// As they are called and look now. Whoever was only asked to take part is nobody to the visitor yet.
    fn agents(&self, participants: &[Participant]) -> Result<Vec<AgentView>, StoreError> {
        let mut agents = Vec::new();
        let known =
            participants.iter().filter(|participant| participant.name.is_some() || participant.active);
        for participant in known.rev().take(AGENTS) {
            let user = self.find::<User>(Scope::All, participant.user)?;
            let (name, avatar_url) = user.map_or((None, None), |user| (Some(user.name), user.avatar));
            agents.push(AgentView {
                id: participant.user,
                name: name.or_else(|| participant.name.clone()).unwrap_or_default(),
                avatar_url,
                is_online: false,
                has_left: !participant.active,
            });
        }
        agents.reverse();
        Ok(agents)
    }
}
