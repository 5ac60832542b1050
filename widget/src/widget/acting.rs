//! Actions: how gestures and calls become them, and what the widget's own ones do.

use super::{Widget, pending::Settle};
use crate::{
    actions::{Act, Finish, Invocation, SEND_MEDIA_MESSAGE, SEND_MESSAGE, START_ENGAGEMENT, another_visitor},
    api::{to_js, to_js_error},
    browser,
};
use js_sys::Promise;
use serde_json::Map;
use shared::{
    ClientKey, Error, Millis,
    command::Command,
    message::{Action, MessageType},
};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A text of the visitor's is a text.
    Visitor,
    /// A text of the page's may be a command.
    Page,
}

/// The other end is told this often that the visitor writes.
const TYPING: Millis = Millis(3_000);

impl Widget {
    /// The visitor closes the panel.
    pub(crate) fn dismiss(self: &Rc<Self>) {
        self.gesture(Act::MinimizeChat, None);
    }

    /// The visitor leaves the conversation, to begin another one.
    pub(crate) fn start_over(self: &Rc<Self>) {
        self.gesture(Act::RestartEngagement, None);
    }

    /// The visitor keeps what was said.
    pub(crate) fn download(&self) {
        self.page.emit("@transcript");
    }

    /// The visitor writes.
    pub(crate) fn write(self: &Rc<Self>, draft: String) {
        self.begin();
        let is_empty = draft.is_empty();
        self.set_draft(draft);
        let now = browser::now();
        if !is_empty && now.since(self.typed_at.get()) >= TYPING {
            self.typed_at.set(now);
            self.gesture(Act::SendTyping, None);
        }
    }

    /// The visitor sends what is written, and what is attached. A text comes back when nothing comes of it.
    pub(crate) fn send_draft(self: &Rc<Self>) {
        let draft = self.state.draft.peek();
        let text = draft.trim().to_owned();
        if !text.is_empty() {
            self.set_draft(String::new());
            self.gesture(Act::send(text), Some(draft));
        }
        self.page.files("send", &JsValue::UNDEFINED);
    }

    /// The visitor takes a quick reply or presses a button.
    pub(crate) fn choose(self: &Rc<Self>, action: &Action) {
        let (body, payload) = (action.text.clone(), action.payload.clone());
        self.gesture(Act::SendMessage { body, payload, meta: Map::new() }, None);
    }

    /// The page asks for an action of the widget's.
    pub(crate) fn ask_for(self: &Rc<Self>, act: &Act) -> Promise {
        self.invoke(act.name(), self.invocation(act, Origin::Page))
    }

    /// The page asks for any action.
    pub(crate) fn invoke(self: &Rc<Self>, name: &str, invocation: Invocation) -> Promise {
        let mut invocation = Some(invocation);
        Promise::new(&mut |resolve, reject| {
            if let Some(invocation) = invocation.take() {
                self.run(name, invocation, Settle { resolve, reject }.finish());
            }
        })
    }

    /// The page's replacement asks for the original.
    pub(crate) fn invoke_original(self: &Rc<Self>, invocation: Invocation) -> Promise {
        let mut invocation = Some(invocation);
        Promise::new(&mut |resolve, reject| {
            if let Some(invocation) = invocation.take() {
                self.runs.start_original(self, invocation, Settle { resolve, reject }.finish());
            }
        })
    }

    /// `draft` comes back into the field when nothing comes of it.
    pub(super) fn gesture(self: &Rc<Self>, act: Act, draft: Option<String>) {
        let name = act.name();
        if self.runs.is_plain(name) && self.is_engaged_for(name) {
            if let Err(error) = self.perform(act, Origin::Visitor) {
                self.page.emit_failed(&error);
                self.restore(draft);
            }
            return;
        }
        let (widget, visitor) = (Rc::downgrade(self), self.runs.visitor());
        let finish = move |result: Result<JsValue, JsValue>, performed: bool| {
            if let Some(widget) = widget.upgrade().filter(|_| result.is_err() && !performed)
                && widget.runs.visitor() == visitor
            {
                widget.restore(draft);
            }
        };
        self.run(name, self.invocation(&act, Origin::Visitor), Box::new(finish));
    }

