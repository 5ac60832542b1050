//! What the widget shows. Only this module changes it: the ui follows, and what happens is told through the
//! methods here. It knows neither sockets nor storage.

mod look;
mod said;
mod strip;
mod thread;
mod unread;
mod watched;

pub(crate) use look::{Delivery, Look, Row};
pub(crate) use said::{Quote, RATING, Said, shown_of};
pub(crate) use strip::View;
pub(crate) use thread::key_of;
pub(crate) use watched::{Watched, derived};

use crate::{settings::Theme, words};
use serde_json::Value;
use shared::{
    ClientKey, ErrorCode, Millis, Seq,
    message::{Action, Role},
    peer::Unsent,
    wire::{ConversationView, Entry, OrganizationView},
};
use std::cell::{Cell, RefCell};
use thread::Thread;
use unread::Unread;

/// How things stand with the relay, for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Nothing to tell: it works, or it has not been away for long.
    #[default]
    Fine,
    Reconnecting,
    /// The browser has no network.
    Offline,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) opened: Watched<bool>,
    pub(crate) connection: Watched<Connection>,
    /// A line for the visitor above the field.
    pub(crate) notice: Watched<Option<&'static str>>,
    /// Who of the organization is writing.
    pub(crate) typing: Watched<Option<String>>,
    pub(crate) theme: Watched<Theme>,
    /// BCP 47 tag, where the page has changed it.
    pub(crate) locale: Watched<Option<String>>,
    /// Why the relay does not want this visitor, if it does not.
    pub(crate) refusal: Watched<Option<ErrorCode>>,
    /// Known once the relay has answered.
    pub(crate) organization: Watched<Option<OrganizationView>>,
    /// How things stand with the conversation, as the relay told it last.
    pub(crate) standing: Watched<ConversationView>,
    /// Those of the thread that are in view or near it.
    pub(crate) rows: Watched<Vec<Row>>,
    /// Heights of the thread before and behind those, in CSS pixels.
    pub(crate) spacing: Watched<(f64, f64)>,
    /// Where the view is to go: [`END`], [`NEW`], or the key of a row; nothing once it has gone there.
    pub(crate) goal: Watched<String>,
    /// One is away from the latest.
    pub(crate) is_away: Watched<bool>,
    /// How many of the agents' messages have come while one was away from the end.
    pub(crate) missed: Watched<u32>,
    /// The quick replies on offer.
    pub(crate) replies: Watched<Vec<Action>>,
    /// There is history before the first row.
    pub(crate) has_earlier: Watched<bool>,
    /// A page of it is wanted, and is not here yet.
    pub(crate) is_asking: Watched<bool>,
    /// There is a conversation, and it is not here yet.
    pub(crate) is_loading: Watched<bool>,
    pub(crate) draft: Watched<String>,
    /// The form that comes before the first message.
    pub(crate) first_form: Watched<Option<Value>>,
    /// The menu is open.
    pub(crate) menu: Watched<bool>,
    /// While nobody is there: when somebody is back, and what to say to that.
    pub(crate) away: Watched<Option<(String, String)>>,
    /// There are files that the next message is sent with.
    pub(crate) attached: Watched<bool>,
    /// What a screen reader says next.
    pub(crate) announcement: Watched<String>,
    thread: RefCell<Thread>,
    view: Cell<View>,
    /// For which the rows are, once they are all there.
    fitted: Cell<Option<View>>,
    unread: RefCell<Unread>,
}

/// Where the view goes, if not to a row: to the end.
pub(crate) const END: &str = "end";
/// To the line above what is new.
const NEW: &str = "new";

/// CSS pixels from the end that still count as being there.
const NEAR: f64 = 48.0;

/// CSS pixels that one scrolls until other rows are brought onto the page: some at a time, and long before they are seen.
const STEP: f64 = 250.0;

impl State {
    pub(crate) fn new(day_of: fn(Millis) -> i64, draft: String, seen: Seq, is_loading: bool) -> Self {
        Self {
            opened: Watched::default(),
            connection: Watched::default(),
            notice: Watched::default(),
            typing: Watched::default(),
            theme: Watched::default(),
            locale: Watched::default(),
            refusal: Watched::default(),
            organization: Watched::default(),
            standing: Watched::default(),
            rows: Watched::default(),
            spacing: Watched::default(),
            goal: Watched::default(),
            is_away: Watched::default(),
            missed: Watched::default(),
            replies: Watched::default(),
            has_earlier: Watched::default(),
            is_asking: Watched::default(),
            is_loading: Watched::new(is_loading),
            draft: Watched::new(draft),
            first_form: Watched::default(),
            menu: Watched::default(),
            away: Watched::default(),
            attached: Watched::default(),
            announcement: Watched::default(),
            thread: RefCell::new(Thread::new(day_of)),
            view: Cell::default(),
            fitted: Cell::default(),
            unread: RefCell::new(Unread { seen, count: 0 }),
        }
    }

