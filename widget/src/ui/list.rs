//! The rows of the thread on the page. A row is made once for its key and then stays as it is, moved or
//! removed at most.

use super::element::El;
use crate::{
    reactive::{Scope, effect},
    state::Row,
};
use std::{cell::RefCell, rc::Rc};
use web_sys::Node;

struct Shown {
    key: Rc<str>,
    element: El,
    /// Ends what the row reacts with.
    _scope: Rc<Scope>,
}

/// Shows `rows` in `parent`, behind what stands there already.
pub(super) fn follow_rows(
    parent: &Node,
    rows: impl Fn() -> Vec<Row> + 'static,
    make: impl Fn(&Row) -> El + 'static,
) {
    let parent = parent.clone();
    let shown = RefCell::new(Vec::new());
    effect(move || {
        let make = |row: &Row| {
            let scope = Rc::<Scope>::default();
            Shown { key: row.key.clone(), element: scope.enter(|| make(row)), _scope: scope }
        };
        shown.replace_with(|shown| arrange(&parent, std::mem::take(shown), &rows(), make));
    });
}

fn arrange(parent: &Node, shown: Vec<Shown>, rows: &[Row], make: impl Fn(&Row) -> Shown) -> Vec<Shown> {
    let mut left: Vec<Option<Shown>> = shown.into_iter().map(Some).collect();
    // Most rows stand where they stood: the search begins behind the one found last.
    let mut behind = 0;
    let arranged: Vec<Shown> = rows
        .iter()
        .map(|row| {
            let is_same = |shown: &Option<Shown>| shown.as_ref().is_some_and(|shown| shown.key == row.key);
            let at = left[behind..]
                .iter()
                .position(is_same)
                .map(|at| at + behind)
                .or_else(|| left.iter().position(is_same));
            let found = at.and_then(|at| {
                behind = at + 1;
                left[at].take()
            });
            found.unwrap_or_else(|| make(row))
        })
        .collect();
    for gone in left.into_iter().flatten() {
        gone.element.remove();
    }
    let mut next = None;
    for row in arranged.iter().rev() {
        row.element.place(parent, next.as_ref());
        next = Some(row.element.node());
    }
    arranged
}
