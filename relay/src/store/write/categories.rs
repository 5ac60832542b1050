//! A conversation gets a category that has forms: those that are not active yet are activated, each by an entry of the
//! relay's, right after the one that set the category. So they follow from the log, like everything else.

use super::Write;
use crate::{
    model::{Category, Form, Organization},
    store::{Append, Author, StoreError, Target},
};
use serde_json::Value;
use shared::{
    ConversationId, FormId, Millis, OrganizationId,
    command::Command,
    message::{Draft, Message, MessageType, Role},
};

impl Write<'_> {
    /// The forms that a category brings to a conversation: those that are there and not active in it.
    pub(super) fn forms_of_category(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        category: &str,
    ) -> Result<Vec<FormId>, StoreError> {
        let Organization { categories, .. } = self.get(organization.into(), organization)?;
        let forms = categories.iter().find(|known| known.name() == category).map(Category::forms);
        let active = &self.memory.head(self.read.connection, organization, conversation)?.state.forms;
        let new: Vec<FormId> =
            forms.into_iter().flatten().filter(|form| !active.contains(form)).copied().collect();
        let mut found = Vec::with_capacity(new.len());
        for form in new {
            if self.find::<Form>(organization.into(), form)?.is_some() {
                found.push(form);
            }
        }
        Ok(found)
    }

    pub(super) fn activate_forms(
        &mut self,
        organization: OrganizationId,
        conversation: ConversationId,
        forms: &[FormId],
        now: Millis,
    ) -> Result<(), StoreError> {
        let target = Target::Conversation { organization, conversation };
        for form in forms {
            let draft = Draft {
                kind: MessageType::Form,
                role: Role::System,
                text: Command::Form(*form).text(),
                ..Draft::default()
            };
            self.store(Append { target, author: Author::System, draft, now })?;
        }
        Ok(())
    }
}

/// The category that a change made through the API sets.
pub(super) fn category_of(status: &Message) -> Option<&str> {
    status.payload.as_ref()?.get("category").and_then(Value::as_str)
}