    fn restore(&self, draft: Option<String>) {
        if let Some(draft) = draft.filter(|_| self.state.draft.peek().is_empty()) {
            self.set_draft(draft);
        }
    }

    /// Runs an action; the first message of a conversation, behind the one that starts it.
    fn run(self: &Rc<Self>, name: &str, invocation: Invocation, finish: Finish) {
        if self.is_engaged_for(name) {
            return self.runs.start(self, name, invocation, finish);
        }
        let start = self.invocation(&Act::StartEngagement { form: None }, invocation.origin);
        let (widget, name, visitor) = (Rc::downgrade(self), name.to_owned(), self.runs.visitor());
        let then = move |started: Result<JsValue, JsValue>, _: bool| match (started, widget.upgrade()) {
            (Ok(_), Some(widget)) if widget.runs.visitor() != visitor => {
                finish(Err(to_js_error(&another_visitor())), false);
            }
            (Ok(_), Some(widget)) => {
                widget.engaged.set(true);
                widget.runs.start(&widget, &name, invocation, finish);
            }
            (Err(error), _) => finish(Err(error), false),
            (Ok(_), None) => {}
        };
        self.runs.start(self, START_ENGAGEMENT, start, Box::new(then));
    }

    fn invocation(&self, act: &Act, origin: Origin) -> Invocation {
        let channel = match self.conversation.get() {
            Some(conversation) => conversation.to_string(),
            None => ["CH", &self.settings.organization.to_string()].concat(),
        };
        Invocation { id: self.runs.next_id(), origin, payload: to_js(&act.payload(&channel)) }
    }

    /// Whether nothing has to come before this action.
    fn is_engaged_for(&self, name: &str) -> bool {
        ![SEND_MESSAGE, SEND_MEDIA_MESSAGE].contains(&name)
            || self.engaged.get()
            || self.runs.is_plain(START_ENGAGEMENT)
    }

    /// Does what an action with a file does: a promise of its value.
    pub(crate) fn perform_with_file(&self, name: &str, payload: &JsValue) -> Promise {
        self.engaged.set(self.engaged.get() || name == SEND_MEDIA_MESSAGE);
        Promise::resolve(&self.page.files(name, payload))
    }

    /// Does what an action of the widget's does. Gives the key of what is now on its way to the relay.
    pub(crate) fn perform(self: &Rc<Self>, act: Act, origin: Origin) -> Result<Option<ClientKey>, Error> {
        match act {
            Act::StartEngagement { form } => {
                self.begin();
                self.engaged.set(true);
                self.have_started();
                if form.is_some() {
                    let payload = Act::StartEngagement { form }.payload("");
                    return self.send_event(START_ENGAGEMENT, payload).map(Some);
                }
            }
            Act::RestartEngagement => {
                // It is the same person.
                let choices = self.storage.borrow().record().choices.clone();
                self.leave();
                self.storage.borrow_mut().update(|record| record.choices = choices);
            }
            Act::ToggleChatVisibility | Act::MinimizeChat if self.settings.embedded => {}
            Act::ToggleChatVisibility if !self.state.opened.peek() => {
                self.page.emit("open");
                self.open();
            }
            Act::ToggleChatVisibility | Act::MinimizeChat => {
                self.close();
                self.page.emit("close");
            }
            Act::SendMessage { body, payload, meta } => {
                return self.send(body, payload, meta, origin).map(Some);
            }
            Act::SetInputText { body } => self.set_draft(body),
            Act::SendTyping => {
                if let Some(transport) = &*self.transport.borrow() {
                    transport.drive(|visitor, _| visitor.type_on());
                }
            }
        }
        Ok(None)
    }

    fn send(
        self: &Rc<Self>,
        body: String,
        payload: Option<serde_json::Value>,
        meta: Map<String, serde_json::Value>,
        origin: Origin,
    ) -> Result<ClientKey, Error> {
        if let (Origin::Page, Some(command)) = (origin, Command::from_client_text(&body)) {
            let command = command?;
            return self.say(command.message_type(), command.text(), None, Map::new());
        }
        if body.trim().is_empty() {
            return Err(Error::invalid("text", "text must not be empty"));
        }
        let kind = if payload.is_some() { MessageType::Postback } else { MessageType::Chat };
        self.say(kind, body, payload, meta)
    }
}
