//! Who the visitor is: signing in and out, leaving, what other tabs do, consent. Becoming somebody else is one step:
//! nothing of the last visitor stays in memory, on the page or in storage.

use super::Widget;
use crate::{
    actions::another_visitor,
    browser, person,
    storage::{Change, Record, Storage},
    words,
};
use js_sys::Promise;
use shared::{
    Error, ErrorCode, Seq, json,
    peer::{ConnectionStatus, Visitor},
    wire::ClaimOutcome,
};
use std::rc::Rc;
use wasm_bindgen::JsValue;

impl Widget {
    /// The page says who the visitor is. Resolves once the relay has agreed.
    pub(crate) fn identify(self: &Rc<Self>, token: String) -> Promise {
        if self.take_identity(token) {
            self.connect();
            return self.identifying.promise();
        }
        Promise::resolve(&JsValue::UNDEFINED)
    }

    /// Says whether the relay has to agree first; a newer token of the same visitor is for the next greeting.
    pub(super) fn take_identity(self: &Rc<Self>, token: String) -> bool {
        let known = self.storage.borrow().record().identity.as_deref().and_then(person::subject);
        let is_same = known.is_some() && known == person::subject(&token);
        // Whom the relay has turned away begins anew, with a token that may be a better one.
        if !is_same || self.state.refusal.peek().is_some() {
            let record = Record { identity: Some(token), ..Record::new(browser::random_token()) };
            self.change(|storage| storage.replace(record));
            return true;
        }
        self.storage.borrow_mut().update(|record| record.identity = Some(token.clone()));
        let transport = self.transport.borrow().clone();
        let Some(transport) = transport else { return true };
        transport.drive(|visitor, _| visitor.set_identity(token));
        transport.read(Visitor::status) != ConnectionStatus::Live
    }

    /// Forgets the visitor. Who comes next is nobody known.
    pub(crate) fn leave(self: &Rc<Self>) {
        self.claim.take();
        self.change(|storage| storage.forget(Record::new(browser::random_token())));
    }

    /// Another tab has changed the stored record.
    pub(crate) fn take_stored(self: &Rc<Self>) {
        let (change, stored) = self.storage.borrow().compare();
        match (change, stored) {
            (Change::Removed, _) => self.leave(),
            (Change::Replaced, Some(_)) => self.change(|storage| {
                storage.adopt();
            }),
            // Written by a tab that had not heard of it.
            (Change::Outdated, _) => self.storage.borrow_mut().update(|_| ()),
            (Change::Same, Some(record)) => {
                let conversation = self.storage.borrow().record().conversation.or(self.conversation.get());
                if conversation.is_none() && record.conversation.is_some() {
                    self.storage.borrow_mut().adopt();
                    self.reconnect();
                }
                self.take_identity_of(&record);
                self.see_up_to(record.seen);
            }
            (Change::Same | Change::Replaced, None) => {}
        }
    }

    /// The visitor's word on whether the site may keep anything in the browser.
    pub(crate) fn consent(self: &Rc<Self>, is_granted: bool) {
        let is_another = self.storage.borrow_mut().consent(is_granted);
        if is_another {
            self.change(|_| ());
        }
    }

    /// What the relay would tell another tab of this visitor, as the text of its frame.
    pub(crate) fn welcome(&self, last: Seq) -> Option<String> {
        let organization = self.state.organization.peek()?;
        let transport = self.transport.borrow().clone()?;
        let welcome = transport.read(|visitor| visitor.welcome(last, organization, browser::now()))?;
        Some([r#"{"welcome":"#, &json::write(&welcome), "}"].concat())
    }

    /// The relay has agreed to who the visitor is.
    pub(super) fn take_admission(self: &Rc<Self>, claim: Option<ClaimOutcome>) {
        self.identifying.resolve(&JsValue::UNDEFINED);
        match claim {
            // The link was good once: only the browser knows the conversation from here on.
            Some(ClaimOutcome::Accepted) => drop(self.storage.borrow_mut().begin()),
            Some(ClaimOutcome::Refused) => self.state.set_notice(Some(words::CLAIM_REFUSED)),
            None => return,
        }
        self.claim.take();
    }

    /// The relay does not want this visitor. An identity that it refuses is not offered again.
    pub(super) fn take_stop(&self, error: &Error) {
        if error.code == ErrorCode::Unauthorized {
            self.storage.borrow_mut().update(|record| {
                record.identity = None;
                record.conversation = None;
            });
        }
        self.identifying.reject(error);
    }

    fn take_identity_of(&self, record: &Record) {
        let known = self.storage.borrow().record().identity.clone();
        if let (Some(newer), Some(transport)) = (&record.identity, &*self.transport.borrow())
            && known != record.identity
        {
            transport.drive(|visitor, _| visitor.set_identity(newer.clone()));
            self.storage.borrow_mut().update(|own| own.identity = Some(newer.clone()));
        }
    }

    /// The visitor has read this far in another tab, or on another device.
    pub(super) fn see_up_to(&self, seen: Seq) {
        if seen <= self.state.seen() {
            return;
        }
        let transport = self.transport.borrow().clone();
        if let Some(transport) = transport {
            transport.read(|visitor| self.state.see_up_to(seen, visitor.log().entries()));
        }
        self.keep_seen();
        self.tell_unread();
    }

    /// Becomes the visitor of the record that `change` leaves.
    fn change(self: &Rc<Self>, change: impl FnOnce(&mut Storage)) {
        self.runs.change_visitor();
        self.hang_up(&another_visitor());
        self.page.files("clear", &JsValue::UNDEFINED);
        let mut storage = self.storage.borrow_mut();
        change(&mut storage);
        let record = storage.record();
        let is_engaged = record.conversation.is_some();
        let is_known = is_engaged || record.identity.is_some();
        self.state.start_over(record.draft.clone(), record.seen, is_known);
        drop(storage);
        self.engaged.set(is_engaged);
        self.conversation.set(None);
        self.dispatched.set(Seq::ZERO);
        self.outage.take();
        self.tell_unread();
        self.connect_if_known();
    }
}
