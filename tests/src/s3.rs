//! As much of S3 as a relay's files need, in memory: objects, ranges of them, and uploads in parts. It takes every key
//! and checks no signature.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A part of an upload is at most this large here; S3 takes up to 5 GiB.
const PART_BYTES: usize = 16 << 20;
/// What S3 refuses, where it is not the last part.
const LEAST_PART: usize = 5 << 20;

/// Runs until it is dropped.
#[derive(Debug)]
pub struct S3 {
    address: SocketAddr,
    objects: Objects,
    server: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
struct Objects(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// By bucket and key.
    whole: BTreeMap<String, Bytes>,
    /// By the upload's id.
    parts: HashMap<String, BTreeMap<u32, Bytes>>,
    refuses: bool,
}

impl S3 {
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        let objects = Objects::default();
        let router = Router::new()
            .route("/{bucket}/{*key}", any(answer))
            .layer(axum::extract::DefaultBodyLimit::max(PART_BYTES))
            .with_state(objects.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { address, objects, server }
    }

    /// What a relay must have in its environment to keep its files here, in this bucket and below this prefix.
    #[must_use]
    pub fn environment(&self, url: &str) -> Vec<(&'static str, String)> {
        vec![
            ("RELAY_FILES_URL", url.to_owned()),
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "here".to_owned()),
            ("AWS_ACCESS_KEY_ID", "nobody".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "no secret".to_owned()),
        ]
    }

    /// Bucket and key of each object, and its bytes.
    #[must_use]
    pub fn objects(&self) -> Vec<(String, Bytes)> {
        let kept = self.objects.lock();
        kept.whole.iter().map(|(key, content)| (key.clone(), content.clone())).collect()
    }

    /// Forgets everything.
    pub fn lose(&self) {
        *self.objects.lock() = Kept::default();
    }

    /// Lets nobody in any more.
    pub fn refuse(&self) {
        self.objects.lock().refuses = true;
    }

    /// Uploads that were begun and neither completed nor aborted.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        self.objects.lock().parts.len()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Objects {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(objects): State<Objects>,
    method: Method,
    Path((bucket, key)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let key = format!("{bucket}/{key}");
    let mut kept = objects.lock();
    if kept.refuses {
        return StatusCode::FORBIDDEN.into_response();
    }
    match (method.as_str(), query.get("uploadId")) {
        ("PUT", None) => {
            kept.whole.insert(key, body);
            tagged(StatusCode::OK, Bytes::new())
        }
        ("POST", None) if query.contains_key("uploads") => {
            let id = format!("upload-{}", fastrand::u64(..));
            kept.parts.insert(id.clone(), BTreeMap::new());
            xml("InitiateMultipartUploadResult", &format!("<UploadId>{id}</UploadId>"))
        }
        ("PUT", Some(id)) => match (kept.parts.get_mut(id), query.get("partNumber")) {
            (Some(parts), Some(number)) => {
                parts.insert(number.parse().unwrap_or(0), body);
                tagged(StatusCode::OK, Bytes::new())
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        },
        ("POST", Some(id)) => match kept.parts.remove(id) {
            Some(parts) if parts.values().rev().skip(1).all(|part| part.len() >= LEAST_PART) => {
                let parts: Vec<_> = parts.into_values().collect();
                kept.whole.insert(key, parts.concat().into());
                xml("CompleteMultipartUploadResult", "<ETag>\"tag\"</ETag>")
            }
            Some(_) => StatusCode::BAD_REQUEST.into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        ("DELETE", Some(id)) => {
            kept.parts.remove(id);
            StatusCode::NO_CONTENT.into_response()
        }
        ("DELETE", None) => {
            kept.whole.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        ("GET" | "HEAD", None) => kept.whole.get(&key).map_or_else(
            || StatusCode::NOT_FOUND.into_response(),
            |content| part_of(content, headers.get(header::RANGE).and_then(|range| range.to_str().ok())),
        ),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// The bytes of `bytes=first-last`, or all of them.
fn part_of(content: &Bytes, range: Option<&str>) -> Response {
    let Some(range) = range else { return tagged(StatusCode::OK, content.clone()) };
    let bounds = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let bounds = bounds.and_then(|(first, last)| Some((first.parse().ok()?, last.parse::<usize>().ok()?)));
    let Some((first, last)) = bounds.filter(|(first, _)| *first < content.len()) else {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    };
    let end = (last + 1).min(content.len());
    let range = format!("bytes {first}-{}/{}", end - 1, content.len());
    let part = tagged(StatusCode::PARTIAL_CONTENT, content.slice(first..end));
    ([(header::CONTENT_RANGE, range)], part).into_response()
}

fn tagged(status: StatusCode, content: Bytes) -> Response {
    let headers = [(header::ETAG, "\"tag\""), (header::LAST_MODIFIED, "Sat, 21 Nov 2026 08:00:00 GMT")];
    (status, headers, content).into_response()
}

fn xml(name: &str, content: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], format!("<{name}>{content}</{name}>")).into_response()
}
