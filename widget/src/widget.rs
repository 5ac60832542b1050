//! The widget itself: what follows from the visitor's gestures, the page's calls (`acting`, `saying`, `visitor`,
//! `messages`) and the relay's answers (`events`). It ties state, storage, transport and page together; none knows another.

mod acting;
mod attaching;
mod events;
mod filling;
mod messages;
mod outage;
mod pending;
mod reading;
mod saying;
mod typing;
mod visitor;

pub(crate) use acting::Origin;

use crate::{
    actions::Runs,
    api::Page,
    browser::{self, Listener, Timer},
    settings::{Settings, Theme},
    state::{Said, State, shown_of},
    storage::Storage,
    transport::Transport,
    words,
};
use outage::Outage;
use pending::{Calls, Pending};
use shared::{
    ConversationId, Error, ErrorCode, MessageId, Millis, Seq,
    message::Shown,
    peer::{Unsent, UnsentState, Visitor, VisitorConfig},
    wire::{Claim, Entry},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use web_sys::Element;

pub(crate) struct Widget {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) runs: Runs,
    page: Page,
    storage: RefCell<Storage>,
    /// There once something is to be loaded or sent.
    transport: RefCell<Option<Rc<Transport>>>,
    pending: Pending,
    /// The page's calls that wait for the whole history.
    waiting: Calls,
    /// Those that wait for the relay to agree to who the visitor is.
    identifying: Calls,
    /// What a one-time link carried, until the relay has answered it.
    claim: RefCell<Option<Claim>>,
    outage: Cell<Outage>,
    /// Runs while the relay is away and the visitor has not been told.
    patience: RefCell<Option<Timer>>,
    /// Runs while somebody of the organization writes.
    typing: RefCell<Option<Timer>>,
    /// When the other end was last told that the visitor writes.
    typed_at: Cell<Millis>,
    /// The visitor's conversation has begun, as far as actions are concerned.
    engaged: Cell<bool>,
    /// Up to here the page has got the events of the log.
    dispatched: Cell<Seq>,
    /// What the visitor wants to see that is quoted, and how many pages of history may yet be loaded for it.
    sought: Cell<Option<(MessageId, u32)>>,
    /// What the page was last told.
    unread: Cell<u32>,
    conversation: Cell<Option<ConversationId>>,
    listener: RefCell<Option<Listener>>,
}

impl Widget {
    /// Takes up what an earlier page has left, and connects if that is a conversation.
    pub(crate) fn start(settings: Settings, page: Page) -> Rc<Self> {
        let storage = Storage::open(page.0.storage(), settings.organization, !settings.needs_consent);
        let record = storage.record();
        let is_known = record.conversation.is_some();
        let state = State::new(browser::day_of, record.draft.clone(), record.seen, is_known);
        state.set_theme(settings.theme);
        let widget = Rc::new(Self {
            state,
            runs: Runs::new(page.clone()),
            page,
            storage: RefCell::new(storage),
            transport: RefCell::default(),
            pending: Pending::default(),
            waiting: Calls::default(),
            identifying: Calls::default(),
            claim: RefCell::new(settings.claim.clone()),
            outage: Cell::default(),
            patience: RefCell::default(),
            typing: RefCell::default(),
            typed_at: Cell::default(),
            engaged: Cell::new(is_known),
            dispatched: Cell::default(),
            sought: Cell::default(),
            unread: Cell::new(0),
            conversation: Cell::new(None),
            listener: RefCell::default(),
            settings,
        });
        let seen = Rc::downgrade(&widget);
        let look = move |_| {
            if let Some(widget) = seen.upgrade() {
                if !browser::is_visible() {
                    widget.state.leave();
                }
                widget.look();
            }
        };
        widget.listener.replace(Some(Listener::new(&browser::document(), "visibilitychange", look)));
        if let Some(identity) = &widget.settings.identity {
            widget.take_identity(identity.clone());
        }
        if widget.settings.opened {
            widget.open();
        } else if widget.claim.borrow().is_some() {
            widget.connect();
        } else {
            widget.connect_if_known();
        }
        widget
    }

    /// Ends everything; calls that wait are rejected.
    pub(crate) fn stop(&self) {
        self.listener.take();
        self.hang_up(&Error::new(ErrorCode::Destroyed, "the widget was destroyed"));
    }

    pub(crate) fn open(self: &Rc<Self>) {
        self.state.set_opened(true);
        self.connect();
        self.look();
    }

    pub(crate) fn close(&self) {
        self.state.set_opened(false);
    }

    pub(crate) fn set_theme(&self, theme: &str) {
        self.state.set_theme(Theme::named(theme));
    }

    /// The words are in this language by now.
    pub(crate) fn set_locale(&self, tag: String) {
        self.state.set_locale(tag);
    }

    /// The page adds a message to this view only.
    pub(crate) fn show_fake(&self, shown: &Shown) {
        let Some(said) = Said::from_shown(shown) else { return };
        self.announce(&said);
        self.state.push_local(&shown.id.to_string(), said, shown.created_at, self.is_looking());
        self.tell_unread();
    }

