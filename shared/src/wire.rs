//! The frames of the two WebSocket endpoints: JSON text, one frame each, named by its only member
//! (`{"send":{…}}`). `golden/` holds one file per frame; a golden file is never edited, only added to.
//! Members that an end does not know are ignored; so is a frame that a widget does not know.

#[cfg(feature = "stream")]
mod stream;
mod view;
mod visitor;
mod welcome;

#[cfg(feature = "stream")]
pub use stream::{AgentFrame, Event, StreamFrame};
pub use view::{AgentView, ConversationView};
pub use visitor::{Entry, Notice, Receipt, RelayFrame, VisitorFrame};
pub use welcome::{Claim, ClaimOutcome, Hello, OrganizationView, Welcome};

use crate::{Error, ErrorCode, limits};
use serde::{Serialize, de::DeserializeOwned};

/// The version of the protocol that this crate speaks. It grows when an old end would misunderstand.
pub const VERSION: u32 = 1;

/// Close code for a reader whose queue ran full: it reconnects and resumes from its last `seq`.
pub const CLOSE_SLOW_READER: u16 = 4008;

/// Writes a frame.
#[must_use]
pub fn encode<T: Serialize>(frame: &T) -> String {
    serde_json::to_string(frame).expect("frames have string keys and no floats")
}

/// Reads a frame.
///
/// # Errors
/// `too_large` over 64 KiB, `bad_json` when it is not JSON, `bad_request` when it is no frame known here.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    if text.len() > limits::FRAME_BYTES {
        let message =
            format!("the frame has {} bytes; at most {} are allowed", text.len(), limits::FRAME_BYTES);
        return Err(Error::new(ErrorCode::TooLarge, message));
    }
    serde_json::from_str(text).map_err(|error| {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let code = if is_json { ErrorCode::BadRequest } else { ErrorCode::BadJson };
        Error::new(code, format!("not a frame: {error}"))
    })
}
