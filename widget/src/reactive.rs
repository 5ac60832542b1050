//! What follows from what: an effect runs again when something that it has read changes, and a scope ends all
//! that was made in it. For one thread, so that cells do; nothing here knows the browser.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
    rc::{Rc, Weak},
};

/// Keeps what was made in it; dropping it ends that, the latest first.
#[derive(Default)]
pub(crate) struct Scope(RefCell<Vec<Box<dyn Any>>>);

/// Tells the effects that have read something that it has changed.
#[derive(Default)]
pub(crate) struct Trigger(RefCell<Vec<Weak<Effect>>>);

struct Effect {
    run: RefCell<Box<dyn FnMut()>>,
    scope: Rc<Scope>,
    is_due: Cell<bool>,
}

#[derive(Default)]
struct Now {
    /// Takes what is made.
    scope: Option<Rc<Scope>>,
    /// Follows what is read.
    effect: Weak<Effect>,
}

thread_local! {
    static NOW: RefCell<Now> = RefCell::default();
    static DUE: RefCell<Vec<Weak<Effect>>> = RefCell::default();
    static WAKE: Cell<fn()> = const { Cell::new(|| ()) };
}

/// Has `wake` called when effects are due. It sees to it that `run_due` is, once the present task is over.
pub(crate) fn wake_by(wake: fn()) {
    WAKE.set(wake);
}

/// Runs the effects that are due, and those that become so meanwhile.
pub(crate) fn run_due() {
    loop {
        let due = DUE.take();
        if due.is_empty() {
            return;
        }
        for effect in due.iter().filter_map(Weak::upgrade) {
            Effect::run(&effect);
        }
    }
}

/// Runs at once, and again whenever what it has read changes, until the current scope ends. What it makes ends
/// before it runs again.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    // One function for all.
    fn start(run: Box<dyn FnMut()>) {
        let effect =
            Rc::new(Effect { run: RefCell::new(run), scope: Rc::default(), is_due: Cell::new(true) });
        Effect::run(&effect);
        keep(Box::new(effect));
    }
    start(Box::new(run));
}

/// Until the current scope ends.
pub(crate) fn keep(guard: Box<dyn Any>) {
    NOW.with_borrow(|now| {
        if let Some(scope) = &now.scope {
            scope.0.borrow_mut().push(guard);
        }
    });
}

impl Scope {
    /// What is made meanwhile is this scope's, and follows nothing.
    pub(crate) fn enter<T>(self: &Rc<Self>, make: impl FnOnce() -> T) -> T {
        let outer = NOW.replace(Now { scope: Some(self.clone()), effect: Weak::new() });
        let made = make();
        NOW.set(outer);
        made
    }

    fn clear(&self) {
        loop {
            // The borrow ends here: what ends may keep something on its way.
            let Some(last) = self.0.borrow_mut().pop() else { return };
            drop(last);
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Effect {
    fn run(self: &Rc<Self>) {
        if self.is_due.replace(false) {
            self.scope.clear();
            let now = Now { scope: Some(self.scope.clone()), effect: Rc::downgrade(self) };
            let outer = NOW.replace(now);
            (self.run.borrow_mut())();
            NOW.set(outer);
        }
    }
}

impl Trigger {
    /// The current effect runs again at the next `notify`.
    pub(crate) fn track(&self) {
        NOW.with_borrow(|now| {
            let mut followers = self.0.borrow_mut();
            followers.retain(|follower| follower.strong_count() > 0 && !follower.ptr_eq(&now.effect));
            if now.effect.strong_count() > 0 {
                followers.push(now.effect.clone());
            }
        });
    }

    pub(crate) fn notify(&self) {
        for follower in self.0.take() {
            let Some(effect) = follower.upgrade() else { continue };
            if !effect.is_due.replace(true) {
                let is_first = DUE.with_borrow_mut(|due| {
                    due.push(follower);
                    due.len() == 1
                });
                if is_first {
                    WAKE.get()();
                }
            }
        }
    }
}

impl fmt::Debug for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trigger")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_runs_at_once_and_once_for_any_number_of_changes() {
        let (scope, trigger, runs) = (Rc::<Scope>::default(), Rc::<Trigger>::default(), counter());
        scope.enter(|| count(&trigger, &runs));
        assert_eq!(runs.get(), 1);
        trigger.notify();
        trigger.notify();
        assert_eq!(runs.get(), 1, "not before the task is over");
        run_due();
        assert_eq!(runs.get(), 2);
    }

    #[test]
    fn an_effect_ends_with_its_scope() {
        let (scope, trigger, runs) = (Rc::<Scope>::default(), Rc::<Trigger>::default(), counter());
        scope.enter(|| count(&trigger, &runs));
        trigger.notify();
        drop(scope);
        run_due();
        trigger.notify();
        run_due();
        assert_eq!(runs.get(), 1);
    }

    #[test]
    fn what_an_effect_made_ends_before_it_runs_again() {
        let (scope, outer, inner) =
            (Rc::<Scope>::default(), Rc::<Trigger>::default(), Rc::<Trigger>::default());
        let runs = counter();
        scope.enter(|| {
            let (outer, inner, runs) = (outer.clone(), inner.clone(), runs.clone());
            effect(move || {
                outer.track();
                count(&inner, &runs);
            });
        });
        outer.notify();
        run_due();
        assert_eq!(runs.get(), 2);
        inner.notify();
        run_due();
        assert_eq!(runs.get(), 3, "the first inner effect is gone");
        assert!(inner.0.borrow().len() == 1 && outer.0.borrow().len() == 1);
    }

    #[test]
    fn an_effect_may_change_what_another_follows() {
        let (scope, first, second) =
            (Rc::<Scope>::default(), Rc::<Trigger>::default(), Rc::<Trigger>::default());
        let runs = counter();
        scope.enter(|| {
            let (first, changed) = (first.clone(), second.clone());
            effect(move || {
                first.track();
                changed.notify();
            });
            count(&second, &runs);
        });
        first.notify();
        run_due();
        assert_eq!(runs.get(), 2);
    }

    #[test]
    fn guards_are_dropped_the_latest_first() {
        struct Guard(u32, Rc<Cell<u32>>);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.1.set(self.1.get() * 10 + self.0);
            }
        }
        let (scope, order) = (Rc::<Scope>::default(), counter());
        scope.enter(|| {
            keep(Box::new(Guard(1, order.clone())));
            keep(Box::new(Guard(2, order.clone())));
        });
        drop(scope);
        assert_eq!(order.get(), 21);
    }

    fn counter() -> Rc<Cell<u32>> {
        Rc::default()
    }

    fn count(trigger: &Rc<Trigger>, runs: &Rc<Cell<u32>>) {
        let (trigger, runs) = (trigger.clone(), runs.clone());
        effect(move || {
            trigger.track();
            runs.set(runs.get() + 1);
        });
    }
}
