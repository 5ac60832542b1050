//! Sentence by sentence what `reference/twilio-flex-webchat-observed.md` says of actions, on a page of recorded
//! functions.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A page: its functions by number, and what has happened on it.
#[derive(Default)]
struct Page {
    registry: Registry,
    functions: BTreeMap<FunctionId, Function>,
    heard: Vec<String>,
}

#[derive(Clone, Copy)]
enum Function {
    Listens,
    Cancels,
    Throws,
    /// Adds one to the payload.
    Adds,
    /// Gives the payload back, tenfold.
    Acts,
    /// Gives one more than the original does.
    CallsOriginal,
    /// Gives this.
    Gives(i64),
}

#[derive(Debug, PartialEq, Eq)]
enum Failure {
    Cancelled,
    Unknown,
    Thrown,
}

impl Page {
    fn function(&mut self, function: Function) -> FunctionId {
        let id = FunctionId::try_from(self.functions.len()).unwrap();
        self.functions.insert(id, function);
        id
    }

    fn register(&mut self, name: &str, function: Function) {
        let id = self.function(function);
        self.registry.register(name, id);
    }

    fn replace(&mut self, name: &str, function: Function) {
        let id = self.function(function);
        self.registry.replace(name, id);
    }

    fn listen(&mut self, event: &str, function: Function) -> FunctionId {
        let id = self.function(function);
        self.registry.listen(event, id);
        id
    }

    fn invoke(&mut self, name: &str, payload: i64) -> Result<i64, Failure> {
        let run = self.registry.begin(name).map_err(|_| Failure::Unknown)?;
        self.carry_out(run, payload)
    }

    fn carry_out(&mut self, mut run: Run, mut payload: i64) -> Result<i64, Failure> {
        let mut result = 0;
        loop {
            match self.registry.next(&mut run) {
                Step::Before(ids) => {
                    // All of them run, also after one has cancelled.
                    let heard: Vec<bool> = ids.into_iter().map(|id| self.hear(id, &mut payload)).collect();
                    if heard.contains(&false) {
                        return Err(Failure::Cancelled);
                    }
                }
                Step::Action(id) | Step::Replacement(id) => result = self.act(&run, id, payload)?,
                Step::Native => {
                    self.heard.push(format!("native {payload}"));
                    result = payload;
                }
                Step::After(ids) => {
                    for id in ids {
                        self.hear(id, &mut payload);
                    }
                }
                Step::Done => return Ok(result),
            }
        }
    }

    /// Says whether the action may go on.
    fn hear(&mut self, id: FunctionId, payload: &mut i64) -> bool {
        self.heard.push(format!("{id} hears {payload}"));
        if let Function::Adds = self.functions[&id] {
            *payload += 1;
        }
        !matches!(self.functions[&id], Function::Cancels)
    }

    fn act(&mut self, run: &Run, id: FunctionId, payload: i64) -> Result<i64, Failure> {
        self.heard.push(format!("{id} acts on {payload}"));
        match self.functions[&id] {
            Function::Throws => Err(Failure::Thrown),
            Function::CallsOriginal => {
                let run = self.registry.begin_original(&run.name).map_err(|_| Failure::Unknown)?;
                self.carry_out(run, payload).map(|result| result + 1)
            }
            Function::Gives(value) => Ok(value),
            Function::Acts => Ok(payload * 10),
            Function::Listens | Function::Cancels | Function::Adds => Ok(payload),
        }
    }
}

#[test]
fn the_actions_of_the_widget_are_there_from_the_start() {
    let mut page = Page::default();
    for name in NATIVE {
        assert_eq!(page.invoke(name, 7), Ok(7), "{name}");
        assert!(page.registry.is_plain(name));
    }
    assert_eq!(page.invoke("Sing", 7), Err(Failure::Unknown));
    assert_eq!(page.registry.begin("Sing").unwrap_err().message, "Action does not exist");
}

#[test]
fn names_are_case_sensitive() {
    let mut page = Page::default();
    page.register("lower", Function::Acts);
    page.listen("beforelower", Function::Listens);
    page.listen("beforeLower", Function::Cancels);
    assert_eq!(page.invoke("lower", 1), Ok(10));
    assert_eq!(page.invoke("Lower", 1), Err(Failure::Unknown));
    assert_eq!(page.heard, ["1 hears 1", "0 acts on 1"]);
}

#[test]
fn what_a_listener_changes_is_what_the_action_gets() {
    let mut page = Page::default();
    page.listen("beforeSendMessage", Function::Adds);
    page.listen("beforeSendMessage", Function::Listens);
    page.listen("afterSendMessage", Function::Listens);
    assert!(!page.registry.is_plain(SEND_MESSAGE));
    assert_eq!(page.invoke(SEND_MESSAGE, 1), Ok(2));
    assert_eq!(page.heard, ["0 hears 1", "1 hears 2", "native 2", "2 hears 2"]);
}

