//! The settings that the chat itself reads: what they may be. Others are the organization's own, and may be anything.

mod hours;

use crate::{
    model::Form,
    store::{Read, StoreError},
};
use serde_json::{Map, Value};
use shared::{Error, OrganizationId};

/// Settings that are a text for visitors.
const TEXTS: [&str; 3] = ["greeting", "color", "replyTime"];
/// Settings that are on or off.
const SWITCHES: [&str; 1] = ["rating"];
/// Characters of a text. It stands in a panel 390 px wide.
const TEXT_CHARS: usize = 1_000;

/// Null is as good as absent.
pub(super) fn check(
    read: &Read<'_>,
    organization: OrganizationId,
    settings: &Map<String, Value>,
) -> Result<(), StoreError> {
    for (name, value) in settings.iter().filter(|(_, value)| !value.is_null()) {
        let member = format!("settings.{name}");
        match name.as_str() {
            name if TEXTS.contains(&name) => text(&member, value)?,
            name if SWITCHES.contains(&name) && !value.is_boolean() => {
                return Err(Error::invalid(member, "expected true or false").into());
            }
            "preChatForm" => form(read, organization, &member, value)?,
            "hours" => hours::check(&member, value)?,
            _ => {}
        }
    }
    Ok(())
}

fn text(member: &str, value: &Value) -> Result<(), Error> {
    let text = value.as_str().ok_or_else(|| Error::invalid(member, "expected a text"))?;
    let characters = text.chars().count();
    if characters > TEXT_CHARS {
        let what = format!("{characters} characters; at most {TEXT_CHARS} are allowed");
        return Err(Error::invalid(member, what));
    }
    Ok(())
}

fn form(
    read: &Read<'_>,
    organization: OrganizationId,
    member: &str,
    value: &Value,
) -> Result<(), StoreError> {
    let id = value.as_str().and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Error::invalid(member, "expected the id of a form"))?;
    match read.find::<Form>(organization.into(), id)? {
        Some(_) => Ok(()),
        None => Err(Error::not_found("form", id).with_field(member).into()),
    }
}
