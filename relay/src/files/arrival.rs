//! A file on its way into the file store: counted, hashed and looked at as it passes.

use super::{Files, FilesError, content::Content, key, pixels::Pixels};
use axum::body::Bytes;
use object_store::buffered::BufWriter;
use sha2::{Digest, Sha256};
use shared::{Error, ErrorCode, FileId, OrganizationId};
use std::sync::Arc;
use tokio::{io::AsyncWriteExt, sync::SemaphorePermit};

/// Dropped before [`Arrival::finish`], nothing of the content can be read, and what is left of it is removed as an
/// unused file's.
#[derive(Debug)]
pub struct Arrival<'a> {
    writer: BufWriter,
    most: u64,
    size: u64,
    hash: Sha256,
    content: Content,
    _place: SemaphorePermit<'a>,
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub size: u64,
    pub hash: [u8; 32],
    pub content_type: &'static str,
    /// Of a picture.
    pub pixels: Option<Pixels>,
}

impl Files {
    /// Waits for a place and takes the content of a file of at most `most` bytes.
    pub async fn receive(&self, organization: OrganizationId, file: FileId, most: u64) -> Arrival<'_> {
        let place = self.places.acquire().await.expect("the places are never closed");
        let writer = BufWriter::with_capacity(Arc::clone(&self.objects), key(organization, file), self.part);
        Arrival {
            // A part is written before the next is taken: whoever sends faster than that waits.
            writer: writer.with_max_concurrency(1),
            most,
            size: 0,
            hash: Sha256::new(),
            content: Content::default(),
            _place: place,
        }
    }
}

impl Arrival<'_> {
    /// # Errors
    /// `too_large`, or a failure of the file store.
    pub async fn write(&mut self, part: Bytes) -> Result<(), FilesError> {
        self.size += part.len() as u64;
        if self.size > self.most {
            let message = format!("the file is larger than {} bytes", self.most);
            return Err(Error::new(ErrorCode::TooLarge, message).with_field("file").into());
        }
        self.hash.update(&part);
        self.content.pass(&part);
        Ok(self.writer.put(part).await?)
    }

    /// All of it is there: returns when it is stored.
    ///
    /// # Errors
    /// `invalid` for an empty file, or a failure of the file store.
    pub async fn finish(mut self) -> Result<Arrived, FilesError> {
        if self.size == 0 {
            return Err(Error::invalid("file", "the file is empty").into());
        }
        let stored = self.writer.shutdown().await;
        stored.map_err(|error| object_store::Error::Generic { store: "files", source: error.into() })?;
        Ok(Arrived {
            size: self.size,
            hash: self.hash.finalize().into(),
            content_type: self.content.media_type(),
            pixels: self.content.pixels(),
        })
    }

    /// It will not be finished: removes what was stored of it.
    ///
    /// # Errors
    /// A failure of the file store.
    pub async fn abandon(mut self) -> Result<(), FilesError> {
        Ok(self.writer.abort().await?)
    }
}
