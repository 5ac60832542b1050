//! The thread as a list of rows: the log's messages in order of `seq`, what is still on its way behind
//! them, and what the page made up where it was shown. A row keeps its identity from waiting to stored.

use super::{Look, Row, Said, look::Delivery};
use shared::{
    ClientKey, Millis, Seq,
    message::{Action, ActionType, Role},
    peer::{Unsent, UnsentState},
    wire::Entry,
};
use std::rc::Rc;

#[derive(Debug)]
pub(super) struct Thread {
    lines: Vec<Line>,
    /// Number of the visitor's local day that a time falls on.
    day_of: fn(Millis) -> i64,
}

#[derive(Debug)]
struct Line {
    row: Row,
    place: Place,
    at: Millis,
    delivery: Delivery,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Stored(Seq),
    /// In the outbox.
    Unsent,
    /// Made up by the page.
    Local,
}

/// A pause of this length starts a new group.
const PAUSE: Millis = Millis(5 * 60_000);

impl Thread {
    pub(super) fn new(day_of: fn(Millis) -> i64) -> Self {
        Self { lines: Vec::new(), day_of }
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        self.lines.iter().map(|line| line.row.clone()).collect()
    }

    /// The quick replies on offer: of the last message, if it is an agent's.
    pub(super) fn replies(&self) -> Vec<Action> {
        let last = self.lines.last().filter(|line| !line.row.said.mine);
        let actions = last.map_or(&[][..], |line| &line.row.said.actions);
        actions.iter().filter(|action| action.kind == ActionType::Reply).cloned().collect()
    }

    /// Takes the log's newest entry.
    pub(super) fn append(&mut self, entry: &Entry) {
        let known = self.find(&key_of(entry));
        let Some(line) = self.stored(entry) else { return };
        let after = self.lines.iter().rposition(|other| matches!(other.place, Place::Stored(_)));
        let at = match (known, after) {
            // In its place already, unless others were stored in between.
            (Some(known), after) => after.map_or(known, |after| known.max(after + 1)),
            // What waits will be stored later.
            (None, _) => {
                let is_waiting = |line: &Line| {
                    line.place == Place::Unsent && !matches!(line.delivery, Delivery::Failed(_))
                };
                self.lines.iter().rposition(|line| !is_waiting(line)).map_or(0, |last| last + 1)
            }
        };
        self.lines.insert(at.min(self.lines.len()), line);
    }

    /// Takes a page of history.
    pub(super) fn prepend(&mut self, entries: &[Entry]) {
        let page: Vec<Line> = entries.iter().filter_map(|entry| self.stored(entry)).collect();
        self.lines.splice(0..0, page);
    }

    /// Drops what was stored and starts from these.
    pub(super) fn reset(&mut self, entries: &[Entry]) {
        let page: Vec<Line> = entries.iter().filter_map(|entry| self.stored(entry)).collect();
        self.lines.retain(|line| !matches!(line.place, Place::Stored(_)));
        self.lines.splice(0..0, page);
    }

    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }

    /// Takes what the outbox holds. What it no longer holds stays: its entry is on the way.
    pub(super) fn take_unsent(&mut self, unsent: &Unsent) {
        let delivery = delivery_of(&unsent.state);
        let Some(known) = self.find(unsent.key.as_str()) else {
            if let Some(said) = Said::from_unsent(unsent) {
                self.push(unsent.key.as_str(), said, Place::Unsent, unsent.at, delivery);
            }
            return;
        };
        let line = &mut self.lines[known];
        if line.place != Place::Unsent || line.delivery == delivery {
            return;
        }
        let is_retried = matches!(line.delivery, Delivery::Failed(_)) && delivery == Delivery::Waiting;
        line.delivery = delivery;
        if is_retried {
            let line = self.lines.remove(known);
            self.lines.push(line);
        }
    }

    /// Removes what the visitor gave up.
    pub(super) fn discard(&mut self, key: &ClientKey) {
        self.lines.retain(|line| line.place != Place::Unsent || *line.row.key != *key.as_str());
    }

    /// Adds what is only here.
    pub(super) fn push_local(&mut self, key: &str, said: Said, at: Millis) {
        self.push(key, said, Place::Local, at, Delivery::Sent);
    }

    /// Brings every row's look up to date: where groups and days begin and end.
    pub(super) fn lay_out(&self) {
        let begins: Vec<(bool, bool)> = (0..self.lines.len())
            .map(|at| {
                begins(at.checked_sub(1).map(|before| &self.lines[before]), &self.lines[at], self.day_of)
            })
            .collect();
        for (at, line) in self.lines.iter().enumerate() {
            let (day, first) = begins[at];
            let last = begins.get(at + 1).is_none_or(|(_, first)| *first);
            let look = Look { day, first, last, at: line.at, delivery: line.delivery };
            line.row.look.set(look);
        }
    }

    fn push(&mut self, key: &str, said: Said, place: Place, at: Millis, delivery: Delivery) {
        let row = Row { key: key.into(), said: Rc::new(said), look: Rc::default() };
        self.lines.push(Line { row, place, at, delivery });
    }

    fn find(&self, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| *line.row.key == *key)
    }

    /// The line of an entry: the one that is here already, taken out, or a new one.
    fn stored(&mut self, entry: &Entry) -> Option<Line> {
        let message = entry.message.as_ref()?;
        let key = key_of(entry);
        if self.find(&key).is_none() {
            self.push(&key, Said::from_shown(message)?, Place::Unsent, message.created_at, Delivery::Sent);
        }
        let mut line = self.lines.remove(self.find(&key)?);
        line.place = Place::Stored(entry.seq);
        line.at = message.created_at;
        line.delivery = Delivery::Sent;
        Some(line)
    }
}

/// A visitor's message keeps the name under which it was sent.
fn key_of(entry: &Entry) -> String {
    entry.message.as_ref().map_or_else(String::new, |message| match &message.client_key {
        Some(key) if message.role == Role::Contact => key.as_str().to_owned(),
        _ => message.id.to_string(),
    })
}

fn delivery_of(state: &UnsentState) -> Delivery {
    match state {
        UnsentState::Waiting => Delivery::Waiting,
        UnsentState::Sent { .. } => Delivery::Sent,
        UnsentState::Failed(error) => Delivery::Failed(error.code),
    }
}

/// Whether a line begins a day, and a group.
fn begins(before: Option<&Line>, line: &Line, day_of: fn(Millis) -> i64) -> (bool, bool) {
    let Some(before) = before else { return (true, true) };
    let day = day_of(before.at) != day_of(line.at);
    let (said, said_before) = (&line.row.said, &before.row.said);
    let speaker = said.mine != said_before.mine || said.name != said_before.name;
    (day, day || speaker || line.at.since(before.at) > PAUSE)
}

#[cfg(test)]
mod tests;
