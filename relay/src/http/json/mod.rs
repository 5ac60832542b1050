//! JSON bodies: read so that an error names the member, whatever is wrong with it.

mod strict;

use super::Refused;
use crate::app::App;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE},
    response::IntoResponse,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::Track;
use shared::{Error, ErrorCode};
use strict::Strict;

/// The body of a request.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        Ok(Self(parse(&read(request, app).await?)?))
    }
}

/// The bytes of a JSON body. No body at all counts as `{}`: then the member that is missing is named.
pub(super) async fn read(request: Request, app: &App) -> Result<Bytes, Refused> {
    let is_json = is_json(request.headers());
    let body = Bytes::from_request(request, app).await.map_err(|rejection| {
        let most = app.settings.limits.request_bytes;
        match rejection.into_response().status().as_u16() {
            413 => Error::new(ErrorCode::TooLarge, format!("the body is larger than {most} bytes")),
            _ => Error::new(ErrorCode::BadRequest, "the body did not arrive whole"),
        }
    })?;
    if body.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    if !is_json {
        return Err(Error::new(
            ErrorCode::UnsupportedMediaType,
            "send JSON with Content-Type: application/json",
        )
        .into());
    }
    Ok(body)
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let mut track = Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let value =
        T::deserialize(Strict(tracked)).map_err(|error| explain(&error, &track.path().to_string(), body))?;
    deserializer.end().map_err(|error| explain(&error, "", body))?;
    Ok(value)
}

fn explain(error: &serde_json::Error, path: &str, body: &[u8]) -> Error {
    let text = error.to_string();
    // A value that can be no name of an enum (`null`) counts as bad syntax there; whether the body is JSON is another question.
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(body) {
        return Error::new(ErrorCode::BadJson, format!("the body is not JSON: {error}"));
    }
    let (message, _) = text.split_once(" at line ").unwrap_or((&text, ""));
    let parent = path.trim_end_matches('?').trim_end_matches('.');
    let field = match named_in(message) {
        Some(member) if parent.is_empty() => member.to_owned(),
        // The path of an unknown member ends with it, that of a missing one with its parent.
        Some(member) if parent == member || parent.ends_with(&format!(".{member}")) => parent.to_owned(),
        Some(member) => format!("{parent}.{member}"),
        None => parent.to_owned(),
    };
    match field.as_str() {
        "" => Error::new(ErrorCode::Invalid, message),
        _ => Error::invalid(field, message),
    }
}

/// The member that serde puts into its sentence.
fn named_in(message: &str) -> Option<&str> {
    let rest = ["unknown field `", "missing field `", "duplicate field `"]
        .into_iter()
        .find_map(|start| message.strip_prefix(start))?;
    rest.split_once('`').map(|(member, _)| member)
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::message::Draft;

    fn explained(body: &str) -> (ErrorCode, Option<String>, String) {
        let error = parse::<Draft>(body.as_bytes()).unwrap_err();
        (error.code, error.field, error.message)
    }

    #[test]
    fn what_is_not_json_is_bad_json() {
        assert_eq!(explained("{\"text\": ").0, ErrorCode::BadJson);
        assert_eq!(explained("{\"text\": \"a\"} {}").0, ErrorCode::BadJson);
        assert_eq!(explained("").0, ErrorCode::BadJson);
    }

    #[test]
    fn an_array_is_no_object() {
        let (code, field, message) = explained(r#"["chat", "agent", "Hello"]"#);
        assert_eq!((code, field), (ErrorCode::Invalid, None), "{message}");
    }

    #[test]
    fn the_member_that_is_wrong_is_named_with_its_path() {
        for (body, field) in [
            (r#"{"text": 1}"#, "text"),
            (r#"{"text": "a", "colour": "red"}"#, "colour"),
            (r#"{"text": "a", "items": [{"actions": []}]}"#, "items[0].title"),
            (
                r#"{"text": "a", "actions": [{"type": "link", "text": "b", "colour": 1}]}"#,
                "actions[0].colour",
            ),
            (
                r#"{"text": "a", "items": [{"title": "b", "actions": [{"type": "x"}]}]}"#,
                "items[0].actions[0].type",
            ),
            (r#"{"text": "a", "user": "me"}"#, "user"),
            (r#"{"text": "a", "text": "b"}"#, "text"),
            (r#"{"type": null, "text": "a"}"#, "type"),
            (r#"{"text": "a", "items": [["b", null, null, []]]}"#, "items[0]"),
            (r#"{"text": "a", "iframe": ["https://a.example", "A"]}"#, "iframe"),
        ] {
            let (code, named, message) = explained(body);
            assert_eq!((code, named.as_deref()), (ErrorCode::Invalid, Some(field)), "{message}");
            assert!(!message.contains(" at line "), "{message}");
        }
    }
}