    /// Who answers here.
    pub(crate) fn name(&self) -> String {
        self.organization.with(|organization| match organization {
            Some(organization) => organization.name.clone(),
            None => self.locale.with(|_| words::say(words::CHAT)),
        })
    }

    pub(crate) fn unread(&self) -> u32 {
        self.unread.borrow().count
    }

    /// The newest entry that the visitor has seen.
    pub(crate) fn seen(&self) -> Seq {
        self.unread.borrow().seen
    }

    /// The visitor has come to a conversation that was seen this far.
    pub(crate) fn take_seen(&self, seen: Seq) {
        self.unread.borrow_mut().seen = seen;
    }

    /// Opened, it shows first what is new.
    pub(crate) fn set_opened(&self, opened: bool) {
        self.opened.set(opened);
        if !opened {
            self.leave();
        } else if self.unread() > 0 {
            self.aim(NEW);
        }
    }

    /// Nobody looks any more: what was seen by now is not new when somebody comes back.
    pub(crate) fn leave(&self) {
        if self.unread() == 0 {
            self.thread.borrow_mut().set_new_from(None);
            self.publish();
        }
    }

    /// The visitor has scrolled, or sees more or less than before. Says whether that is for other rows.
    pub(crate) fn set_view(&self, view: View) -> bool {
        self.view.set(view);
        self.is_away.set(view.bottom > NEAR);
        if view.bottom <= NEAR {
            self.missed.set(0);
        }
        self.fitted
            .get()
            .is_none_or(|fitted| view.height != fitted.height || (view.bottom - fitted.bottom).abs() > STEP)
    }

    /// Whether rows that are not far from view are still to come onto the page.
    pub(crate) fn has_more_rows(&self) -> bool {
        self.fitted.get().is_none()
    }

    /// Brings those rows onto the page that are in view or near it.
    pub(crate) fn publish(&self) {
        let mut thread = self.thread.borrow_mut();
        let view = self.view.get();
        let rows = thread.rows(view);
        self.fitted.set(thread.is_whole().then_some(view));
        self.rows.set(rows);
        self.spacing.set(thread.spacing());
        self.replies.set(thread.replies());
    }

    /// Sends the view to that place, or to the end where there is none such.
    pub(crate) fn aim(&self, place: &str) {
        let top = self.thread.borrow().top_of(place);
        let height = self.view.get().height;
        self.set_view(View { bottom: (top.unwrap_or_default() - height).max(0.0), height });
        self.publish();
        self.goal.set(if top.is_some() { place } else { END }.to_owned());
    }

    /// The view has gone where it was to go.
    pub(crate) fn arrive(&self) {
        self.goal.set(String::new());
    }

    pub(crate) fn set_connection(&self, connection: Connection) {
        self.connection.set(connection);
    }

    pub(crate) fn refuse(&self, code: ErrorCode) {
        self.refusal.set(Some(code));
    }

    pub(crate) fn set_notice(&self, notice: Option<&'static str>) {
        self.notice.set(notice);
    }

    pub(crate) fn take_standing(&self, standing: ConversationView) {
        self.thread.borrow_mut().read_up_to(standing.read_by_agents);
        self.publish();
        self.standing.set(standing);
    }

    pub(crate) fn set_typing(&self, name: Option<String>) {
        self.typing.set(name);
    }

    pub(crate) fn set_theme(&self, theme: Theme) {
        self.theme.set(theme);
    }

    pub(crate) fn set_locale(&self, tag: String) {
        self.locale.set(Some(tag));
    }

    /// Everything of the last visitor goes.
    pub(crate) fn start_over(&self, draft: String, seen: Seq, is_loading: bool) {
        self.thread.borrow_mut().clear();
        self.unread.replace(Unread { seen, count: 0 });
        self.draft.set(draft);
        self.announcement.set(String::new());
        self.typing.set(None);
        self.standing.set(ConversationView::default());
        self.first_form.set(None);
        self.notice.set(None);
        self.refusal.set(None);
        self.has_earlier.set(false);
        self.is_asking.set(false);
        self.is_loading.set(is_loading);
        self.connection.set(Connection::Fine);
        self.aim(END);
    }

