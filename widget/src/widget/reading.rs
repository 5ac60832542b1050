//! What the visitor reads: where in the thread, and what was said before that.

use super::Widget;
use crate::{api::Place, state::View};
use std::rc::Rc;
use web_sys::Element;

/// A page of history is asked for when so little is left above, in CSS pixels: a little more than is in view, so that it
/// is there before one is.
const EARLY: f64 = 900.0;

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
        self.state.aim(false);
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
