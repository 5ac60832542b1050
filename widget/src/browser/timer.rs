//! A timeout that is cancelled with its guard.

use super::window;
use shared::Millis;
use wasm_bindgen::{JsCast, closure::Closure};

pub(crate) struct Timer {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    pub(crate) fn after(delay: Millis, callback: impl FnMut() + 'static) -> Self {
        Self::start(delay, Box::new(callback))
    }

    /// One function for all.
    fn start(delay: Millis, callback: Box<dyn FnMut()>) -> Self {
        let callback = Closure::wrap(callback);
        // Browsers count in 32 bits.
        let delay = i32::try_from(delay.0).unwrap_or(i32::MAX);
        let function = callback.as_ref().unchecked_ref();
        let id = window().set_timeout_with_callback_and_timeout_and_arguments_0(function, delay);
        Self { id: id.unwrap_or_default(), _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.id);
    }
}
