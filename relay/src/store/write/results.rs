//! What a contact has filled in: the answers to a form that is active, or what they think of the conversation. The sender
//! gives values; what they are called and how they read, the relay says.

use super::{Write, commands::FIELDS};
use crate::{model::Form, store::StoreError};
use serde_json::{Map, Value, json};
use shared::{
    Error, ErrorCode, FormId, limits,
    message::{Message, Results},
};

/// The name under which a rating is found among the results.
const RATING: &str = "rating";
const COMMENT: &str = "comment";
/// Of a rating: the best.
const BEST: usize = 5;

impl Write<'_> {
    /// Checks the answers in `message`, and writes them the one way they are written.
    pub(super) fn resolve_results(&mut self, message: &mut Message) -> Result<(), StoreError> {
        let payload = message.payload.take().unwrap_or_default();
        let values = payload.get("values").and_then(Value::as_object);
        let values = values.ok_or_else(|| Error::invalid("payload.values", "expected an object"))?;
        match payload.get("form") {
            Some(form) => self.resolve_answers(message, form, values),
            None => self.resolve_rating(message, values),
        }
    }

    fn resolve_answers(
        &mut self,
        message: &mut Message,
        form: &Value,
        values: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        const MEMBER: &str = "payload.form";
        let state =
            &self.memory.head(self.read.connection, message.organization, message.conversation)?.state;
        let id = form.as_str().and_then(|id| id.parse::<FormId>().ok());
        let id = id
            .filter(|id| state.forms.contains(id))
            .ok_or_else(|| Error::invalid(MEMBER, "no form of this id is active in the conversation"))?;
        let known = &state.fields;
        if known.len() + values.keys().filter(|key| !known.contains_key(*key)).count() > FIELDS {
            let what = format!("the conversation has {} fields; at most {FIELDS} are allowed", known.len());
            return Err(Error::invalid("payload.values", what).into());
        }
        let form: Form = self.get(message.organization.into(), id)?;
        let answers = form.check_answers("payload.values", values)?;
        message.text = answers.text;
        message.payload = Some(json!({ "form": id }));
        message.meta.insert("form".to_owned(), id.to_string().into());
        message.meta.insert("title".to_owned(), form.name.as_str().into());
        message.results = vec![Results { name: form.name, values: answers.values }];
        Ok(())
    }

    fn resolve_rating(
        &mut self,
        message: &mut Message,
        values: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        if !self.memory.rules(self.read.connection, message.organization)?.asks_rating {
            return Err(Error::new(ErrorCode::Forbidden, "the organization asks for no rating").into());
        }
        if let Some(unknown) = values.keys().find(|name| ![RATING, COMMENT].contains(&name.as_str())) {
            return Err(
                Error::invalid(format!("payload.values.{unknown}"), "a rating has no such value").into()
            );
        }
        let rating =
            values.get(RATING).and_then(Value::as_str).and_then(|rating| rating.parse::<usize>().ok());
        let rating = rating.filter(|rating| (1..=BEST).contains(rating)).ok_or_else(|| {
            Error::invalid("payload.values.rating", format!("expected 1 to {BEST}, as a text"))
        })?;
        let comment = values.get(COMMENT).and_then(Value::as_str).unwrap_or_default().trim();
        if comment.chars().count() > limits::COMMAND_VALUE_CHARS {
            let what = format!("at most {} characters are allowed", limits::COMMAND_VALUE_CHARS);
            return Err(Error::invalid("payload.values.comment", what).into());
        }
        let mut values = Map::from_iter([(RATING.to_owned(), Value::from(rating))]);
        message.text = ["★".repeat(rating), "☆".repeat(BEST - rating)].concat();
        if !comment.is_empty() {
            message.text = [&message.text, "\n", comment].concat();
            values.insert(COMMENT.to_owned(), comment.into());
        }
        message.meta.remove("title");
        message.results = vec![Results { name: RATING.to_owned(), values }];
        Ok(())
    }
}
