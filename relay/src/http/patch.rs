//! PATCH replaces the members that it names, whole. `null` is a value like any other: it clears a member
//! that can be absent and is refused for one that cannot.

use serde::{Deserialize, Deserializer};

/// For members of a patch: `#[serde(default, deserialize_with = "given")]`. Absent stays `None`.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Replaces the member where the patch names it.
pub(super) fn replace<T>(member: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *member = value;
    }
}
