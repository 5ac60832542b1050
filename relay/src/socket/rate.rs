//! How much one visitor, and one address, may ask for.

use crate::{model::email_key, store::TokenHash};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};
use shared::{ConversationId, Error, ErrorCode, UserId};
use std::{hash::Hash, net::IpAddr, num::NonZeroU32, time::Duration};

/// The limits on visitors. A limit of 0 is none.
#[derive(Debug)]
pub struct Rates {
    messages: Limit<TokenHash>,
    conversations: Limit<IpAddr>,
    /// As many files as messages: each is one in the end.
    files: Limit<TokenHash>,
    files_from: Limit<IpAddr>,
    /// By conversation, and by user; none for its contact.
    typing: Limit<(ConversationId, Option<UserId>)>,
    /// By what is being tried: passwords of one address of mail, or from one address of the network.
    sign_ins: Limit<Attempt>,
}

/// What an attempt to sign in counts against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Attempt {
    From(IpAddr),
    As(String),
}

/// Span in which `visitor_messages` may be sent.
const MESSAGES_SPAN: Duration = Duration::from_secs(10);
/// Span in which `new_conversations` may be begun.
const CONVERSATIONS_SPAN: Duration = Duration::from_secs(3600);
/// Span in which `visitor_files` may be sent.
const FILES_SPAN: Duration = Duration::from_secs(3600);

/// Times that one person may say in `MESSAGES_SPAN` that they are typing: thrice as often as a widget does.
const TYPING: u32 = 10;

/// Attempts to sign in within `SIGN_INS_SPAN`, by address and by user: a person needs three, a program that guesses a million.
const SIGN_INS: u32 = 10;
const SIGN_INS_SPAN: Duration = Duration::from_secs(60);

/// A minute's visitors cost about 100 bytes each until then.
const SWEEP: Duration = Duration::from_secs(60);

impl Rates {
    /// `visitor_messages` in 10 s for one visitor, `new_conversations` and `visitor_files` in an hour from one address.
    #[must_use]
    pub fn new(visitor_messages: u32, new_conversations: u32, visitor_files: u32) -> Self {
        Self {
            messages: Limit::new(visitor_messages, MESSAGES_SPAN),
            conversations: Limit::new(new_conversations, CONVERSATIONS_SPAN),
            files: Limit::new(visitor_messages, MESSAGES_SPAN),
            files_from: Limit::new(visitor_files, FILES_SPAN),
            typing: Limit::new(TYPING, MESSAGES_SPAN),
            sign_ins: Limit::new(SIGN_INS, SIGN_INS_SPAN),
        }
    }

    /// Asks for one more message of this visitor.
    ///
    /// # Errors
    /// `rate_limited`, with the milliseconds after which there is room again.
    pub(super) fn check_message(&self, visitor: &TokenHash) -> Result<(), (Error, u64)> {
        self.messages.check(visitor, |limit| format!("at most {limit} messages in 10 s"))
    }

    /// Asks for one more conversation from this address.
    ///
    /// # Errors
    /// `rate_limited`, with the milliseconds after which there is room again.
    pub(super) fn check_conversation(&self, address: IpAddr) -> Result<(), (Error, u64)> {
        self.conversations
            .check(&address, |limit| format!("at most {limit} new conversations in an hour from one address"))
    }

    /// Asks for one more file of this visitor.
    ///
    /// # Errors
    /// `rate_limited`, with the milliseconds after which there is room again.
    pub(crate) fn check_file(&self, visitor: &TokenHash, from: Option<IpAddr>) -> Result<(), (Error, u64)> {
        self.files.check(visitor, |limit| format!("at most {limit} files in 10 s"))?;
        from.map_or(Ok(()), |from| {
            self.files_from.check(&from, |limit| format!("at most {limit} files in an hour from one address"))
        })
    }

    /// Asks to say that this user, or the conversation's contact, is typing.
    ///
    /// # Errors
    /// `rate_limited`, with the milliseconds after which there is room again.
    pub(crate) fn check_typing(
        &self,
        conversation: ConversationId,
        user: Option<UserId>,
    ) -> Result<(), (Error, u64)> {
        self.typing.check(&(conversation, user), |limit| format!("at most {limit} times in 10 s"))
    }

    /// Asks to try a password of the user with this address of mail.
    ///
    /// # Errors
    /// `rate_limited`, with the milliseconds after which there is room again.
    pub(crate) fn check_sign_in(&self, from: Option<IpAddr>, email: &str) -> Result<(), (Error, u64)> {
        let attempts = from.map(Attempt::From).into_iter().chain([Attempt::As(email_key(email))]);
        for attempt in attempts {
            self.sign_ins.check(&attempt, |limit| format!("at most {limit} attempts to sign in a minute"))?;
        }
        Ok(())
    }

    /// Forgets those who have been quiet, now and then, for ever.
    pub async fn sweep(&self) {
        let mut interval = tokio::time::interval(SWEEP);
        loop {
            interval.tick().await;
            self.messages.sweep();
            self.conversations.sweep();
            self.files.sweep();
            self.files_from.sweep();
            self.typing.sweep();
            self.sign_ins.sweep();
        }
    }
}

#[derive(Debug)]
struct Limit<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    limit: u32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(limit: u32, span: Duration) -> Self {
        let quota = NonZeroU32::new(limit)
            .and_then(|burst| Some(Quota::with_period(span.checked_div(limit)?)?.allow_burst(burst)));
        Self { limiter: quota.map(RateLimiter::keyed), limit }
    }

    fn check(&self, key: &K, message: impl FnOnce(u32) -> String) -> Result<(), (Error, u64)> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            let error = Error::new(ErrorCode::RateLimited, message(self.limit));
            (error, u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
        })
    }

    fn sweep(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::VisitorToken;

    fn hash(token: u8) -> TokenHash {
        TokenHash::of(&VisitorToken::from_bytes([token; 32]))
    }

    #[test]
    fn a_burst_is_allowed_and_then_told_when_to_come_back() {
        let rates = Rates::new(20, 60, 120);
        let visitor = hash(1);
        for _ in 0..20 {
            assert!(rates.check_message(&visitor).is_ok());
        }
        let (error, retry_after) = rates.check_message(&visitor).unwrap_err();
        assert_eq!(error.code, ErrorCode::RateLimited);
        assert!((1..=500).contains(&retry_after), "{retry_after} ms");
        assert!(rates.check_message(&hash(2)).is_ok(), "another visitor has room");
    }

    #[test]
    fn zero_is_no_limit() {
        let rates = Rates::new(0, 0, 0);
        for _ in 0..1_000 {
            assert!(rates.check_message(&hash(1)).is_ok());
            assert!(rates.check_conversation(IpAddr::from([127, 0, 0, 1])).is_ok());
            assert!(rates.check_file(&hash(1), Some(IpAddr::from([127, 0, 0, 1]))).is_ok());
        }
    }
}
