//! The content of files: in a directory, or in a bucket of an S3-compatible service. What is known about a file is
//! in the store, and is there before any of its content, so that no content can be lost sight of.

mod arrival;
mod bucket;
mod content;
mod orphans;
mod pixels;
#[cfg(test)]
mod tests;

pub use arrival::{Arrival, Arrived};
pub use bucket::Bucket;
pub use orphans::{OrphanError, UNUSED};
pub use pixels::Pixels;

use crate::tls;
use axum::body::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use object_store::{
    GetOptions, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path as Key, prefix::PrefixStore,
};
use shared::{Error, ErrorCode, FileId, OrganizationId};
use std::{fs, io, ops::Range, path::Path, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Files that arrive at the same time; others wait for a place. Each holds up to two parts in memory.
const ARRIVALS: usize = 32;
/// Bytes that are written to a directory at once. More than a network brings at once, little to hold in memory.
const DIRECTORY_PART: usize = 256 * 1024;
/// Bytes of one part of an object: the least that S3 takes.
const BUCKET_PART: usize = 5 * 1024 * 1024;
/// How long a request to a bucket is repeated: nobody waits longer for a picture.
const RETRIES: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    /// Bytes that are written at once.
    part: usize,
    places: Semaphore,
}

#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the directory of files {path} cannot be used: {reason}; change its owner or mode")]
    Directory { path: String, reason: String },
    #[error("the bucket {bucket} cannot be used: {reason}; check --files-url and the AWS_ variables")]
    Bucket { bucket: String, reason: String },
    /// The request cannot be met; tell the client.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The file store could not do its part; log it and answer `unavailable`.
    #[error("file store: {0}")]
    Failed(#[from] object_store::Error),
}

impl Files {
    /// Files in this directory, which nobody else may write to. What a killed relay left half written is removed.
    ///
    /// # Errors
    /// One line that names the directory.
    pub fn in_directory(path: &Path) -> Result<Self, FilesError> {
        let unusable = |reason: String| FilesError::Directory { path: path.display().to_string(), reason };
        remove_halves(path).map_err(|error| unusable(error.to_string()))?;
        let directory =
            LocalFileSystem::new_with_prefix(path).map_err(|error| unusable(error.to_string()))?;
        // As of messages: what was acknowledged is on the disk.
        Ok(Self::new(Arc::new(directory.with_fsync(true)), DIRECTORY_PART))
    }

    /// Files in a bucket; endpoint, region and keys are in the environment.
    ///
    /// # Errors
    /// One line that names the bucket.
    pub fn in_bucket(bucket: &Bucket) -> Result<Self, FilesError> {
        tls::choose();
        let retries = RetryConfig { retry_timeout: RETRIES, ..RetryConfig::default() };
        let builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket.name())
            .with_retry(retries)
            // One by one is what every service understands.
            .with_disable_bulk_delete(true);
        let service = builder.build().map_err(|error| FilesError::Bucket {
            bucket: bucket.to_string(),
            reason: error.to_string().replace('\n', " "),
        })?;
        Ok(Self::new(Arc::new(PrefixStore::new(service, bucket.prefix())), BUCKET_PART))
    }

    fn new(objects: Arc<dyn ObjectStore>, part: usize) -> Self {
        Self { objects, part, places: Semaphore::new(ARRIVALS) }
    }

    /// A part of a file's content.
    ///
    /// # Errors
    /// When the file store does not have it, or does not answer.
    pub async fn read(
        &self,
        organization: OrganizationId,
        file: FileId,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, FilesError> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(range.into()), ..GetOptions::default() };
        let content = self.objects.get_opts(&key(organization, file), options).await?;
        Ok(content.into_stream().map(|part| part.map_err(io::Error::from)).boxed())
    }

    /// Whether the file store answers: asks for a file that no relay has.
    ///
    /// # Errors
    /// When it does not, or refuses.
    pub async fn probe(&self) -> Result<(), FilesError> {
        match self.objects.head(&key(OrganizationId::from_bytes([0; 12]), FileId::from_bytes([0; 12]))).await
        {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file's content; it is no error when there is none.
    ///
    /// # Errors
    /// When the file store does not answer.
    pub async fn remove(&self, organization: OrganizationId, file: FileId) -> Result<(), FilesError> {
        match self.objects.delete(&key(organization, file)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl FilesError {
    /// What the client is told: the refusal, or `unavailable` without a word about the inside.
    #[must_use]
    pub fn public(self) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::Directory { .. } | Self::Bucket { .. } | Self::Failed(_) => {
                Error::new(ErrorCode::Unavailable, "the relay cannot store or read files now")
            }
        }
    }
}

fn key(organization: OrganizationId, file: FileId) -> Key {
    Key::from(format!("{organization}/{file}"))
}

/// Content on its way has the name that it will have, `#` and a number.
fn remove_halves(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let organization = entry?;
        if !organization.file_type()?.is_dir() {
            continue;
        }
        for entry in fs::read_dir(organization.path())? {
            let file = entry?;
            if file.file_name().as_encoded_bytes().contains(&b'#') {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}