    /// The visitor has read up to `seen` elsewhere.
    pub(crate) fn see_up_to<'a>(&self, seen: Seq, entries: impl DoubleEndedIterator<Item = &'a Entry>) {
        let mut unread = self.unread.borrow_mut();
        unread.seen = unread.seen.max(seen);
        let unseen = entries.rev().take_while(|entry| entry.seq > unread.seen);
        unread.count = to_u32(unseen.filter(|entry| said_by_agent(entry).is_some()).count());
        drop(unread);
        if !self.opened.peek() {
            self.leave();
        }
    }

    pub(crate) fn set_draft(&self, draft: String) {
        self.draft.set(draft);
    }

    pub(crate) fn set_attached(&self, attached: bool) {
        self.attached.set(attached);
    }

    /// The relay has answered: what there is to load is loaded.
    pub(crate) fn take_welcome(&self, organization: OrganizationView, has_earlier: bool) {
        self.organization.set(Some(organization));
        self.has_earlier.set(has_earlier);
        self.is_asking.set(self.is_asking.peek() && has_earlier);
        self.is_loading.set(false);
    }

    /// A page of history is wanted.
    pub(crate) fn ask_earlier(&self) {
        self.is_asking.set(self.has_earlier.peek());
    }

    /// The log's newest entry. Gives what an agent said in it.
    pub(crate) fn append(&self, entry: &Entry, is_looking: bool) -> Option<Said> {
        self.thread.borrow_mut().append(entry);
        let said = said_by_agent(entry);
        if said.is_some() {
            self.receive(&key_of(entry), Some(entry.seq), is_looking);
        }
        self.publish();
        said
    }

    pub(crate) fn prepend(&self, entries: &[Entry], has_earlier: bool) {
        self.thread.borrow_mut().prepend(entries);
        self.publish();
        self.has_earlier.set(has_earlier);
        self.is_asking.set(false);
    }

    /// The thread starts over with these: at its end.
    pub(crate) fn reset(&self, entries: &[Entry]) {
        let mut unread = self.unread.borrow_mut();
        let seen = unread.seen;
        let unseen = entries.iter().filter(|entry| entry.seq > seen && said_by_agent(entry).is_some());
        unread.count = to_u32(unseen.clone().count());
        // Where nothing was ever seen, all of it is as new.
        let new_from = unseen.filter(|_| seen > Seq::ZERO).map(key_of).next();
        drop(unread);
        let mut thread = self.thread.borrow_mut();
        thread.reset(entries);
        thread.set_new_from(new_from.as_deref());
        drop(thread);
        self.missed.set(0);
        self.aim(END);
    }

    /// What the visitor says is in view at once.
    pub(crate) fn take_outbox<'a>(&self, outbox: impl Iterator<Item = &'a Unsent>) {
        let mut thread = self.thread.borrow_mut();
        let mut is_latest = false;
        for unsent in outbox {
            is_latest |= thread.take_unsent(unsent);
        }
        drop(thread);
        if is_latest {
            self.aim(END);
        } else {
            self.publish();
        }
    }

    pub(crate) fn discard(&self, key: &ClientKey) {
        self.thread.borrow_mut().discard(key);
        self.publish();
    }

    pub(crate) fn push_local(&self, key: &str, said: Said, at: Millis, is_looking: bool) {
        self.thread.borrow_mut().push_local(key, said, at);
        self.receive(key, None, is_looking);
        self.publish();
    }

    /// The visitor looks at everything up to `last`: from where it is new, unless they read something else.
    pub(crate) fn see(&self, last: Seq) {
        if self.unread() > 0 && !self.is_away.peek() {
            self.aim(NEW);
        }
        self.unread.borrow_mut().see(last);
    }

    /// What is asked before the first message; nothing once there is one.
    pub(crate) fn ask_first(&self, form: Option<Value>) {
        self.first_form.set(form);
    }

    pub(crate) fn set_menu(&self, is_open: bool) {
        self.menu.set(is_open);
    }

    pub(crate) fn set_away(&self, away: Option<(String, String)>) {
        self.away.set(away);
    }

    /// Whether something is to be filled in before the visitor writes.
    pub(crate) fn asks_first(&self) -> bool {
        let is_new = self.rows.with(|rows| !rows.iter().any(|row| row.said.mine));
        is_new && self.first_form.with(Option::is_some)
    }

    /// A member of the organization's public settings.
    pub(crate) fn setting(&self, name: &str) -> Option<Value> {
        self.organization.with(|organization| organization.as_ref()?.settings.get(name).cloned())
    }

    /// Says `text` to a screen reader.
    pub(crate) fn announce(&self, mut text: String) {
        // A region that does not change is not read again.
        if self.announcement.peek() == text {
            text.push('\u{a0}');
        }
        self.announcement.set(text);
    }

    /// An agent's message has come, or one that looks like it.
    fn receive(&self, key: &str, seq: Option<Seq>, is_looking: bool) {
        let is_away = self.is_away.peek();
        if is_away || !is_looking {
            self.thread.borrow_mut().begin_new(key);
        }
        self.missed.set(self.missed.peek() + u32::from(is_away));
        self.unread.borrow_mut().arrive(seq, is_looking);
    }
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn said_by_agent(entry: &Entry) -> Option<Said> {
    let message = entry.message.as_ref().filter(|message| message.role != Role::Contact)?;
    Said::from_shown(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{json, wire::Entry};

    #[test]
    fn what_was_read_in_another_tab_is_read_here() {
        let state = State::new(|_| 0, String::new(), Seq(1), false);
        let entries: Vec<Entry> = (1..=4).map(agents).collect();
        state.reset(&entries);
        assert_eq!(state.unread(), 3);
        state.see_up_to(Seq(3), entries.iter());
        assert_eq!((state.unread(), state.seen()), (1, Seq(3)));
        state.see_up_to(Seq(2), entries.iter());
        assert_eq!((state.unread(), state.seen()), (1, Seq(3)));
    }

    #[test]
    fn what_came_while_nobody_looked_stands_below_a_line_until_one_leaves_again() {
        let state = State::new(|_| 0, String::new(), Seq(2), false);
        state.reset(&[agents(1), agents(2), agents(3), agents(4)]);
        assert_eq!((new_in(&state), state.unread()), (vec![2], 2));
        state.set_opened(true);
        assert_eq!(state.goal.peek(), NEW);
        state.see(Seq(4));
        state.append(&agents(5), true);
        assert_eq!((new_in(&state), state.unread()), (vec![2], 0));
        state.set_opened(false);
        assert_eq!(new_in(&state), Vec::<usize>::new());
        state.append(&agents(6), false);
        state.append(&agents(7), false);
        assert_eq!((new_in(&state), state.unread()), (vec![5], 2));
    }

    #[test]
    fn who_was_never_here_before_reads_from_the_end() {
        let state = State::new(|_| 0, String::new(), Seq::ZERO, false);
        state.reset(&[agents(1), agents(2)]);
        state.set_opened(true);
        assert_eq!((new_in(&state), &*state.goal.peek()), (Vec::new(), END));
    }

    #[test]
    fn what_one_misses_while_reading_earlier_messages_is_counted_until_one_is_back() {
        let state = State::new(|_| 0, String::new(), Seq(1), false);
        state.reset(&[agents(1)]);
        state.set_view(View { bottom: 300.0, height: 560.0 });
        let goal = state.goal.peek();
        state.append(&agents(2), true);
        state.append(&agents(3), true);
        assert_eq!((state.missed.peek(), new_in(&state)), (2, vec![1]));
        assert_eq!(state.goal.peek(), goal, "nothing takes one away from there");
        state.aim(END);
        assert_eq!((state.missed.peek(), state.is_away.peek()), (0, false));
    }

    #[test]
    fn another_visitor_sees_nothing_of_the_last() {
        let state = State::new(|_| 0, "half a sentence".to_owned(), Seq(0), true);
        state.reset(&[agents(1)]);
        state.announce("Ada: Hello".to_owned());
        state.set_typing(Some("Ada".to_owned()));
        state.refuse(ErrorCode::Unauthorized);
        state.start_over(String::new(), Seq(0), false);
        assert!(state.rows.peek().is_empty() && state.draft.peek().is_empty());
        assert!(state.announcement.peek().is_empty() && state.typing.peek().is_none());
        assert_eq!((state.unread(), state.refusal.peek(), state.is_loading.peek()), (0, None, false));
    }

    /// Which rows have the line above them.
    fn new_in(state: &State) -> Vec<usize> {
        let rows = state.rows.peek();
        rows.iter().enumerate().filter(|(_, row)| row.look.peek().new).map(|(at, _)| at).collect()
    }

    fn agents(seq: u64) -> Entry {
        let json = format!(
            r#"{{"seq":{seq},"message":{{"id":"5bb01d0dd99faf11a3f4a3{seq:02}","role":"agent","text":"Hello","createdAt":"2018-09-30T00:47:19.872Z"}}}}"#
        );
        json::read(&json).unwrap()
    }
}
