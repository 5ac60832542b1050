//! Forms in the thread, before the conversation and at its end. The page side draws the fields (`static/form.js`); what becomes
//! of them is decided here.

use super::{
    Desk,
    element::{El, el},
};
use crate::{
    api::{member, to_js, to_value},
    state::{Delivery, RATING, Row, derived},
    words,
};
use serde_json::Value;
use shared::conversation::Status;
use web_sys::Element;

/// Where a form was asked for: the form, for as long as it is to be filled in.
pub(super) fn place(desk: Desk, row: &Row) -> El {
    let (key, id) = (row.key.clone(), row.said.form.clone().unwrap_or_default());
    let asked = id.clone();
    let is_due = derived(move || {
        let is_latest = desk.widget().state.rows.with(|rows| {
            let about =
                rows.iter().rev().find(|row| row.said.form.as_deref() == Some(&asked) && !has_failed(row));
            about.is_some_and(|about| about.key == key)
        });
        is_latest
            && desk.widget().state.standing.with(|view| view.forms.iter().any(|form| form["id"] == *asked))
    });
    el("div", "row theirs").follow_child(move || {
        let definition =
            || desk.widget().state.standing.peek().forms.into_iter().find(|form| form["id"] == *id);
        if is_due.get() { definition().map(|form| draw(desk, "form", &form)) } else { None }
    })
}

/// What stands at the end of the thread instead of a message.
pub(super) fn aside(desk: Desk) -> El {
    // How often it was rated, where it is to be.
    let rated = derived(move || {
        let state = &desk.widget().state;
        let is_over = state.standing.with(|view| view.status == Some(Status::Closed));
        let is_asked = is_over && state.setting(RATING).is_some_and(|rating| rating == true);
        is_asked.then(|| state.rows.with(|rows| ratings(rows)))
    });
    let is_first = derived(move || desk.widget().state.asks_first());
    el("div", "aside")
        .follow_child(move || {
            let form = is_first.get().then(|| desk.widget().state.first_form.get())??;
            Some(draw(desk, "first", &form))
        })
        .follow_child(move || {
            let rating = || draw(desk, RATING, &Value::Null);
            match rated.get()? {
                0 => Some(rating()),
                _ => {
                    let change = el("summary", "").text(&words::say(words::RATE_AGAIN));
                    Some(el("details", "").child(change).child(rating()))
                }
            }
        })
}

/// Ratings since the last message.
fn ratings(rows: &[Row]) -> usize {
    let said = rows.iter().rev().filter(|row| !row.said.asks && !has_failed(row));
    said.take_while(|row| row.said.form.as_deref() == Some(RATING)).count()
}

fn has_failed(row: &Row) -> bool {
    row.look.with(|look| matches!(look.delivery, Delivery::Failed(_)))
}

fn draw(desk: Desk, kind: &'static str, definition: &Value) -> El {
    let text = |name: &str| definition[name].as_str().unwrap_or(RATING).to_owned();
    let (id, title) = (text("id"), text("name"));
    let widget = desk.widget();
    let element = widget.draw_form(kind, &to_js(definition), &to_js(&widget.kept_answers()));
    let (written, sent) = (element.clone(), element.clone());
    El::made(element)
        .on("input", move |_| desk.widget().keep_answers(read(&written, "kept")))
        .on("skip", move |_| desk.widget().start_with(None))
        .on("submit", move |event| {
            event.prevent_default();
            let (widget, answers) = (desk.widget(), read(&sent, "answers"));
            widget.keep_answers(read(&sent, "kept"));
            if kind == "first" {
                return widget.start_with(Some(answers));
            }
            let text = member(&sent, "text").as_string().unwrap_or_default();
            widget.answer(&id, &title, text, answers);
        })
}

/// What the page side has put there.
fn read(form: &Element, name: &str) -> Value {
    to_value(&member(form, name))
}
