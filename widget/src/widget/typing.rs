//! Somebody of the organization writes: shown until it is over, by word, by message or by time.

use super::Widget;
use crate::browser::Timer;
use shared::Millis;
use std::rc::Rc;

impl Widget {
    pub(super) fn take_typing(self: &Rc<Self>, name: Option<String>, lasts: Millis) {
        if lasts == Millis(0) {
            return self.end_typing();
        }
        let widget = Rc::downgrade(self);
        let end = move || widget.upgrade().into_iter().for_each(|widget| widget.end_typing());
        if self.typing.replace(Some(Timer::after(lasts, end))).is_none() {
            self.page.emit_typing("typing:start", name.as_deref());
        }
        self.state.set_typing(Some(name.unwrap_or_else(|| self.state.name())));
    }

    pub(super) fn end_typing(&self) {
        if self.typing.take().is_some() {
            self.state.set_typing(None);
            self.page.emit("typing:stop");
        }
    }
}