    /// Drops the socket and all that waits for it.
    fn hang_up(&self, error: &Error) {
        self.patience.take();
        self.typing.take();
        self.transport.take();
        self.pending.reject_all(error);
        self.waiting.reject(error);
        self.identifying.reject(error);
    }

    fn connect(self: &Rc<Self>) -> Rc<Transport> {
        if let Some(transport) = &*self.transport.borrow() {
            return transport.clone();
        }
        let transport = Rc::new(self.make_transport());
        self.transport.replace(Some(transport.clone()));
        transport.read(|visitor| {
            visitor.outbox().for_each(|unsent| self.pending.expect(unsent));
            self.state.take_outbox(visitor.outbox());
        });
        transport.drive(Visitor::connect);
        transport
    }

    /// Connects if there is something to load or to send.
    fn connect_if_known(self: &Rc<Self>) {
        let storage = self.storage.borrow();
        let record = storage.record();
        let is_known =
            record.conversation.is_some() || record.identity.is_some() || !record.outbox.is_empty();
        drop(storage);
        if is_known || self.state.opened.peek() {
            self.connect();
        }
    }

    fn reconnect(self: &Rc<Self>) {
        if self.transport.take().is_some() {
            self.connect();
        }
    }

    fn make_transport(self: &Rc<Self>) -> Transport {
        let storage = self.storage.borrow();
        let record = storage.record();
        let locale = self.state.locale.peek().or_else(|| self.settings.locale.clone());
        let config = VisitorConfig {
            organization: self.settings.organization,
            token: record.token.clone(),
            locale: locale.or_else(browser::locale),
            identity: record.identity.clone(),
            claim: self.claim.borrow().clone(),
            seed: u64::from_le_bytes(browser::random()),
        };
        // What nobody sees has told its caller when it was refused, and there is nobody else to tell.
        let is_worth =
            |unsent: &&Unsent| Said::is_shown(unsent.kind) || !matches!(unsent.state, UnsentState::Failed(_));
        let outbox = record.outbox.iter().filter(is_worth).cloned().collect();
        let widget = Rc::downgrade(self);
        let (hooks, url, person) = (self.page.0.clone(), self.settings.socket_url(), config.token.reveal());
        let dial = move || hooks.connect(&url, &person).ok();
        Transport::new(dial, Visitor::new(config, outbox), move |report| {
            if let Some(widget) = widget.upgrade() {
                widget.hear(report);
            }
        })
    }

    /// What the message of this id says; nothing when it is not here.
    pub(crate) fn quoted(&self, id: MessageId) -> Option<Said> {
        self.entry(id).as_ref().and_then(Said::of)
    }

    fn entry(&self, id: MessageId) -> Option<Entry> {
        let transport = self.transport.borrow().clone()?;
        transport.read(|visitor| {
            let mut entries = visitor.log().entries();
            entries.find(|entry| shown_of(entry).is_some_and(|shown| shown.id == id)).cloned()
        })
    }

    /// What shows a file of so many bytes; 0 where that is not known.
    pub(crate) fn file(&self, address: &str, media: &str, title: &str, bytes: f64) -> Element {
        self.page.0.file(address, media, title, bytes)
    }

    /// Gives the panel its colours: those of `color`, or those that it has.
    pub(crate) fn tint(&self, panel: &Element, color: Option<&str>) {
        self.page.0.tint(panel, color);
    }

    pub(crate) fn switches(&self) -> Element {
        self.page.0.switches()
    }

    /// Has something of `static/later.js` played for an element.
    pub(crate) fn play(&self, what: &str, element: &Element) {
        self.page.0.media(what, element);
    }

    fn is_looking(&self) -> bool {
        self.state.opened.peek() && browser::is_visible()
    }

    /// What is there is read, if somebody looks.
    fn look(&self) {
        if self.is_looking() {
            if let Some(transport) = &*self.transport.borrow() {
                self.state.see(transport.read(|visitor| visitor.log().last()));
            }
            self.keep_seen();
        }
        self.tell_unread();
    }

    /// In the browser, and with the relay.
    fn keep_seen(&self) {
        let seen = self.state.seen();
        let transport = self.transport.borrow().clone();
        if let Some(transport) = transport {
            transport.drive(|visitor, now| visitor.read(seen, now));
        }
        let mut storage = self.storage.borrow_mut();
        if storage.record().seen < seen {
            storage.update(|record| record.seen = seen);
        }
    }

    fn tell_unread(&self) {
        let count = self.state.unread();
        if self.unread.replace(count) != count {
            self.page.emit_unread(count);
        }
    }

    fn announce(&self, said: &Said) {
        if said.asks {
            self.state.announce(words::say(words::FORM));
        } else if self.state.opened.peek() {
            let name = said.name.clone().unwrap_or_else(|| self.state.name());
            self.state.announce([&name, ": ", &said.text].concat());
        }
    }
}
