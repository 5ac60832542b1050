//! Every limit, timeout and queue bound that both ends of the protocol share, with unit and reason.
//! What only the relay bounds (queues, rates) is in the relay's `config/limits.rs`.

use crate::Millis;

/// Characters of a message's text. Long enough for a pasted log, short enough that a page of 50 fits a phone.
pub const TEXT_CHARS: usize = 8_000;
/// Characters of a `>cs` value.
pub const COMMAND_VALUE_CHARS: usize = 2_000;
/// Users or channels that one command names.
pub const COMMAND_IDS: usize = 100;
/// Bytes of one WebSocket frame: a text of 8,000 four-byte characters and its envelope fit in.
pub const FRAME_BYTES: usize = 64 * 1024;
/// The longest `delay` of a message, and of all that are posted together. What is said later than in a week is somebody's calendar.
pub const DELAY: Millis = Millis(7 * 24 * 3_600_000);
/// Keys of a `meta` map.
pub const META_KEYS: usize = 32;
/// Bytes of one `meta` value, as JSON.
pub const META_VALUE_BYTES: usize = 4 * 1024;
/// Variables of a conversation's `session`, for the bot. They travel with the state, which changes write whole.
pub const SESSION_VARIABLES: usize = 64;
/// Bytes of one variable, as JSON.
pub const SESSION_VALUE_BYTES: usize = 4 * 1024;
/// Bytes of all names and variables of a session.
pub const SESSION_BYTES: usize = 64 * 1024;
/// Characters of `dialogState`. It is a name in a bot's plan.
pub const DIALOG_STATE_CHARS: usize = 200;
/// Members of the form that is filled in before a conversation.
pub const FORM_DATA: usize = 64;
/// Characters of the address of a page shown in the conversation. Browsers and proxies agree on about as much.
pub const IFRAME_URL_CHARS: usize = 2_000;
/// Actions of one message or item.
pub const ACTIONS: usize = 20;
/// Items of one carousel.
pub const ITEMS: usize = 10;
/// Entries of one history page.
pub const HISTORY_PAGE: usize = 50;
/// A reader further behind than this starts over from the newest page: ten pages cost more than they tell.
pub const RESUME_ENTRIES: u64 = 500;
/// Kept tail of a conversation's `notifications` and `mentions`: the log has them all, the state shows the latest.
pub const STATE_TAIL: usize = 100;
/// Sends of one socket that wait for the store. More makes no single visitor faster; less would stall a bot.
pub const SENDS_IN_FLIGHT: usize = 64;

/// A socket that has not greeted by then is closed.
pub const GREETING: Millis = Millis(10_000);
/// The relay says something at least this often.
pub const PING: Millis = Millis(25_000);
/// Pings that may stay without an answer; the next one is not sent, the socket is closed.
pub const MISSED_PINGS: u32 = 2;
/// Two pings missed (and a little for the way): the other end is gone.
pub const SILENCE: Millis = Millis(55_000);
/// An unacknowledged send is repeated (same key) after this long on a live connection.
pub const RESEND: Millis = Millis(10_000);
/// A request for missing entries is repeated after this long.
pub const REPAIR: Millis = Millis(3_000);
/// "Somebody is typing" holds for this long. A widget says it again every 3 s: one may get lost.
pub const TYPING: Millis = Millis(6_000);
/// What a visitor has read is said this long after they saw it: what comes in between is said with it.
pub const READ: Millis = Millis(1_000);
/// Bounds of the full-jitter back-off between connection attempts.
pub const BACKOFF_MIN: Millis = Millis(500);
pub const BACKOFF_MAX: Millis = Millis(30_000);
/// Unsent messages that a browser keeps; the next one is refused. Local storage holds about 5 MB.
pub const OUTBOX: usize = 100;
