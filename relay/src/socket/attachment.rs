//! A visitor's message that is a file: it names one that came to this relay for the organization, and what the relay
//! knows of it stands in the place of what its sender says.

use crate::{
    app::App,
    http::files::{address, named_by},
    model::File,
    store::StoreError,
};
use serde_json::Value;
use shared::{
    Error, ErrorCode, OrganizationId,
    message::{Draft, MessageType},
};

/// Characters of a picture's size in its address: `#65535x65535`, without the sign.
const SIZE: usize = 11;
/// The member of `meta` that has a file's name.
const TITLE: &str = "title";

/// Puts type and name of the file into a draft whose text is its address at `own`, the relay's origin.
///
/// # Errors
/// `invalid` for what is no such message, or a failure of the store.
pub(super) async fn describe(
    draft: &mut Draft,
    organization: OrganizationId,
    own: &str,
    app: &App,
) -> Result<(), StoreError> {
    if draft.kind != MessageType::Chat {
        return Err(Error::invalid("contentType", "only a chat message can be a file").into());
    }
    let unknown = || Error::invalid("text", "not the address of a file that was sent to this relay");
    let id = named_by(&draft.text, own).ok_or_else(unknown)?;
    let file: File = match app.store.read(move |read| read.file(id)).await {
        Err(StoreError::Refused(error)) if error.code == ErrorCode::NotFound => return Err(unknown().into()),
        found => found?,
    };
    let (place, size) = draft.text.split_once('#').unwrap_or((&draft.text, ""));
    // As the answer to the upload has it, which nobody has to believe.
    let is_size = size.len() <= SIZE && size.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
    if file.organization != organization || place != address(own, id, &file.name, None) || !is_size {
        return Err(unknown().into());
    }
    draft.content_type = Some(file.told_type().to_owned());
    draft.meta.insert(TITLE.to_owned(), Value::String(file.name));
    draft.meta.insert(File::SIZE.to_owned(), file.size.into());
    Ok(())
}
