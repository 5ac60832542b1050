//! Checks of members that several resources have.

use crate::model::text::NAME_CHARS;
use serde_json::{Map, Value};
use shared::{Error, limits};

pub(super) fn name(field: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "may not be empty"));
    }
    short(field, text)
}

pub(super) fn short(field: &str, text: &str) -> Result<(), Error> {
    let characters = text.chars().count();
    if characters > NAME_CHARS {
        return Err(Error::invalid(
            field,
            format!("{characters} characters; at most {NAME_CHARS} are allowed"),
        ));
    }
    Ok(())
}

pub(super) fn count(field: &str, count: usize, most: usize) -> Result<(), Error> {
    if count > most {
        return Err(Error::invalid(field, format!("{count} given; at most {most} are allowed")));
    }
    Ok(())
}

/// An address of mail, as far as it can be told without sending any.
pub(super) fn email(field: &str, text: &str) -> Result<(), Error> {
    let parts = text.split_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty());
    if parts.is_none() || text.contains(char::is_whitespace) {
        return Err(Error::invalid(field, "expected an address such as anna@shop.example"));
    }
    short(field, text)
}

/// The address of a page to be opened.
pub(super) fn page(field: &str, url: &str) -> Result<(), Error> {
    let is_page = url.starts_with("https://") || url.starts_with("http://");
    if is_page && !url.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Ok(());
    }
    Err(Error::invalid(field, "expected the http or https address of a page with the widget"))
}

/// The `meta` of a conversation or a form.
pub(super) fn meta(meta: &Map<String, Value>) -> Result<(), Error> {
    count("meta", meta.len(), limits::META_KEYS)?;
    for (key, value) in meta {
        let bytes = value.to_string().len();
        if bytes > limits::META_VALUE_BYTES {
            let message = format!("{bytes} bytes as JSON; at most {} are allowed", limits::META_VALUE_BYTES);
            return Err(Error::invalid(format!("meta.{key}"), message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_a_user_and_a_host() {
        assert!(email("email", "anna@shop.example").is_ok());
        for bad in ["", "anna", "@shop.example", "anna@", "anna anna@shop.example"] {
            assert!(email("email", bad).is_err(), "{bad}");
        }
    }
}
