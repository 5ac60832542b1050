//! The widget itself: one function per gesture of the visitor and per call of the page, and (in `events`) what
//! follows from the relay's answers. It ties state, storage, transport and page together; none knows another.

mod events;
mod outage;
mod pending;

use crate::{
    api::{Page, to_js_error},
    browser::{self, Dates, Listener, Timer},
    settings::Settings,
    state::{Said, State},
    storage::Storage,
    transport::Transport,
    words,
};
use js_sys::Promise;
use outage::Outage;
use pending::Pending;
use serde_json::{Map, Value};
use shared::{
    ClientKey, ConversationId, Error, ErrorCode,
    command::Command,
    message::{Action, MessageType, Shown},
    peer::{Unsent, UnsentState, Visitor, VisitorConfig},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

pub(crate) struct Widget {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) dates: Dates,
    page: Page,
    storage: RefCell<Storage>,
    /// There once something is to be loaded or sent.
    transport: RefCell<Option<Rc<Transport>>>,
    pending: Pending,
    outage: Cell<Outage>,
    /// Runs while the relay is away and the visitor has not been told.
    patience: RefCell<Option<Timer>>,
    /// What the page was last told.
    unread: Cell<u32>,
    conversation: Cell<Option<ConversationId>>,
    listener: RefCell<Option<Listener>>,
}

impl Widget {
    /// Takes up what an earlier page has left, and connects if that is a conversation.
    pub(crate) fn start(settings: Settings, page: Page) -> Rc<Self> {
        let storage = Storage::open(page.0.storage(), settings.organization);
        let record = storage.record();
        let is_known = record.conversation.is_some();
        let has_unsent = !record.outbox.is_empty();
        let state = State::new(browser::day_of, record.draft.clone(), record.seen, is_known);
        let dates = Dates::new(settings.locale.as_deref());
        let widget = Rc::new(Self {
            settings,
            state,
            dates,
            page,
            storage: RefCell::new(storage),
            transport: RefCell::new(None),
            pending: Pending::default(),
            outage: Cell::default(),
            patience: RefCell::new(None),
            unread: Cell::new(0),
            conversation: Cell::new(None),
            listener: RefCell::new(None),
        });
        let seen = Rc::downgrade(&widget);
        let look = move |_| seen.upgrade().into_iter().for_each(|widget| widget.look());
        widget.listener.replace(Some(Listener::new(&browser::document(), "visibilitychange", look)));
        if widget.settings.opened {
            widget.open();
        } else if is_known || has_unsent {
            widget.connect();
        }
        widget
    }

    /// Ends everything; calls that wait are rejected.
    pub(crate) fn stop(&self) {
        self.listener.take();
        self.patience.take();
        self.transport.take();
        self.pending.reject_all(&Error::new(ErrorCode::Destroyed, "the widget was destroyed"));
    }

    pub(crate) fn open(self: &Rc<Self>) {
        self.state.set_opened(true);
        self.connect();
        self.look();
    }

    pub(crate) fn close(&self) {
        self.state.set_opened(false);
    }

    /// The visitor closes it; the page gets to know.
    pub(crate) fn dismiss(&self) {
        if !self.settings.embedded {
            self.close();
            self.page.emit("close");
        }
    }

    pub(crate) fn set_draft(&self, draft: String) {
        self.state.set_draft(draft.clone());
        self.storage.borrow_mut().update(|record| record.draft = draft);
    }

    /// The visitor writes.
    pub(crate) fn write(self: &Rc<Self>, draft: String) {
        self.begin();
        self.set_draft(draft);
    }

    /// The visitor sends what is written.
    pub(crate) fn send_draft(self: &Rc<Self>) {
        let draft = self.state.draft.peek();
        let text = draft.trim();
        if !text.is_empty() && self.say(MessageType::Chat, text, None).is_ok() {
            self.set_draft(String::new());
        }
    }

