//! Forms in the thread, before the conversation and at its end: where each stands, and for how long. The page side draws them
//! (`static/form.js`) and says what is filled in.

use super::{
    Desk,
    element::{El, el},
};
use crate::{
    api::to_js,
    state::{Delivery, RATING, Row, derived},
};
use serde_json::Value;
use shared::conversation::Status;

/// Where a form was asked for, `shown`: the form, for as long as it is to be filled in.
pub(super) fn place(desk: Desk, row: &Row, shown: El) -> El {
    let (key, id) = (row.key.clone(), row.said.form.clone().unwrap_or_default());
    // Drawn anew only when it is another form: who fills it in would lose their place.
    let due = derived(move || {
        let is_latest = desk.widget().state.rows.with(|rows| {
            let is_about = |row: &&Row| row.said.form.as_deref() == Some(&id) && !has_failed(row);
            rows.iter().rev().find(is_about).is_some_and(|about| about.key == key)
        });
        is_latest.then(|| definition(desk, &id)).flatten()
    });
    shown.follow_child(move || due.with(|form| form.as_ref().map(|form| draw(desk, "form", form))))
}

/// What stands at the end of the thread instead of a message.
pub(super) fn aside(desk: Desk) -> El {
    let is_first = derived(move || u32::from(desk.widget().state.asks_first()));
    // One more than it was rated so far; nothing where it is not to be.
    let rated = derived(move || {
        let state = &desk.widget().state;
        let is_over = state.standing.with(|standing| standing.status == Some(Status::Closed));
        let is_asked = is_over && state.setting(RATING).is_some_and(|rating| rating == true);
        if is_asked { 1 + state.rows.with(|rows| ratings(rows)) } else { 0 }
    });
    el("div", "aside")
        .follow_child(move || {
            let is_first = is_first.get() == 1;
            is_first
                .then(|| desk.widget().state.first_form.get())
                .flatten()
                .map(|form| draw(desk, "first", &form))
        })
        .follow_child(move || match rated.get() {
            0 => None,
            1 => Some(draw(desk, RATING, &Value::Null)),
            _ => Some(draw(desk, "again", &Value::Null)),
        })
}

/// Ratings since the last message.
fn ratings(rows: &[Row]) -> u32 {
    let mut count = 0;
    for row in rows.iter().rev().filter(|row| !row.said.asks && !has_failed(row)) {
        if row.said.form.as_deref() != Some(RATING) {
            break;
        }
        count += 1;
    }
    count
}

fn has_failed(row: &Row) -> bool {
    row.look.with(|look| matches!(look.delivery, Delivery::Failed(_)))
}

/// Nothing for one that is not to be filled in.
fn definition(desk: Desk, id: &str) -> Option<Value> {
    desk.widget().state.standing.with(|standing| standing.forms.iter().find(|form| form["id"] == id).cloned())
}

fn draw(desk: Desk, kind: &str, definition: &Value) -> El {
    El::made(desk.widget().draw_form(kind, &to_js(definition)))
}
