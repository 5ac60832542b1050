//! What the visitor reads: where in the thread, and what was said before that.

use super::Widget;
use crate::{
    api::Place,
    state::{END, View, key_of},
    words,
};
use shared::MessageId;
use std::rc::Rc;
use web_sys::Element;

/// A page of history is asked for when so little is left above, in CSS pixels: a little more than is in view, so that it
/// is there before one is.
const EARLY: f64 = 900.0;

/// So many pages of history are loaded to get to what a message quotes: a thousand messages, some seconds.
const SOUGHT_PAGES: u32 = 20;

impl Widget {
    /// The visitor has scrolled, with so much left above. Says whether other rows are to be brought onto the page, once
    /// those that are there have been measured.
    pub(crate) fn take_view(self: &Rc<Self>, view: View, above: f64) -> bool {
        if above < EARLY && self.state.has_earlier.peek() && !self.state.is_asking.peek() {
            self.load_earlier();
        }
        self.state.set_view(view)
    }

    /// At once where that can be, else as soon as the relay is there.
    pub(crate) fn load_earlier(self: &Rc<Self>) {
        self.state.ask_earlier();
        self.connect().drive(|visitor, now| {
            visitor.handle_online(now);
            visitor.load_earlier(now);
        });
    }

    /// Makes the end of the thread what the visitor sees.
    pub(crate) fn show_latest(&self) {
        self.state.aim(END);
    }

    /// The visitor wants to see what the message of this id says.
    pub(crate) fn seek(self: &Rc<Self>, id: MessageId) {
        self.sought.set(Some((id, SOUGHT_PAGES)));
        self.pursue();
    }

    /// Goes to what is sought, or has the page of history loaded that it may be on.
    pub(super) fn pursue(self: &Rc<Self>) {
        let Some((id, pages)) = self.sought.take() else { return };
        let mut notice = None;
        if let Some(entry) = self.entry(id) {
            self.state.aim(&key_of(&entry));
        } else if pages > 0 && self.state.has_earlier.peek() {
            self.sought.set(Some((id, pages - 1)));
            self.load_earlier();
            notice = Some(words::EARLIER_LOADING);
        } else {
            notice = Some(words::TOO_FAR);
        }
        self.state.set_notice(notice);
    }

    /// Brings those rows onto the page that are in view or near it.
    pub(crate) fn show_rows(&self) {
        self.state.publish();
    }

    /// What keeps the visitor's place in the thread.
    pub(crate) fn place(&self, scroller: &Element, content: &Element, rows: &Element) -> Place {
        self.page.0.place(scroller, content, rows)
    }
}
