//! Every text that the widget itself says, by its name in `static/words/`. The page side has the texts, times and days
//! in the visitor's language (`static/words.js`).

use shared::{ErrorCode, Millis, limits};
use std::cell::RefCell;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

pub(crate) const CHAT: &str = "chat";
pub(crate) const CLOSE: &str = "close";
pub(crate) const MESSAGES: &str = "messages";
pub(crate) const WRITE: &str = "write";
pub(crate) const SEND: &str = "send";
pub(crate) const RETRY: &str = "retry";
pub(crate) const DELETE: &str = "delete";
pub(crate) const WAITING: &str = "waiting";
pub(crate) const SENT: &str = "sent";
pub(crate) const EARLIER: &str = "earlier";
pub(crate) const LATEST: &str = "latest";
pub(crate) const EARLIER_LOADING: &str = "earlierLoading";
pub(crate) const EARLIER_MISSING: &str = "earlierMissing";
pub(crate) const LATEST_NEW: &str = "latestNew";
pub(crate) const NEW: &str = "new";
pub(crate) const LOADING: &str = "loading";
pub(crate) const REPLIES: &str = "replies";
pub(crate) const YOU: &str = "you";
pub(crate) const FILE: &str = "file";
pub(crate) const CARDS: &str = "cards";
pub(crate) const QUOTED: &str = "quoted";
pub(crate) const TOO_FAR: &str = "tooFar";
pub(crate) const NEW_TAB: &str = "newTab";
pub(crate) const GREETING: &str = "greeting";
pub(crate) const INVITATION: &str = "invitation";
pub(crate) const TYPING: &str = "typing";
pub(crate) const OFFLINE: &str = "offline";
pub(crate) const RECONNECTING: &str = "reconnecting";
pub(crate) const CLAIM_REFUSED: &str = "claimRefused";
pub(crate) const LEFT: &str = "left";
pub(crate) const OVER: &str = "over";
pub(crate) const FORM: &str = "form";
pub(crate) const MORE: &str = "more";
pub(crate) const DOWNLOAD: &str = "download";
pub(crate) const START_OVER: &str = "startOver";
pub(crate) const START_OVER_ASK: &str = "startOverAsk";
pub(crate) const CANCEL: &str = "cancel";
pub(crate) const READ: &str = "read";
pub(crate) const EDITED: &str = "edited";
pub(crate) const GONE: &str = "gone";
pub(crate) const JOINED: &str = "joined";
pub(crate) const HAS_LEFT: &str = "hasLeft";
pub(crate) const ENDED: &str = "ended";
pub(crate) const CLOSED: &str = "closed";
pub(crate) const ONLINE: &str = "isOnline";
pub(crate) const IS_AWAY: &str = "isAway";
pub(crate) const QUEUED: &str = "queued";
pub(crate) const YOU_ARE_NEXT: &str = "youAreNext";
pub(crate) const BEFORE: &str = "before";

#[wasm_bindgen]
extern "C" {
    /// The texts in the visitor's language.
    #[derive(Debug, Clone)]
    pub type Words;

    #[wasm_bindgen(method)]
    fn say(this: &Words, name: &str, value: &JsValue) -> String;

    #[wasm_bindgen(method)]
    fn direction(this: &Words) -> Option<String>;

    #[wasm_bindgen(method)]
    fn time(this: &Words, at: f64) -> String;

    #[wasm_bindgen(method)]
    fn day(this: &Words, at: f64) -> String;
}

thread_local! {
    static WORDS: RefCell<Option<Words>> = const { RefCell::new(None) };
}

/// From here on with these.
pub(crate) fn take(words: Words) {
    WORDS.set(Some(words));
}

/// The text of this name.
pub(crate) fn say(name: &str) -> String {
    say_of(name, &JsValue::UNDEFINED)
}

/// The text of this name with a value, a text or a number, in its place.
pub(crate) fn say_of(name: &str, value: &JsValue) -> String {
    with(|words| words.say(name, value))
}

/// `rtl`, or nothing: then the page decides.
pub(crate) fn direction() -> Option<String> {
    with(Words::direction)
}

/// The time of day.
pub(crate) fn time(at: Millis) -> String {
    with(|words| words.time(number(at)))
}

/// The day, as far from today as it takes to be clear.
pub(crate) fn day(at: Millis) -> String {
    with(|words| words.day(number(at)))
}

/// Nothing where there is no page.
fn with<T: Default>(read: impl FnOnce(&Words) -> T) -> T {
    WORDS.with_borrow(|words| words.as_ref().map(read)).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
fn number(at: Millis) -> f64 {
    at.0 as f64
}

/// Why a message was not sent.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes never reach a visitor")]
pub(crate) fn not_sent(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::TooLarge => "notSentTooLong",
        ErrorCode::RateLimited => "notSentTooMany",
        ErrorCode::Forbidden | ErrorCode::ForbiddenCommand => "notSentForbidden",
        _ => "notSent",
    }
}

/// Why there is no chat: a title, and what to do.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes never reach a visitor")]
pub(crate) fn refused(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::OriginNotAllowed => ("notAllowed", "notAllowedAdvice"),
        ErrorCode::NotFound => ("missing", "missingAdvice"),
        ErrorCode::BadRequest | ErrorCode::BadJson => ("outdated", "outdatedAdvice"),
        _ => ("unavailable", "unavailableAdvice"),
    }
}

/// From how many characters before the limit on a hint is shown.
const NEAR: usize = 500;

/// How many characters are left of the limit, or are too many ([`LEFT`], [`OVER`]); nothing far from it.
pub(crate) fn limit(text: &str) -> Option<(&'static str, usize)> {
    let characters = text.trim().chars().count();
    match limits::TEXT_CHARS.checked_sub(characters) {
        Some(left) if left > NEAR => None,
        Some(left) => Some((LEFT, left)),
        None => Some((OVER, characters - limits::TEXT_CHARS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_told_when_it_is_near() {
        assert_eq!(limit(&"é".repeat(7_499)), None);
        assert_eq!(limit(&"é".repeat(7_990)), Some((LEFT, 10)));
        assert_eq!(limit(&"é".repeat(8_012)), Some((OVER, 12)));
    }
}
