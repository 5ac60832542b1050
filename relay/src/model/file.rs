//! A file that was sent to the relay. Whoever knows its address may read it, so ids of files are random.

use shared::{FileId, Millis, OrganizationId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub id: FileId,
    pub organization: OrganizationId,
    /// Without separators of paths and control characters.
    pub name: String,
    /// Media type, by what the file contains.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub hash: [u8; 32],
    pub created_at: Millis,
}

impl File {
    /// How its address begins, as messages contain it: `/files/{id}/`.
    pub const PATH: &str = "/files/";

    /// The member of a message's `meta` with the bytes of its file.
    pub const SIZE: &str = "size";

    /// Its media type where that is told. A text's names the encoding, which was looked at, and so differs from the type of a
    /// message that is a text itself.
    #[must_use]
    pub fn told_type(&self) -> &str {
        match self.content_type.as_str() {
            "text/plain" => "text/plain; charset=utf-8",
            other => other,
        }
    }
}
