//! The loop around the registry: has the page's functions run where it is their turn, and the widget's own action
//! where that is due. With no function of the page in it, a run is over before `start` returns.

use super::{
    Act,
    registry::{FunctionId, Registry, Run, Step, WITH_FILES},
};
use crate::{
    api::{Page, member, to_js_error, to_value, type_error},
    browser::when,
    widget::{Origin, Widget},
};
use js_sys::Array;
use shared::{Error, ErrorCode};
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use wasm_bindgen::JsValue;

/// Hears how a run has ended, and whether the widget's own action had its turn.
pub(crate) type Finish = Box<dyn FnOnce(Result<JsValue, JsValue>, bool)>;

pub(crate) struct Runs {
    pub(crate) registry: RefCell<Registry>,
    page: Page,
    /// The number of the widget's latest own invocation; the page's are positive.
    latest: Cell<i32>,
    /// The latest ones: a replacement may ask for its original long after.
    begun: RefCell<Vec<Begun>>,
    /// Grows when the visitor becomes another one.
    visitor: Cell<u32>,
}

/// What an invocation was of, and for which visitor.
struct Begun {
    id: i32,
    name: String,
    visitor: u32,
}

/// One call of an action.
pub(crate) struct Invocation {
    pub(crate) id: i32,
    pub(crate) origin: Origin,
    pub(crate) payload: JsValue,
}

/// An invocation under way.
struct Running {
    widget: Weak<Widget>,
    visitor: u32,
    run: Run,
    invocation: Invocation,
    value: JsValue,
    performed: bool,
    finish: Finish,
}

/// Takes the answer to what was asked.
type Take = fn(&mut Running, JsValue) -> Result<(), JsValue>;

/// Invocations that are remembered.
const REMEMBERED: usize = 256;

impl Runs {
    pub(crate) fn new(page: Page) -> Self {
        Self {
            registry: RefCell::default(),
            page,
            latest: Cell::new(0),
            begun: RefCell::default(),
            visitor: Cell::new(0),
        }
    }

    pub(crate) fn is_plain(&self, name: &str) -> bool {
        self.registry.borrow().is_plain(name)
    }

    /// The widget's own next invocation.
    pub(crate) fn next_id(&self) -> i32 {
        self.latest.set(self.latest.get() - 1);
        self.latest.get()
    }

    pub(crate) fn start(&self, widget: &Rc<Widget>, name: &str, invocation: Invocation, finish: Finish) {
        let run = match self.registry.borrow().begin(name) {
            Ok(run) => run,
            Err(error) => return finish(Err(to_js_error(&error)), false),
        };
        let (id, visitor) = (invocation.id, self.visitor.get());
        let mut begun = self.begun.borrow_mut();
        if begun.len() == REMEMBERED {
            begun.remove(0);
        }
        begun.push(Begun { id, name: name.to_owned(), visitor });
        drop(begun);
        self.advance(Running::new(widget, visitor, run, invocation, finish));
    }

    /// The action as it was registered, for the replacement in this invocation.
    pub(crate) fn start_original(&self, widget: &Rc<Widget>, invocation: Invocation, finish: Finish) {
        let begun = self.begun.borrow();
        let of = begun.iter().find(|begun| begun.id == invocation.id);
        let (name, visitor) = of.map_or(("", 0), |begun| (&*begun.name, begun.visitor));
        let run = self.registry.borrow().begin_original(name);
        drop(begun);
        match run {
            Ok(run) => self.advance(Running::new(widget, visitor, run, invocation, finish)),
            Err(error) => finish(Err(to_js_error(&error)), false),
        }
    }

    /// The visitor that runs are begun for.
    pub(crate) fn visitor(&self) -> u32 {
        self.visitor.get()
    }

    /// What was begun for the last visitor is not done for the next.
    pub(crate) fn change_visitor(&self) {
        self.visitor.set(self.visitor.get() + 1);
    }

