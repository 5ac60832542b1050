//! Three dots while somebody of the organization writes, where the next message will stand.

use super::{
    Desk,
    element::{El, el},
    header::avatar,
};
use crate::words;

pub(super) fn typing(desk: Desk) -> Option<El> {
    let name = desk.widget().state.typing.get()?;
    let words = el("span", "hidden").text(&words::say_of(words::TYPING, &name.as_str().into()));
    let dots = (0..3).map(|_| el("i", ""));
    let bubble = el("div", "bubble dots").child(words).children(dots);
    Some(el("div", "row theirs first last typing").child(avatar(desk, move || name.clone())).child(bubble))
}
