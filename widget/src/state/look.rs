//! What about a row changes while it stands in the thread. Everything else about it is fixed when it
//! appears, so that a row is never made twice.

use super::{Said, Watched};
use shared::{ErrorCode, Millis};
use std::rc::Rc;

/// One message in the thread.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Unique in the thread.
    pub(crate) key: Rc<str>,
    pub(crate) said: Rc<Said>,
    pub(crate) look: Rc<Watched<Look>>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// A day begins: its name stands above.
    pub(crate) day: bool,
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
    /// Refused for good.
    Failed(ErrorCode),
}
