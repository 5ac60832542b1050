//! What `cargo xtask build` put into `dist/`, inside the binary (read from the disk in a debug build). Any
//! page may fetch it: sites include the loader from their own origin.

use super::Refused;
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use shared::{Error, ErrorCode};

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

pub(super) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");
/// The name changes with the content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The name stays: asked for again after five minutes, and answered 304 where nothing changed.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=300");
/// Compressed copies beside a file, best first: how a browser names it, how the file does.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// In `dist/`, but not for visitors as they are.
const HIDDEN: [&str; 4] = ["manifest.json", "index.html", "docs.html", "frame.html"];

pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{*path}", get(asset)).route("/web1on1.js", get(loader))
}

/// A file of `dist/` as it is, for a page that is made from it.
pub(super) fn text(path: &str) -> Option<String> {
    String::from_utf8(Dist::get(path)?.data.into_owned()).ok()
}

/// Says which command is missing, where a visitor's page would otherwise be a riddle.
pub(super) fn not_built() -> Response {
    let message = "The widget was not built. Run `cargo xtask build`, then build the relay again; `cargo xtask run` does both.\n";
    (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
}

/// What no route has: the other files of `dist/`, or `not_found`.
pub(super) async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Refused> {
    let path = uri.path();
    let name = path.trim_start_matches('/');
    let is_copy = ENCODINGS.iter().any(|(_, suffix)| name.ends_with(suffix));
    let is_read = method == Method::GET || method == Method::HEAD;
    let file =
        Dist::get(name).filter(|_| is_read && !is_copy && !HIDDEN.contains(&name) && !name.contains('/'));
    match file {
        Some(file) => Ok(answer(name, file, &headers, SHORTLY)),
        None => Err(Error::new(ErrorCode::NotFound, format!("there is nothing at {path}")).into()),
    }
}

async fn loader(headers: HeaderMap) -> Response {
    match Dist::get("web1on1.js") {
        Some(file) => answer("web1on1.js", file, &headers, SHORTLY),
        None => not_built(),
    }
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Refused> {
    let name = format!("assets/{path}");
    match Dist::get(&name) {
        Some(file) => Ok(answer(&name, file, &headers, FOREVER)),
        None => Err(Error::not_found("asset", path).into()),
    }
}

fn answer(name: &str, plain: EmbeddedFile, asked: &HeaderMap, cache: HeaderValue) -> Response {
    let (file, encoding) = best(name, asked).map_or((plain, None), |(file, encoding)| (file, Some(encoding)));
    let tag = entity_tag(&file);
    let is_known = is_known(asked, &tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(file.data).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type(name));
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding.filter(|_| !is_known) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether the client has this version (RFC 9110, section 13.1.2).
pub(super) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// The smallest copy that the browser reads.
fn best(name: &str, asked: &HeaderMap) -> Option<(EmbeddedFile, &'static str)> {
    let accepted = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let accepts = |encoding: &str| {
        accepted.split(',').any(|one| {
            let (name, quality) = one.split_once(';').unwrap_or((one, ""));
            name.trim() == encoding && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    let mut readable = ENCODINGS.into_iter().filter(|(encoding, _)| accepts(encoding));
    readable.find_map(|(encoding, suffix)| Some((Dist::get(&format!("{name}{suffix}"))?, encoding)))
}

fn entity_tag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let digits: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn content_type(name: &str) -> HeaderValue {
    let extension = name.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "ts" | "txt" => "text/plain; charset=utf-8",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_have_the_type_that_browsers_insist_on() {
        assert_eq!(content_type("web1on1.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("web1on1.d.ts"), "text/plain; charset=utf-8");
    }
}
