//! What about a row changes while it stands in the thread. Everything else about it is fixed when it
//! appears, so that a row is never made twice.

use super::{Said, Watched};
use shared::{ErrorCode, Millis};
use std::{cell::Cell, rc::Rc};

/// One message in the thread.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Unique in the thread.
    pub(crate) key: Rc<str>,
    pub(crate) said: Rc<Said>,
    pub(crate) look: Rc<Watched<Look>>,
    /// In CSS pixels, as it was when it was last on the page.
    pub(crate) height: Rc<Cell<f64>>,
}

/// Height of a row that was never on the page, in CSS pixels: between a line and a card.
const GUESS: f64 = 60.0;

impl Row {
    pub(super) fn new(key: &str, said: Said) -> Self {
        Self { key: key.into(), said: Rc::new(said), look: Rc::default(), height: Rc::new(Cell::new(GUESS)) }
    }
}

impl PartialEq for Row {
    /// One that says something else is another one.
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && Rc::ptr_eq(&self.said, &other.said)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// A day begins: its name stands above.
    pub(crate) day: bool,
    /// From here on it came while nobody looked.
    pub(crate) new: bool,
    /// First of what one speaker says in one go.
    pub(crate) first: bool,
    /// Last of it.
    pub(crate) last: bool,
    pub(crate) at: Millis,
    pub(crate) delivery: Delivery,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    Waiting,
    #[default]
    Sent,
    /// By somebody of the organization.
    Read,
    /// Refused for good.
    Failed(ErrorCode),
}
