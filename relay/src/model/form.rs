//! A named list of fields; activated in a conversation and filled in there.

mod answers;

use crate::model::text::{Key, Name, Short};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::{FormId, Millis, OrganizationId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    pub id: FormId,
    pub organization: OrganizationId,
    pub name: String,
    #[serde(default)]
    pub fields: Vec<FormField>,
    /// What programs want to know of it.
    #[serde(default)]
    pub meta: Map<String, Value>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

impl Form {
    /// What a visitor gets of it, with what is filled in already.
    #[must_use]
    pub fn shown(&self, values: Option<&Map<String, Value>>) -> Value {
        let mut shown = json!({"id": self.id, "name": self.name, "fields": self.fields});
        if let (Some(values), Some(members)) = (values, shown.as_object_mut()) {
            members.insert("values".to_owned(), values.clone().into());
        }
        shown
    }

    /// Whether `>cs .key value` fills in a field of this form.
    #[must_use]
    pub fn has_field(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.key == key)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormField {
    #[schemars(with = "Key")]
    pub key: String,
    /// What a person reads; `key` where empty.
    #[serde(default)]
    #[schemars(with = "Short")]
    pub label: String,
    /// As of an HTML `input`, or `select` and `textarea`. What an older relay has stored may be anything, and is a text.
    #[serde(rename = "type", default = "plain_text")]
    #[schemars(extend("enum" = FormField::TYPES))]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
    /// The choices of a `select`.
    #[serde(default)]
    #[schemars(with = "Vec<Name>", length(max = FormField::MOST_OPTIONS))]
    pub options: Vec<String>,
}

impl FormField {
    /// Choices of one field.
    pub(crate) const MOST_OPTIONS: usize = 200;
    pub(crate) const TYPES: [&str; 8] =
        ["text", "email", "tel", "number", "date", "select", "checkbox", "textarea"];

    /// What a person reads.
    #[must_use]
    pub fn shown_label(&self) -> &str {
        if self.label.is_empty() { &self.key } else { &self.label }
    }
}

fn plain_text() -> String {
    "text".to_owned()
}