    fn advance(&self, mut running: Running) {
        loop {
            let step = self.registry.borrow().next(&mut running.run);
            let id = running.invocation.id;
            let payload = running.invocation.payload.clone();
            match step {
                Step::Before(ids) => {
                    let arguments = [id.into(), numbers(&ids), running.run.name().into(), payload];
                    return self.ask("before", &arguments, running, |running, answer| {
                        running.invocation.payload = member(&answer, "payload");
                        if member(&answer, "cancelled").is_truthy() {
                            let message =
                                ["Action ", running.run.name(), " cancelled by before event"].concat();
                            return Err(to_js_error(&Error::new(ErrorCode::ActionCancelled, message)));
                        }
                        Ok(())
                    });
                }
                Step::Action(function) => {
                    return self.ask_body(function, "action", payload, running);
                }
                Step::Replacement(function) => {
                    return self.ask_body(function, "replacement", payload, running);
                }
                Step::Native if running.visitor != self.visitor.get() => {
                    return self.finish(running, Err(to_js_error(&another_visitor())));
                }
                Step::Native => match running.perform() {
                    Ok(None) => {}
                    Ok(Some(stored)) => {
                        return self.wait(&stored, running, |running, receipt| {
                            running.value = receipt;
                            Ok(())
                        });
                    }
                    Err(error) => return self.finish(running, Err(error)),
                },
                Step::After(ids) => {
                    return self.ask("after", &[id.into(), numbers(&ids), payload], running, |_, _| Ok(()));
                }
                Step::Done => {
                    let value = running.value.clone();
                    return self.finish(running, Ok(value));
                }
            }
        }
    }

    fn ask_body(&self, function: FunctionId, kind: &str, payload: JsValue, running: Running) {
        let arguments = [running.invocation.id.into(), function.into(), kind.into(), payload];
        self.ask("body", &arguments, running, |running, answer| {
            if !member(&answer, "ok").is_truthy() {
                // The page side has the page's own error.
                return Err(to_js_error(&Error::new(ErrorCode::Invalid, "the page's function failed")));
            }
            running.value = member(&answer, "value");
            Ok(())
        });
    }

    fn ask(&self, what: &str, arguments: &[JsValue], running: Running, take: Take) {
        match self.page.0.ask(what, &arguments.iter().collect::<Array>()) {
            Ok(answer) => self.wait(&answer, running, take),
            Err(error) => self.finish(running, Err(error)),
        }
    }

    /// Goes on once the promise is settled.
    fn wait(&self, promise: &js_sys::Promise, mut running: Running, take: Take) {
        when(promise, move |answer| {
            let Some(widget) = running.widget.upgrade() else { return };
            match answer.and_then(|answer| take(&mut running, answer)) {
                Ok(()) => widget.runs.advance(running),
                Err(error) => widget.runs.finish(running, Err(error)),
            }
        });
    }

    fn finish(&self, running: Running, result: Result<JsValue, JsValue>) {
        if running.invocation.id < 0 {
            self.page.emit_done(running.invocation.id);
        }
        (running.finish)(result, running.performed);
    }
}

impl Running {
    fn new(widget: &Rc<Widget>, visitor: u32, run: Run, invocation: Invocation, finish: Finish) -> Self {
        let widget = Rc::downgrade(widget);
        Self { widget, visitor, run, invocation, value: JsValue::UNDEFINED, performed: false, finish }
    }

    /// The widget's own action, and the promise of its value if it has one.
    fn perform(&mut self) -> Result<Option<js_sys::Promise>, JsValue> {
        let Some(widget) = self.widget.upgrade() else { return Ok(None) };
        let name = self.run.name();
        if WITH_FILES.contains(&name) {
            self.performed = true;
            return Ok(Some(widget.perform_with_file(name, &self.invocation.payload)));
        }
        let act = Act::read(name, &to_value(&self.invocation.payload))
            .map_err(|name| type_error(name, "a string"))?;
        let key = widget.perform(act, self.invocation.origin).map_err(|error| to_js_error(&error))?;
        self.performed = true;
        Ok(key.map(|key| widget.receipt(&key)))
    }
}

/// What becomes of a call when the visitor is another one before it is over.
pub(crate) fn another_visitor() -> Error {
    Error::new(ErrorCode::Destroyed, "the visitor is another one now")
}

fn numbers(ids: &[FunctionId]) -> JsValue {
    ids.iter().map(|id| JsValue::from(*id)).collect::<Array>().into()
}
