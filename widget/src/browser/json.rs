//! The JSON of a value that a page gives.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Nothing for what has no JSON, such as `undefined`, a function, or an object inside itself.
///
/// Prototype.js 1.6 makes a string of every array, by an `Array.prototype.toJSON` of its own: that is put aside
/// meanwhile.
pub(crate) fn json(value: &JsValue) -> Option<String> {
    let prototype = Object::get_prototype_of(&Array::new());
    let name = "toJSON".into();
    let theirs = Object::get_own_property_descriptor(&prototype, &name);
    let is_patched = !theirs.is_undefined() && Reflect::delete_property(&prototype, &name).unwrap_or(false);
    let json = JSON::stringify(value);
    if is_patched {
        Object::define_property(&prototype, &name, theirs.unchecked_ref());
    }
    json.ok()?.as_string()
}
