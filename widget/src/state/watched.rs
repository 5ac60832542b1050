//! A value that effects follow.

use crate::reactive::{Trigger, effect};
use std::{cell::RefCell, rc::Rc};

#[derive(Debug, Default)]
pub(crate) struct Watched<T> {
    value: RefCell<T>,
    changed: Trigger,
}

impl<T> Watched<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value: RefCell::new(value), changed: Trigger::default() }
    }

    /// Reads; the effect that does runs again when the value changes.
    pub(crate) fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        self.changed.track();
        read(&self.value.borrow())
    }
}

impl<T: Clone> Watched<T> {
    /// As `with`, for all of it.
    pub(crate) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// Reads, and that is all.
    pub(crate) fn peek(&self) -> T {
        self.value.borrow().clone()
    }
}

impl<T: PartialEq> Watched<T> {
    /// Says nothing to the effects when it is that already. For `state` alone.
    pub(super) fn set(&self, value: T) {
        if *self.value.borrow() != value {
            self.value.replace(value);
            self.changed.notify();
        }
    }
}

/// What follows from what `read` reads, until the current scope ends. Who follows it is not disturbed while it stays the same.
pub(crate) fn derived<T: Default + PartialEq + 'static>(read: impl Fn() -> T + 'static) -> Rc<Watched<T>> {
    let derived = Rc::<Watched<T>>::default();
    let follower = derived.clone();
    effect(move || follower.set(read()));
    derived
}
