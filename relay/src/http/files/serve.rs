//! GET `/files/{file}/{name}`: to whoever has the address, so that a page can show it. What a file says about itself
//! is believed in nothing: it cannot run, and only what cannot harm is shown in place.

use super::{
    name,
    range::{Wanted, wanted},
};
use crate::{
    app::App,
    http::{Refused, assets, path::Path},
    model::File,
};
use axum::{
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use shared::Error;
use std::{future::ready, io, ops::Range};

/// The address has the id of this very content.
const FOREVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Asks for what could be shown to be saved instead.
pub(super) const DOWNLOAD: &str = "download";
/// A file has no scripts, no origin and no company.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

pub(super) async fn serve(
    State(app): State<App>,
    method: Method,
    RawQuery(query): RawQuery,
    Path((id, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Refused> {
    let file = id.parse().map_err(|_| Error::not_found("file", &id))?;
    let file = app.store.read(move |read| read.file(file)).await?;
    if file.name != name {
        return Err(Error::not_found("file", name).into());
    }
    let tag = entity_tag(&file);
    let mut response = if assets::is_known(&asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(&app, &file, ranges(&method, &asked, &tag, file.size), &method).await?
    };
    let headers = response.headers_mut();
    let is_wanted = query.as_deref() != Some(DOWNLOAD);
    let kind = if is_wanted && is_shown(&file.content_type) { "inline" } else { "attachment" };
    headers.insert(header::CONTENT_DISPOSITION, name::disposition(kind, &file.name));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(assets::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(header::CACHE_CONTROL, FOREVER);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, ascii(&tag));
    Ok(response)
}

/// What is asked for: a `Range` counts for GET alone, and with `If-Range` only for the same content.
fn ranges(method: &Method, asked: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_same = asked.get(header::IF_RANGE).is_none_or(|condition| condition == tag);
    match text(header::RANGE) {
        Some(range) if method == Method::GET && is_same => wanted(range, size),
        _ => Wanted::Whole,
    }
}

async fn content(app: &App, file: &File, wanted: Wanted, method: &Method) -> Result<Response, Refused> {
    let media_type = file.told_type();
    let (status, media_type, length, body) = match wanted {
        Wanted::Nothing => {
            let unsatisfied = [(header::CONTENT_RANGE, format!("bytes */{}", file.size))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response());
        }
        Wanted::Whole if method == Method::HEAD => {
            (StatusCode::OK, media_type.to_owned(), file.size, Body::empty())
        }
        Wanted::Whole => {
            let body = app.files.read(file.organization, file.id, 0..file.size).await?;
            (StatusCode::OK, media_type.to_owned(), file.size, Body::from_stream(body))
        }
        Wanted::Parts(parts) => match parts.as_slice() {
            [part] => {
                let body = app.files.read(file.organization, file.id, part.clone()).await?;
                let range = [(header::CONTENT_RANGE, content_range(part, file.size))];
                let response = (StatusCode::PARTIAL_CONTENT, range, Body::from_stream(body)).into_response();
                return Ok(described(response, media_type, part.end - part.start));
            }
            parts => {
                let boundary = boundary();
                let (length, body) = byteranges(app, file, parts, media_type, &boundary);
                let media_type = format!("multipart/byteranges; boundary={boundary}");
                (StatusCode::PARTIAL_CONTENT, media_type, length, body)
            }
        },
    };
    Ok(described((status, body).into_response(), &media_type, length))
}

fn described(mut response: Response, media_type: &str, length: u64) -> Response {
    response.headers_mut().insert(header::CONTENT_TYPE, ascii(media_type));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Several parts in one body (RFC 9110, section 14.6), and its length.
fn byteranges(app: &App, file: &File, parts: &[Range<u64>], media_type: &str, boundary: &str) -> (u64, Body) {
    let heads = parts.iter().map(|part| {
        let range = content_range(part, file.size);
        format!("\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {range}\r\n\r\n")
    });
    let parts: Vec<_> = heads.zip(parts.iter().cloned()).collect();
    let end = format!("\r\n--{boundary}--\r\n");
    let lengths = parts.iter().map(|(head, part)| head.len() as u64 + (part.end - part.start));
    let length = lengths.sum::<u64>() + end.len() as u64;

    let (app, organization, id) = (app.clone(), file.organization, file.id);
    let parts = stream::iter(parts).then(move |(head, part)| {
        let app = app.clone();
        async move {
            let content = app.files.read(organization, id, part).await.map_err(io::Error::other)?;
            Ok::<_, io::Error>(stream::once(ready(Ok(Bytes::from(head)))).chain(content))
        }
    });
    (length, Body::from_stream(parts.try_flatten().chain(stream::once(ready(Ok(Bytes::from(end)))))))
}

fn content_range(part: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end - 1)
}

/// No file contains it: it is made after the file.
fn boundary() -> String {
    let random = getrandom::u64().expect("the operating system has randomness once it has started");
    format!("part-{random:016x}")
}

fn entity_tag(file: &File) -> String {
    let digits: String = file.hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Pictures, sound, film and text without markup. All else is saved to the disk, by its name: also PDF, whose viewer
/// Chromium refuses to start under the policy's `sandbox`, where its reader would get an error page.
fn is_shown(content_type: &str) -> bool {
    let is_media = ["image/", "audio/", "video/"].iter().any(|kind| content_type.starts_with(kind));
    (is_media && content_type != "image/svg+xml") || content_type == "text/plain"
}

fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("media types and tags are visible ASCII")
}
