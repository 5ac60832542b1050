//! Answers to a form: whether they fit its fields, and how they stand in the log.

use super::{Form, FormField};
use serde_json::{Map, Value};
use shared::{Error, Millis, limits};

/// Answers that fit.
#[derive(Debug)]
pub(crate) struct Answers {
    /// As programs read them: texts, and a boolean for a checkbox. What was left empty is not there.
    pub(crate) values: Map<String, Value>,
    /// As people read them: a line for each.
    pub(crate) text: String,
}

impl Form {
    /// Checks what somebody has filled in.
    ///
    /// # Errors
    /// `invalid`, with the first answer that does not fit below `member`.
    pub(crate) fn check_answers(&self, member: &str, given: &Map<String, Value>) -> Result<Answers, Error> {
        if let Some(unknown) = given.keys().find(|key| !self.has_field(key)) {
            return Err(Error::invalid(format!("{member}.{unknown}"), "the form has no such field"));
        }
        let (mut values, mut lines) = (Map::new(), Vec::new());
        for field in &self.fields {
            let refused = |what: &str| Error::invalid(format!("{member}.{}", field.key), what);
            let value = field.read(given.get(&field.key)).map_err(|what| refused(&what))?;
            let line = match &value {
                Some(Value::String(text)) => text.as_str(),
                Some(Value::Bool(true)) => "✓",
                None if field.required => return Err(refused("an answer is required")),
                None | Some(_) => continue,
            };
            lines.push(format!("{}: {line}", field.shown_label()));
            values.extend(value.map(|value| (field.key.clone(), value)));
        }
        Ok(Answers { values, text: lines.join("\n") })
    }
}

impl FormField {
    /// Nothing for what was left empty.
    fn read(&self, given: Option<&Value>) -> Result<Option<Value>, String> {
        let text = match given {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(ticked)) if self.kind == "checkbox" => {
                return Ok(ticked.then_some(Value::Bool(true)));
            }
            Some(Value::String(text)) if self.kind != "checkbox" => text.trim(),
            Some(_) => return Err(self.expected()),
        };
        if text.is_empty() {
            return Ok(None);
        }
        let characters = text.chars().count();
        if characters > limits::COMMAND_VALUE_CHARS {
            let most = limits::COMMAND_VALUE_CHARS;
            return Err(format!("{characters} characters; at most {most} are allowed"));
        }
        if self.fits(text) { Ok(Some(text.into())) } else { Err(self.expected()) }
    }

    fn fits(&self, text: &str) -> bool {
        match self.kind.as_str() {
            "email" => text.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)
            }),
            "tel" => {
                let is_known = |character: char| character.is_ascii_digit() || " +()-./".contains(character);
                text.chars().all(is_known) && text.contains(|character: char| character.is_ascii_digit())
            }
            "number" => text.parse::<f64>().is_ok_and(f64::is_finite),
            "date" => format!("{text}T00:00:00Z").parse::<Millis>().is_ok() || is_before_1970(text),
            "select" => self.options.is_empty() || self.options.iter().any(|option| option.trim() == text),
            _ => true,
        }
    }

    fn expected(&self) -> String {
        match self.kind.as_str() {
            "email" => "expected an address such as anna@shop.example",
            "tel" => "expected a telephone number",
            "number" => "expected a number, as a text",
            "date" => "expected a date such as 1984-04-30",
            "select" => "expected one of the options",
            "checkbox" => "expected true or false",
            _ => "expected a text",
        }
        .to_owned()
    }
}

/// The Gregorian calendar repeats itself after 400 years.
fn is_before_1970(date: &str) -> bool {
    let year = date.get(..4).and_then(|year| year.parse::<u16>().ok()).filter(|year| *year < 1970);
    year.is_some_and(|year| format!("{:04}{}T00:00:00Z", year + 2_000, &date[4..]).parse::<Millis>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::{FormId, OrganizationId};

    fn form(fields: &Value) -> Form {
        let (id, organization) = (FormId::from_bytes([1; 12]), OrganizationId::from_bytes([2; 12]));
        let json = json!({"id": id, "organization": organization, "name": "Lead", "fields": fields,
            "createdAt": Millis(0), "updatedAt": Millis(0)});
        serde_json::from_value(json).unwrap()
    }

    fn refused(field: &Value, answer: &Value) -> Option<String> {
        let answers = Map::from_iter([("it".to_owned(), answer.clone())]);
        form(&json!([field])).check_answers("values", &answers).err().and_then(|error| error.field)
    }

    #[test]
    fn each_type_takes_what_it_means() {
        for (kind, good, bad) in [
            ("text", vec![json!("Ada"), json!(" "), Value::Null], vec![json!(1), json!(true), json!(["a"])]),
            ("email", vec![json!("ada@shop.example")], vec![json!("ada"), json!("@b"), json!("a b@c")]),
            ("tel", vec![json!("+31 (0)6-462.80/994")], vec![json!("six"), json!("+")]),
            ("number", vec![json!("-2.50"), json!("1e3")], vec![json!("two"), json!("inf"), json!("1,5")]),
            (
                "date",
                vec![json!("1984-02-29"), json!("1952-02-29"), json!("2026-12-31")],
                vec![json!("1983-02-29"), json!("1951-02-29"), json!("31-12-2026"), json!("1984-2-9")],
            ),
            ("select", vec![json!("red")], vec![json!("blue")]),
            ("checkbox", vec![json!(true), json!(false)], vec![json!("yes"), json!(1)]),
            ("textarea", vec![json!("two\nlines")], vec![json!("x".repeat(2_001))]),
            ("of an older relay", vec![json!("a")], vec![json!(1)]),
        ] {
            let field = json!({"key": "it", "type": kind, "options": ["red", "green"]});
            for good in good {
                assert_eq!(refused(&field, &good), None, "{kind} {good}");
            }
            for bad in bad {
                assert_eq!(refused(&field, &bad).as_deref(), Some("values.it"), "{kind} {bad}");
            }
        }
    }

    #[test]
    fn what_is_required_is_answered_and_what_is_unknown_is_no_answer() {
        for kind in ["text", "checkbox"] {
            let required = json!({"key": "it", "type": kind, "required": true});
            for empty in [json!(""), json!(false), Value::Null] {
                assert_eq!(refused(&required, &empty).as_deref(), Some("values.it"), "{kind} {empty}");
            }
        }
        let other = refused(&json!({"key": "other"}), &json!("a"));
        assert_eq!(other.as_deref(), Some("values.it"));
    }

    #[test]
    fn answers_read_as_lines_in_the_order_of_the_fields() {
        let fields = json!([
            {"key": "name", "label": "Your name"},
            {"key": "age", "type": "number"},
            {"key": "letter", "label": "Newsletter", "type": "checkbox"},
        ]);
        let given = json!({"age": "", "letter": true, "name": " Ada "});

        let answers = form(&fields).check_answers("values", given.as_object().unwrap()).unwrap();

        assert_eq!(answers.text, "Your name: Ada\nNewsletter: ✓");
        assert_eq!(Value::Object(answers.values), json!({"letter": true, "name": "Ada"}));
    }
}