    /// The visitor takes a quick reply or presses a button.
    pub(crate) fn choose(self: &Rc<Self>, action: &Action) {
        let kind = if action.payload.is_some() { MessageType::Postback } else { MessageType::Chat };
        if let Err(error) = self.say(kind, &action.text, action.payload.clone()) {
            self.page.emit_failed(&error);
        }
    }

    /// The visitor sends a failed message again.
    pub(crate) fn retry(self: &Rc<Self>, key: &str) {
        if let Ok(key) = key.parse() {
            self.connect().drive(|visitor, now| visitor.retry(&key, now));
        }
    }

    /// The visitor gives a failed message up.
    pub(crate) fn discard(self: &Rc<Self>, key: &str) {
        if let Ok(key) = key.parse() {
            self.forget(&key);
            self.state.discard(&key);
        }
    }

    pub(crate) fn load_earlier(self: &Rc<Self>) {
        self.connect().drive(Visitor::load_earlier);
    }

    /// The page adds a message to this view only.
    pub(crate) fn show_fake(&self, shown: &Shown) {
        let Some(said) = Said::from_shown(shown) else { return };
        self.announce(&said);
        self.state.push_local(&shown.id.to_string(), said, shown.created_at, self.is_looking());
        self.tell_unread();
    }

    /// The page sends for the visitor. Resolves once the relay has stored it.
    pub(crate) fn send_client_message(self: &Rc<Self>, text: &str) -> Promise {
        let key = match Command::from_client_text(text) {
            Some(command) => {
                command.and_then(|command| self.say(command.message_type(), &command.text(), None))
            }
            None if text.trim().is_empty() => Err(Error::invalid("text", "text must not be empty")),
            None => self.say(MessageType::Chat, text, None),
        };
        match key {
            Ok(key) => self.pending.promise(&key),
            Err(error) => Promise::reject(&to_js_error(&error)),
        }
    }

    fn say(
        self: &Rc<Self>,
        kind: MessageType,
        text: &str,
        payload: Option<Value>,
    ) -> Result<ClientKey, Error> {
        if let Some(code) = self.state.refusal.peek() {
            return Err(Error::new(code, words::refused(code).0));
        }
        self.begin();
        let key = browser::random_key();
        let (text, meta) = (text.to_owned(), Map::new());
        let at = browser::now();
        let unsent = Unsent { key: key.clone(), kind, text, payload, meta, at, state: UnsentState::Waiting };
        self.pending.expect(&unsent);
        let sent = self.connect().drive(|visitor, now| visitor.send(unsent, now));
        if sent.is_err() {
            self.pending.remove(&key);
        }
        sent.map(|()| key)
    }

    /// From here on the browser remembers. What another tab has begun meanwhile is this tab's, too.
    fn begin(self: &Rc<Self>) {
        let is_another = self.storage.borrow_mut().begin();
        if is_another && self.transport.take().is_some() {
            self.connect();
        }
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

    fn make_transport(self: &Rc<Self>) -> Transport {
        let storage = self.storage.borrow();
        let record = storage.record();
        let config = VisitorConfig {
            organization: self.settings.organization,
            token: record.token.clone(),
            locale: self.settings.locale.clone().or_else(browser::locale),
            identity: None,
            claim: None,
            seed: u64::from_le_bytes(browser::random()),
        };
        // A refused command has told its caller, and there is nobody else to tell.
        let is_worth =
            |unsent: &&Unsent| !(unsent.kind.is_command() && matches!(unsent.state, UnsentState::Failed(_)));
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

    fn forget(self: &Rc<Self>, key: &ClientKey) {
        self.pending.remove(key);
        self.connect().drive(|visitor, _| visitor.discard(key));
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

    fn keep_seen(&self) {
        let seen = self.state.seen();
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
        if self.state.opened.peek() {
            let name = said.name.clone().unwrap_or_else(|| self.state.name());
            self.state.announce([&name, ": ", &said.text].concat());
        }
    }
}
