//! What conversations are about, as an organization names it, and the forms that belong to it.

use super::text::Name;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use shared::FormId;
use std::fmt;

/// Shown as it was given: its name alone, or with forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Category {
    Name(#[schemars(with = "Name")] String),
    WithForms(CategoryWithForms),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryWithForms {
    #[schemars(with = "Name")]
    pub name: String,
    /// Activated in a conversation that gets this category.
    #[schemars(length(max = Category::MOST_FORMS), extend("uniqueItems" = true))]
    pub forms: Vec<FormId>,
}

impl Category {
    /// Forms of one category: each may be an entry of the log when a conversation gets it.
    pub(crate) const MOST_FORMS: usize = 20;

    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::WithForms(category) => &category.name,
        }
    }

    #[must_use]
    pub fn forms(&self) -> &[FormId] {
        match self {
            Self::Name(_) => &[],
            Self::WithForms(category) => &category.forms,
        }
    }
}

/// By hand, so that an error names the member, which serde's own does not where there is no tag.
impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Category;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or an object with a name and forms")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Category, E> {
                Ok(Category::Name(name.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Category, A::Error> {
                CategoryWithForms::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(Category::WithForms)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