#[test]
fn after_a_cancel_the_other_listeners_still_run_and_nothing_else_does() {
    let mut page = Page::default();
    page.listen("beforeMinimizeChat", Function::Cancels);
    page.listen("beforeMinimizeChat", Function::Listens);
    page.listen("afterMinimizeChat", Function::Listens);
    assert_eq!(page.invoke(MINIMIZE, 1), Err(Failure::Cancelled));
    assert_eq!(page.heard, ["0 hears 1", "1 hears 1"]);
}

#[test]
fn a_listener_that_throws_changes_nothing() {
    let mut page = Page::default();
    page.listen("beforeMinimizeChat", Function::Throws);
    page.listen("afterMinimizeChat", Function::Throws);
    assert_eq!(page.invoke(MINIMIZE, 1), Ok(1));
}

#[test]
fn after_an_action_that_throws_no_listener_runs() {
    let mut page = Page::default();
    page.register("Fly", Function::Throws);
    page.listen("afterFly", Function::Listens);
    assert_eq!(page.invoke("Fly", 1), Err(Failure::Thrown));
    assert_eq!(page.heard, ["0 acts on 1"]);
}

#[test]
fn one_before_and_one_after_stand_around_a_replacement() {
    let mut page = Page::default();
    page.listen("beforeSendMessage", Function::Listens);
    page.listen("afterSendMessage", Function::Listens);
    page.replace(SEND_MESSAGE, Function::CallsOriginal);
    assert_eq!(page.invoke(SEND_MESSAGE, 1), Ok(2));
    assert_eq!(page.heard, ["0 hears 1", "2 acts on 1", "native 1", "1 hears 1"]);
    page.heard.clear();
    page.replace(SEND_MESSAGE, Function::Gives(9));
    assert_eq!(page.invoke(SEND_MESSAGE, 1), Ok(9));
    assert_eq!(page.heard, ["0 hears 1", "3 acts on 1", "1 hears 1"]);
}

#[test]
fn the_last_replacement_counts_and_its_original_is_the_registered_action() {
    let mut page = Page::default();
    page.register("Fly", Function::Acts);
    page.replace("Fly", Function::Gives(5));
    page.replace("Fly", Function::CallsOriginal);
    assert_eq!(page.invoke("Fly", 1), Ok(11));
}

#[test]
fn registering_after_a_replacement_changes_the_original_only() {
    let mut page = Page::default();
    page.replace("Fly", Function::CallsOriginal);
    assert_eq!(page.invoke("Fly", 1), Err(Failure::Unknown), "the replacement runs, its original is unknown");
    page.register("Fly", Function::Gives(5));
    assert_eq!(page.invoke("Fly", 1), Ok(6));
    page.register("Fly", Function::Gives(6));
    assert_eq!(page.invoke("Fly", 1), Ok(7));
}

#[test]
fn an_action_of_the_widget_can_be_registered_anew() {
    let mut page = Page::default();
    page.register(TOGGLE, Function::Acts);
    assert_eq!(page.invoke(TOGGLE, 2), Ok(20));
    assert!(!page.registry.is_plain(TOGGLE));
}

#[test]
fn a_listener_added_twice_runs_twice_and_removing_removes_one() {
    let mut page = Page::default();
    let twice = page.listen("beforeMinimizeChat", Function::Listens);
    page.registry.listen("beforeMinimizeChat", twice);
    let runs = |page: &mut Page| {
        page.heard.clear();
        page.invoke(MINIMIZE, 1).unwrap();
        page.heard.len() - 1
    };
    assert_eq!(runs(&mut page), 2);
    page.registry.unlisten("beforeMinimizeChat", twice);
    assert_eq!(runs(&mut page), 1);
    page.listen("beforeSendMessage", Function::Cancels);
    page.registry.unlisten_all(Some("beforeSendMessage"));
    assert_eq!(runs(&mut page), 1);
    assert_eq!(page.invoke(SEND_MESSAGE, 1), Ok(1));
    page.registry.unlisten_all(None);
    assert_eq!(runs(&mut page), 0);
}

proptest! {
    /// Whatever a page does to an action: each run has at most one body, and nothing before it comes after it.
    #[test]
    fn a_run_has_one_body_between_its_listeners(
        changes in prop::collection::vec((0u8..5, 0u32..4), 0..12),
        inner: bool,
    ) {
        let mut registry = Registry::default();
        for (change, id) in changes {
            match change {
                0 => registry.register("Fly", id),
                1 => registry.replace("Fly", id),
                2 => registry.listen("beforeFly", id),
                3 => registry.listen("afterFly", id),
                _ => registry.unlisten("beforeFly", id),
            }
        }
        let run = if inner { registry.begin_original("Fly") } else { registry.begin("Fly") };
        let Ok(mut run) = run else { return Ok(()) };
        let mut order = Vec::new();
        loop {
            let place = match registry.next(&mut run) {
                Step::Before(ids) => { prop_assert!(!inner && !ids.is_empty()); 0 }
                Step::Action(_) | Step::Native => 2,
                Step::Replacement(_) => { prop_assert!(!inner); 2 }
                Step::After(ids) => { prop_assert!(!inner && !ids.is_empty()); 3 }
                Step::Done => break,
            };
            order.push(place);
        }
        prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", order);
        prop_assert_eq!(order.iter().filter(|place| **place == 2).count(), 1);
    }
}
