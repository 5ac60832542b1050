//! What the browser keeps of a conversation: the key to it, what is not sent yet, what is not finished.

use super::Change;
use serde_json::Value;
use shared::{ClientKey, ConversationId, Seq, VisitorToken, json_record, peer::Unsent};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) token: VisitorToken,
    /// A JWT that says who this is.
    pub(crate) identity: Option<String>,
    pub(crate) conversation: Option<ConversationId>,
    /// How often this visitor has come from one conversation to another: of two records the one with more is the newer.
    pub(crate) moves: u32,
    pub(crate) outbox: Vec<Unsent>,
    pub(crate) draft: String,
    /// What comes before the first message was filled in, or left empty.
    pub(crate) started: bool,
    /// What is filled in and not sent, by form.
    pub(crate) answers: Value,
    /// The newest entry that the visitor has seen.
    pub(crate) seen: Seq,
    /// What the visitor has chosen, by names of the page side's: the emoji used last, what tells of answers.
    pub(crate) choices: Value,
}

json_record!(Record {
    required token "token",
    optional identity "identity",
    optional conversation "conversation",
    defaulted moves "moves",
    optional outbox "outbox",
    defaulted draft "draft",
    optional started "started",
    optional answers "answers",
    defaulted seen "seen",
    optional choices "choices",
});

impl Record {
    pub(crate) fn new(token: VisitorToken) -> Self {
        Self {
            token,
            identity: None,
            conversation: None,
            moves: 0,
            outbox: Vec::new(),
            draft: String::new(),
            started: false,
            answers: Value::Null,
            seen: Seq::ZERO,
            choices: Value::Null,
        }
    }

    /// The visitor's conversation is this. Of another than before, nothing was seen.
    pub(crate) fn come_to(&mut self, conversation: ConversationId) {
        let known = self.conversation.replace(conversation);
        if known.is_some_and(|known| known != conversation) {
            self.moves += 1;
            self.seen = Seq::ZERO;
        }
    }

    /// What has become of this tab's record, going by what is `stored`. A browser may store what one tab writes after what
    /// another has written since.
    pub(super) fn compare(&self, stored: &Self) -> Change {
        if stored.token != self.token || stored.moves > self.moves {
            Change::Replaced
        } else if stored.moves < self.moves {
            Change::Outdated
        } else {
            Change::Same
        }
    }

    /// Takes over from `stored`, which another tab may have written, what this tab knows nothing of. `mine` are
    /// the messages that this tab has ever had in its outbox: it alone says what became of those.
    pub(super) fn merge(&mut self, stored: Self, mine: &[ClientKey]) {
        if stored.token != self.token {
            return;
        }
        if stored.moves > self.moves {
            // A link was opened in the other tab, and this one has not heard of it yet.
            *self = stored;
            return;
        }
        if stored.moves == self.moves {
            self.conversation = self.conversation.or(stored.conversation);
            self.seen = self.seen.max(stored.seen);
        }
        self.started |= stored.started;
        let others = stored.outbox.into_iter().filter(|unsent| !mine.contains(&unsent.key));
        self.outbox.extend(others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::json;

    fn record(outbox: &[&str]) -> Record {
        let unsent = |key: &&str| {
            let json = format!(r#"{{"key":"{key}","text":"Hello","at":"2018-09-30T00:47:19.872Z"}}"#);
            json::read(&json).unwrap()
        };
        let outbox = outbox.iter().map(unsent).collect();
        Record { outbox, ..Record::new(VisitorToken::from_bytes([7; 32])) }
    }

    fn keys(record: &Record) -> Vec<&str> {
        record.outbox.iter().map(|unsent| unsent.key.as_str()).collect()
    }

    #[test]
    fn a_record_survives_storage() {
        let record = Record { draft: "Hi \"there\"".to_owned(), seen: Seq(4), ..record(&["k1", "k2"]) };
        assert_eq!(json::read(&json::write(&record)), Some(record));
    }

    #[test]
    fn a_record_of_an_older_version_is_read() {
        let json = format!(r#"{{"token":"{}"}}"#, "07".repeat(32));
        assert_eq!(json::read(&json), Some(record(&[])));
    }

    #[test]
    fn another_tabs_unsent_messages_are_kept_and_own_ones_are_not_brought_back() {
        let mine = ["k1".parse().unwrap(), "k2".parse().unwrap()];
        let mut own = record(&["k2"]);
        own.merge(record(&["k1", "k2", "other"]), &mine);
        assert_eq!(keys(&own), ["k2", "other"]);
    }

    #[test]
    fn a_conversation_that_another_tab_has_come_to_is_not_written_over() {
        let of = |last: u8| ConversationId::from_bytes([last; 12]);
        let mut own = Record { conversation: Some(of(1)), seen: Seq(9), ..record(&["k1"]) };
        let mut link = own.clone();
        link.come_to(of(2));
        assert_eq!((own.compare(&link), link.seen), (Change::Replaced, Seq::ZERO));

        own.merge(link.clone(), &[]);
        assert_eq!(own, link);
        assert_eq!(own.compare(&link), Change::Same);
    }

    #[test]
    fn a_record_that_is_stored_late_does_not_bring_an_earlier_conversation_back() {
        let of = |last: u8| ConversationId::from_bytes([last; 12]);
        let late = Record { conversation: Some(of(1)), seen: Seq(9), ..record(&["k1"]) };
        let mut own = Record { outbox: Vec::new(), ..late.clone() };
        own.come_to(of(2));

        assert_eq!(own.compare(&late), Change::Outdated);
        own.merge(late, &[]);

        assert_eq!((own.conversation, own.seen), (Some(of(2)), Seq::ZERO));
        assert_eq!(keys(&own), ["k1"], "what was said there is still to be sent");
    }

    #[test]
    fn a_first_conversation_moves_nobody() {
        let mut own = Record { seen: Seq(2), ..record(&[]) };
        let before = own.clone();
        own.come_to(ConversationId::from_bytes([1; 12]));
        own.come_to(ConversationId::from_bytes([1; 12]));
        assert_eq!((own.compare(&before), own.seen), (Change::Same, Seq(2)));
    }

    #[test]
    fn a_stranger_s_record_changes_nothing() {
        let mut own = record(&["k1"]);
        let stranger = Record { token: VisitorToken::from_bytes([8; 32]), ..record(&["k9"]) };
        own.merge(stranger, &[]);
        assert_eq!(keys(&own), ["k1"]);
    }
}
