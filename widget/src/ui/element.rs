//! Elements, made and changed by hand; effects say when. One function serves all shapes of element.

use crate::{
    browser::{self, Listener},
    reactive::{effect, keep},
};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Node};

/// An element in the making. Its listeners and effects end with the scope in which it was made.
#[derive(Clone)]
pub(super) struct El(Element);

pub(super) fn el(tag: &str, class: &str) -> El {
    let el = El(browser::document().create_element(tag).unwrap_or_else(|_| not_a_name(tag)));
    // What has a class can be styled by the site as well.
    if class.is_empty() { el } else { el.attr("class", class).attr("part", class) }
}

/// A part of a drawing.
pub(super) fn svg(tag: &str) -> El {
    let namespace = Some("http://www.w3.org/2000/svg");
    El(browser::document().create_element_ns(namespace, tag).unwrap_or_else(|_| not_a_name(tag)))
}

impl El {
    /// One that was made elsewhere.
    pub(super) fn of(element: Element) -> Self {
        Self(element)
    }

    /// The element, as what its tag makes it.
    pub(super) fn node<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    pub(super) fn attr(self, name: &str, value: &str) -> Self {
        set_attribute(&self.0, name, Some(value));
        self
    }

    pub(super) fn text(self, text: &str) -> Self {
        insert(&self.0, &browser::document().create_text_node(text), None);
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "a child is given away: it has one place")]
    pub(super) fn child(self, child: Self) -> Self {
        insert(&self.0, &child.0, None);
        self
    }

    pub(super) fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    pub(super) fn on(self, event: &'static str, react: impl FnMut(Event) + 'static) -> Self {
        keep(Box::new(Listener::new(&self.0, event, react)));
        self
    }

    pub(super) fn on_click(self, mut react: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| react())
    }

    /// An attribute that follows what `value` reads; absent while that is nothing.
    pub(super) fn follow(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        effect(move || set_attribute(&element, name, value().as_deref()));
        self
    }

    /// A text that follows what `value` reads.
    pub(super) fn follow_text(self, value: impl Fn() -> String + 'static) -> Self {
        let text = browser::document().create_text_node("");
        insert(&self.0, &text, None);
        effect(move || text.set_data(&value()));
        self
    }

    /// A child that is made anew whenever what `make` reads changes.
    pub(super) fn follow_child(self, make: impl Fn() -> Option<Self> + 'static) -> Self {
        self.follow_made(Box::new(make))
    }

    fn follow_made(self, make: Box<dyn Fn() -> Option<Self>>) -> Self {
        // Marks the place.
        let place = browser::document().create_text_node("");
        insert(&self.0, &place, None);
        let parent = self.0.clone();
        let shown = RefCell::new(None::<Self>);
        effect(move || {
            let new = make();
            if let Some(old) = shown.replace(new.clone()) {
                old.0.remove();
            }
            if let Some(new) = new {
                insert(&parent, &new.0, Some(&place));
            }
        });
        self
    }

    pub(super) fn remove(&self) {
        self.0.remove();
    }

    /// Puts it right before `next`, or at the end; one that stands there already is not touched.
    pub(super) fn place(&self, parent: &Node, next: Option<&Node>) {
        if self.0.parent_node().is_none() || self.0.next_sibling().as_ref() != next {
            insert(parent, &self.0, next);
        }
    }
}

/// Every tag stands in this module's callers, and none has a space in it.
fn not_a_name(tag: &str) -> ! {
    unreachable!("{tag} is a name")
}

fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    // Fails for what is no name.
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

fn insert(parent: &Node, node: &Node, next: Option<&Node>) {
    // Fails for a parent inside its child, and for a `next` elsewhere.
    let _ = parent.insert_before(node, next);
}
