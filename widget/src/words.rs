//! Every word that the widget itself says.

use shared::{ErrorCode, limits};

pub(crate) const CHAT: &str = "Chat";
pub(crate) const CLOSE: &str = "Close chat";
pub(crate) const MESSAGES: &str = "Messages";
pub(crate) const WRITE: &str = "Write a message";
pub(crate) const SEND: &str = "Send";
pub(crate) const RETRY: &str = "Try again";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const WAITING: &str = "Waiting to be sent";
pub(crate) const SENT: &str = "Sent";
pub(crate) const EARLIER: &str = "Show earlier messages";
pub(crate) const LATEST: &str = "Jump to latest";
pub(crate) const LOADING: &str = "Loading the conversation";
pub(crate) const REPLIES: &str = "Suggested answers";
pub(crate) const YOU: &str = "You: ";
pub(crate) const TODAY: &str = "Today";
pub(crate) const YESTERDAY: &str = "Yesterday";
pub(crate) const FILE: &str = "File";
pub(crate) const NEW_TAB: &str = " (opens in a new tab)";
pub(crate) const GREETING: &str = "How can we help?";
pub(crate) const INVITATION: &str = "Write to us here. You can come back to it later.";
pub(crate) const OFFLINE: &str = "Offline. Your messages will be sent when you are back.";
pub(crate) const CLAIM_REFUSED: &str =
    "This link was used before or has expired. You are chatting as a new visitor.";
pub(crate) const TYPING: &str = " is writing";
pub(crate) const RECONNECTING: &str = "Reconnecting… Your messages will be sent.";

/// Why a message was not sent.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes never reach a visitor")]
pub(crate) fn not_sent(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::TooLarge => "Not sent: it is too long.",
        ErrorCode::RateLimited => "Not sent: too many messages wait already.",
        ErrorCode::Forbidden | ErrorCode::ForbiddenCommand => "Not sent: this is not allowed here.",
        _ => "Not sent.",
    }
}

/// Why there is no chat: a title, and what to do.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes never reach a visitor")]
pub(crate) fn refused(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::OriginNotAllowed => (
            "The chat is not available on this page",
            "The owner of this site can allow its address in the settings of the chat.",
        ),
        ErrorCode::NotFound => (
            "There is no chat here",
            "The page names an organization that does not exist. Please reach us another way.",
        ),
        ErrorCode::BadRequest | ErrorCode::BadJson => {
            ("The chat is out of date", "Reload the page to go on.")
        }
        _ => ("The chat is not available", "Reload the page, or reach us another way."),
    }
}

/// From how many characters before the limit on a hint is shown.
const NEAR: usize = 500;

/// What stands below a text that is near the limit, and whether it is over it.
pub(crate) fn limit(text: &str) -> Option<(String, bool)> {
    let characters = text.trim().chars().count();
    let (left, over) =
        (limits::TEXT_CHARS.checked_sub(characters), characters.saturating_sub(limits::TEXT_CHARS));
    match left {
        Some(left) if left > NEAR => None,
        Some(left) => Some(([&left.to_string(), " characters left"].concat(), false)),
        None => Some((["Too long by ", &over.to_string(), " characters"].concat(), true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_told_when_it_is_near() {
        assert_eq!(limit(&"é".repeat(7_499)), None);
        assert_eq!(limit(&"é".repeat(7_990)), Some(("10 characters left".to_owned(), false)));
        assert_eq!(limit(&"é".repeat(8_012)), Some(("Too long by 12 characters".to_owned(), true)));
    }
}
