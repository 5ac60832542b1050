//! The rows of the thread that are on the page. A row is made when it comes onto the page and then stays as it is,
//! moved or removed at most.

use super::{Desk, element::El, message::message};
use crate::{
    api::Place,
    reactive::{Scope, effect},
    state::Row,
};
use std::{cell::RefCell, rc::Rc};
use web_sys::Node;

#[derive(Default)]
pub(super) struct List(RefCell<Vec<Shown>>);

struct Shown {
    row: Row,
    element: El,
    /// Ends what the row reacts with.
    _scope: Rc<Scope>,
}

impl List {
    /// Shows in `parent` the rows that the state has for the page.
    pub(super) fn follow(self: &Rc<Self>, desk: Desk, parent: Node, place: Place) {
        let list = self.clone();
        effect(move || {
            let make = |row: &Row| {
                let scope = Rc::<Scope>::default();
                Shown { row: row.clone(), element: scope.enter(|| message(desk, row)), _scope: scope }
            };
            let state = &desk.widget().state;
            let (rows, (above, below)) = (state.rows.get(), state.spacing.get());
            list.0.replace_with(|shown| arrange(&parent, std::mem::take(shown), &rows, &place, make));
            place.pad(above, below);
            if state.has_more_rows() {
                place.again();
            }
        });
    }

    /// Notes how high the rows are, for when they are not on the page any more.
    pub(super) fn measure(&self, place: &Place) {
        for shown in &*self.0.borrow() {
            let height = place.height(&shown.element.node());
            // Nothing has a height while the panel is closed.
            if height > 0.0 {
                shown.row.height.set(height);
            }
        }
    }
}

fn arrange(
    parent: &Node,
    shown: Vec<Shown>,
    rows: &[Row],
    place: &Place,
    make: impl Fn(&Row) -> Shown,
) -> Vec<Shown> {
    let mut left: Vec<Option<Shown>> = shown.into_iter().map(Some).collect();
    // Most rows stand where they stood: the search begins behind the one found last.
    let mut behind = 0;
    let arranged: Vec<Shown> = rows
        .iter()
        .map(|row| {
            let is_same = |shown: &Option<Shown>| shown.as_ref().is_some_and(|shown| shown.row == *row);
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
        place.leave(&gone.element.node());
        gone.element.remove();
    }
    let mut next = None;
    for row in arranged.iter().rev() {
        row.element.place(parent, next.as_ref());
        next = Some(row.element.node());
    }
    arranged
}
