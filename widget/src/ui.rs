//! The panel: header, thread, composer. It reads the state and hands every gesture to the widget.

mod carousel;
mod composer;
mod content;
mod element;
mod form;
mod header;
mod icons;
mod list;
mod menu;
mod message;
mod offers;
mod page;
mod quote;
mod thread;
mod typing;

use crate::{
    browser::{self, Listener},
    reactive::{effect, keep},
    settings::Theme,
    state::{Connection, derived},
    widget::Widget,
    words,
};
use element::{El, el};
use shared::{ErrorCode, conversation::Status};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent};

/// What every part of the view has at hand. A number, for it is in every closure.
#[derive(Clone, Copy)]
struct Desk(usize);

thread_local! {
    /// The widgets in view, by their desks.
    static WIDGETS: RefCell<Vec<Option<Rc<Widget>>>> = RefCell::default();
}

impl Desk {
    /// Until the current scope ends.
    fn of(widget: Rc<Widget>) -> Self {
        let desk = WIDGETS.with_borrow_mut(|widgets| {
            widgets.push(Some(widget));
            Self(widgets.len() - 1)
        });
        keep(Box::new(Cleared(desk)));
        desk
    }

    /// What to show, and who takes the gestures.
    fn widget(self) -> Rc<Widget> {
        WIDGETS.with_borrow(|widgets| widgets[self.0].clone()).expect("a view ends before its widget")
    }
}

struct Cleared(Desk);

impl Drop for Cleared {
    fn drop(&mut self) {
        WIDGETS.with_borrow_mut(|widgets| widgets[self.0.0].take());
    }
}

/// Shows the widget in `host`. Gives its one element, which reacts until the current scope ends.
pub(crate) fn mount(widget: &Rc<Widget>, host: &HtmlElement) -> HtmlElement {
    let desk = Desk::of(widget.clone());
    let settings = &widget.settings;
    let is_closable = !settings.embedded;
    let place = match (settings.embedded || settings.framed, settings.on_left) {
        (true, _) => "panel embedded",
        (false, true) => "panel left",
        (false, false) => "panel right",
    };
    let panel = el("section", place).follow("class", move || {
        let theme = match desk.widget().state.theme.get() {
            Theme::Auto => "",
            Theme::Light => " light",
            Theme::Dark => " dark",
        };
        Some([place, theme].concat())
    });
    let element: HtmlElement = panel.node();
    // First of all: what has no place in the page has no style and takes no focus.
    panel.place(host, None);
    panel
        .attr("role", if settings.embedded { "region" } else { "dialog" })
        .attr("tabindex", "-1")
        .follow("aria-label", move || Some(desk.widget().state.name()))
        .follow("dir", move || desk.widget().state.locale.with(|_| words::direction()))
        .on("keydown", move |event| take_key(desk, &event))
        .on("keypress", |event| event.stop_propagation())
        .on("keyup", |event| event.stop_propagation())
        .follow_child(move || desk.widget().state.locale.with(|_| Some(header::header(desk, is_closable))))
        .follow_child(move || desk.widget().state.locale.with(|_| Some(conversation(desk))))
        .child(
            el("div", "hidden")
                .attr("aria-live", "polite")
                .follow_text(move || desk.widget().state.announcement.get()),
        );
    let shaded = element.clone();
    effect(move || {
        // The page's colour goes before the organization's.
        let chosen = desk.widget().settings.color.is_some();
        let color = if chosen { None } else { header::setting(desk, "color") };
        desk.widget().tint(&shaded, color.as_deref());
    });
    if !settings.embedded {
        follow_focus(desk, element.clone());
    }
    element
}

/// The thread and the composer; or why there is none.
fn conversation(desk: Desk) -> El {
    if let Some(code) = desk.widget().state.refusal.get() {
        return refusal(code);
    }
    let asks_first = derived(move || desk.widget().state.asks_first());
    let footer = el("div", "footer")
        .child(
            el("div", "")
                .attr("role", "status")
                .follow_child(move || banner(desk))
                .follow_child(move || ended(desk)),
        )
        .follow_child(move || offers::quick_replies(desk))
        .follow_child(move || away(desk))
        .follow_child(move || (!asks_first.get()).then(|| composer::composer(desk)));
    el("div", "conversation").child(thread::thread(desk)).child(footer)
}

/// What happens to what one writes, for as long as the relay is away.
fn banner(desk: Desk) -> Option<El> {
    let name = match desk.widget().state.connection.get() {
        Connection::Offline => words::OFFLINE,
        Connection::Reconnecting => words::RECONNECTING,
        Connection::Fine => desk.widget().state.notice.get()?,
    };
    Some(el("p", "banner").child(icons::icon(icons::CLOCK)).text(&words::say(name)))
}

/// One may write to those who are away.
fn away(desk: Desk) -> Option<El> {
    desk.widget().state.away.with(|away| {
        let (_, words) = away.as_ref()?;
        Some(el("p", "away").attr("dir", "auto").text(words))
    })
}

/// The conversation is over, until the visitor writes again.
fn ended(desk: Desk) -> Option<El> {
    let is_over = desk.widget().state.standing.with(|standing| standing.status == Some(Status::Closed));
    is_over.then(|| el("p", "ended").text(&words::say(words::CLOSED)))
}

fn refusal(code: ErrorCode) -> El {
    let (title, advice) = words::refused(code);
    el("div", "refusal")
        .attr("role", "alert")
        .child(icons::icon(icons::ALERT))
        .child(el("h3", "").text(&words::say(title)))
        .child(el("p", "").text(&words::say(advice)))
}

/// In a frame, the page gives the focus to the frame, or does not: then it waits until the visitor comes in.
fn follow_focus(desk: Desk, panel: HtmlElement) {
    let waits = Rc::new(Cell::new(false));
    if desk.widget().settings.framed {
        let (panel, waits) = (panel.clone(), waits.clone());
        let come_in = move |_| {
            if waits.take() {
                focus(&panel);
            }
        };
        keep(Box::new(Listener::new(&browser::window(), "focus", come_in)));
    }
    effect(move || {
        let is_opened = desk.widget().state.opened.get();
        let is_elsewhere = desk.widget().settings.framed && !browser::has_focus();
        waits.set(is_opened && is_elsewhere);
        if is_opened && !is_elsewhere {
            focus(&panel);
        }
    });
}

/// Opening leads to the field; where that would raise a keyboard, to the panel. It takes nobody out of a field
/// of the page.
fn focus(panel: &HtmlElement) {
    if browser::is_writing() {
        return;
    }
    let field = panel.query_selector("textarea").ok().flatten().filter(|_| browser::has_fine_pointer());
    let target = field.map_or_else(|| panel.clone(), JsCast::unchecked_into);
    // Fails for no element.
    let _ = target.focus();
}

/// The page's own shortcuts are not meant here.
fn take_key(desk: Desk, event: &Event) {
    event.stop_propagation();
    let event: &KeyboardEvent = event.unchecked_ref();
    if event.key() == "Escape" && !event.is_composing() {
        desk.widget().dismiss();
    }
}
