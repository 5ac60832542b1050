//! The thread as a list of rows: the log's messages in order of `seq`, what is still on its way behind
//! them, and what the page made up where it was shown. A row keeps its identity from waiting to stored.

use super::{Look, NEW, Row, Said, View, look::Delivery, said::shown_of, strip::Strip};
use shared::{
    ClientKey, Millis, Seq,
    message::{Action, ActionType, Role, Shown},
    peer::{Unsent, UnsentState},
    wire::Entry,
};
use std::{ops::Range, rc::Rc, slice};

#[derive(Debug)]
pub(super) struct Thread {
    lines: Strip<Line>,
    /// How many of them are not stored.
    loose: usize,
    /// Names the first of what came while nobody looked.
    new_from: Option<Rc<str>>,
    /// Up to here the other side has read.
    read: Seq,
    /// Number of the visitor's local day that a time falls on.
    day_of: fn(Millis) -> i64,
}

#[derive(Debug)]
struct Line {
    row: Row,
    place: Place,
    at: Millis,
    day: i64,
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
        let lines = Strip::new(|line: &Line| line.row.height.get());
        Self { lines, loose: 0, new_from: None, read: Seq::ZERO, day_of }
    }

    /// The rows that are to be on the page for this view, looking as they should: all of them, or more the next time.
    pub(super) fn rows(&mut self, view: View) -> Vec<Row> {
        self.lines.fit(view);
        let shown = self.lines.shown();
        self.lay_out(shown.clone());
        shown.filter_map(|at| Some(self.lines.get(at)?.row.clone())).collect()
    }

    /// Whether those were all.
    pub(super) fn is_whole(&self) -> bool {
        self.lines.is_whole()
    }

    /// Heights of what stands before and behind those, in CSS pixels.
    pub(super) fn spacing(&self) -> (f64, f64) {
        self.lines.spacing()
    }

    /// The quick replies on offer: of the last message, if it is an agent's.
    pub(super) fn replies(&self) -> Vec<Action> {
        let last = self.lines.iter().next_back().filter(|line| !line.row.said.mine);
        let actions = last.map_or(&[][..], |line| &line.row.said.actions);
        actions.iter().filter(|action| action.kind == ActionType::Reply).cloned().collect()
    }

    /// A line stands above this message that says that it and what follows is new; or nowhere.
    pub(super) fn set_new_from(&mut self, key: Option<&str>) {
        self.new_from = key.map(Rc::from);
    }

    /// Such a line stands from here on, unless one does already.
    pub(super) fn begin_new(&mut self, key: &str) {
        self.new_from.get_or_insert_with(|| key.into());
    }

    /// How far above the end the row of this key begins, or that line ([`NEW`]), in CSS pixels.
    pub(super) fn top_of(&self, place: &str) -> Option<f64> {
        let key = if place == NEW { self.new_from.as_deref()? } else { place };
        let at = self.lines.iter().rposition(|line| &*line.row.key == key)?;
        Some(self.lines.top_of(at))
    }

    /// The other side has read up to here.
    pub(super) fn read_up_to(&mut self, seq: Seq) {
        self.read = self.read.max(seq);
        for at in (0..self.lines.len()).rev() {
            let Some(line) = self.lines.get_mut(at) else { continue };
            if matches!(line.place, Place::Stored(seq) if seq <= self.read)
                && std::mem::replace(&mut line.delivery, Delivery::Read) == Delivery::Read
            {
                break;
            }
        }
    }

    /// What was said says something else now, or is gone: another row, in the same place and as high until it is drawn.
    fn revise(&mut self, entry: &Entry) {
        for at in 0..self.lines.len() {
            let Some(line) = self.lines.get_mut(at) else { continue };
            if line.place == Place::Stored(entry.seq) {
                line.row.said = Said::of(entry).map_or_else(|| line.row.said.clone(), Rc::new);
            }
        }
        self.requote(slice::from_ref(entry));
    }

    /// What quotes one of these is made anew, too.
    fn requote(&mut self, entries: &[Entry]) {
        for at in 0..self.lines.len() {
            let Some(line) = self.lines.get_mut(at) else { continue };
            let said = &line.row.said;
            let quoted = said.quote.as_ref().and_then(|quote| quote.id);
            if quoted.is_some() && entries.iter().any(|entry| shown_of(entry).map(|shown| shown.id) == quoted)
            {
                line.row.said = Rc::new(Said::clone(said));
            }
        }
    }

    /// Takes the log's newest entry.
    pub(super) fn append(&mut self, entry: &Entry) {
        if let Some(revised) = &entry.revised {
            self.revise(revised);
        }
        // Who answers has read what was said before.
        if entry.message.as_ref().is_some_and(|message| message.role == Role::Agent) {
            self.read_up_to(entry.seq);
        }
        let known = self.find(&key_of(entry));
        let Some(line) = self.stored(entry) else { return };
        let behind = |is_before: fn(&Line) -> bool| {
            self.lines.iter().rposition(is_before).map_or(0, |before| before + 1)
        };
        let at = match known {
            // In its place already, unless others were stored in between.
            Some(known) => known.max(behind(Line::is_stored)),
            // What waits will be stored later.
            None => {
                behind(|line| line.place != Place::Unsent || matches!(line.delivery, Delivery::Failed(_)))
            }
        };
        self.lines.insert(at, line);
    }

    /// Takes a page of history.
    pub(super) fn prepend(&mut self, entries: &[Entry]) {
        for entry in entries.iter().rev() {
            if let Some(line) = self.stored(entry) {
                self.lines.insert(0, line);
            }
        }
        self.requote(entries);
    }

    /// Drops what was stored and starts from these.
    pub(super) fn reset(&mut self, entries: &[Entry]) {
        let page: Vec<Line> = entries.iter().filter_map(|entry| self.stored(entry)).collect();
        let loose = self.lines.take().into_iter().filter(|line| !line.is_stored());
        for line in page.into_iter().chain(loose) {
            self.lines.insert(self.lines.len(), line);
        }
    }

    pub(super) fn clear(&mut self) {
        self.lines.take();
        self.loose = 0;
        self.new_from = None;
        self.read = Seq::ZERO;
    }

    /// Takes what the outbox holds. What it no longer holds stays: its entry is on the way. Says whether it is the
    /// latest from now on.
    pub(super) fn take_unsent(&mut self, unsent: &Unsent) -> bool {
        let delivery = delivery_of(&unsent.state);
        let Some(known) = self.find(unsent.key.as_str()) else {
            let said = Said::from_unsent(unsent);
            let is_shown = said.is_some();
            if let Some(said) = said {
                self.push(self.line(unsent.key.as_str(), said, Place::Unsent, unsent.at, delivery));
            }
            return is_shown;
        };
        let Some(line) = self.lines.get_mut(known) else { return false };
        if line.place != Place::Unsent || line.delivery == delivery {
            return false;
        }
        let is_retried = matches!(line.delivery, Delivery::Failed(_)) && delivery == Delivery::Waiting;
        line.delivery = delivery;
        if is_retried && let Some(line) = self.remove(known) {
            self.push(line);
        }
        is_retried
    }

    /// Removes what the visitor gave up.
    pub(super) fn discard(&mut self, key: &ClientKey) {
        let known = self.find(key.as_str());
        known.and_then(|known| self.remove(known));
    }

    /// Adds what is only here.
    pub(super) fn push_local(&mut self, key: &str, said: Said, at: Millis) {
        self.push(self.line(key, said, Place::Local, at, Delivery::Sent));
    }

    /// Brings the look of these rows up to date: where groups and days begin and end.
    fn lay_out(&self, shown: Range<usize>) {
        let mut begins = self.begins(shown.start);
        for at in shown {
            let next = self.begins(at + 1);
            if let Some(line) = self.lines.get(at) {
                let (day, first) = begins;
                let look = Look {
                    day,
                    new: self.is_new(line),
                    first,
                    last: next.1,
                    at: line.at,
                    delivery: line.delivery,
                };
                line.row.look.set(look);
            }
            begins = next;
        }
    }

    /// Whether a line begins a day, and a group.
    fn begins(&self, at: usize) -> (bool, bool) {
        let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
        let (Some(before), Some(line)) = (before, self.lines.get(at)) else { return (true, true) };
        let day = before.day != line.day;
        let (said, said_before) = (&line.row.said, &before.row.said);
        let is_notice = said.is_notice() || said_before.is_notice();
        let speaker = is_notice || said.mine != said_before.mine || said.name != said_before.name;
        (day, day || speaker || self.is_new(line) || line.at.since(before.at) > PAUSE)
    }

    fn is_new(&self, line: &Line) -> bool {
        self.new_from.as_ref() == Some(&line.row.key)
    }

    fn line(&self, key: &str, said: Said, place: Place, at: Millis, delivery: Delivery) -> Line {
        Line { row: Row::new(key, said), place, at, day: (self.day_of)(at), delivery }
    }

    /// Behind all others: what is not stored.
    fn push(&mut self, line: Line) {
        self.loose += 1;
        self.lines.insert(self.lines.len(), line);
    }

    /// Takes a line out that is not stored.
    fn remove(&mut self, at: usize) -> Option<Line> {
        self.loose -= 1;
        self.lines.remove(at)
    }

    /// Where a line is that is not stored. Those are few, and near the end.
    fn find(&self, key: &str) -> Option<usize> {
        let lines = self.lines.iter().enumerate().rev();
        let mut loose = lines.filter(|(_, line)| !line.is_stored()).take(self.loose);
        loose.find(|(_, line)| *line.row.key == *key).map(|(at, _)| at)
    }

    /// The line of an entry: the one that is here already, taken out, or a new one.
    fn stored(&mut self, entry: &Entry) -> Option<Line> {
        let at = match &entry.notice {
            Some(notice) => notice.at?,
            None => shown_of(entry)?.created_at,
        };
        let key = key_of(entry);
        let place = Place::Stored(entry.seq);
        let known = self.find(&key).and_then(|known| self.remove(known));
        let row = match known {
            Some(line) => line.row,
            None => Row::new(&key, Said::of(entry)?),
        };
        let delivery = if entry.seq <= self.read { Delivery::Read } else { Delivery::Sent };
        Some(Line { row, place, at, day: (self.day_of)(at), delivery })
    }
}

impl Line {
    fn is_stored(&self) -> bool {
        matches!(self.place, Place::Stored(_))
    }
}

/// A visitor's message keeps the name under which it was sent.
pub(crate) fn key_of(entry: &Entry) -> String {
    match shown_of(entry) {
        Some(Shown { client_key: Some(key), role: Role::Contact, .. }) => key.as_str().to_owned(),
        Some(message) => message.id.to_string(),
        None => entry.seq.to_string(),
    }
}

fn delivery_of(state: &UnsentState) -> Delivery {
    match state {
        UnsentState::Waiting => Delivery::Waiting,
        UnsentState::Sent { .. } => Delivery::Sent,
        UnsentState::Failed(error) => Delivery::Failed(error.code),
    }
}

#[cfg(test)]
mod tests;
