//! Short work of the names between glue and wasm. wasm-bindgen ends each in 16 random hex digits, which nothing can
//! compress, and both files carry them: 2 KB together. They become numbers of the same length, so that
//! no offset in the wasm moves.

use std::collections::BTreeSet;

const PREFIX: &str = "__wbg_";

/// Renames the imports in the glue and in the wasm alike.
pub(super) fn shorten(glue: &str, wasm: &[u8]) -> (String, Vec<u8>) {
    let (mut glue, mut wasm) = (glue.to_owned(), wasm.to_vec());
    for (number, name) in imports(&glue).into_iter().enumerate() {
        let short = format!("{number:_>width$}", width = name.len());
        glue = glue.replace(&name, &short);
        replace(&mut wasm, name.as_bytes(), short.as_bytes());
    }
    (glue, wasm)
}

fn imports(glue: &str) -> BTreeSet<String> {
    let words = glue.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$');
    words.filter(|word| word.starts_with(PREFIX) && has_hash(word)).map(str::to_owned).collect()
}

fn has_hash(word: &str) -> bool {
    word.rsplit_once('_')
        .is_some_and(|(_, end)| end.len() == 16 && end.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let mut at = 0;
    while at + old.len() <= bytes.len() {
        if bytes[at..].starts_with(old) {
            bytes[at..at + old.len()].copy_from_slice(new);
            at += old.len();
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_named_alike_on_both_sides_and_keep_their_length() {
        let glue = "{__wbg_call_a410eb4b59ed5965:f,__wbg_ptr:g,__wbg_call_fc92fee6137d452d:h}";
        let wasm = b"\x1c__wbg_call_a410eb4b59ed5965\x00\x1c__wbg_call_fc92fee6137d452d\x00";
        let (glue, wasm) = shorten(glue, wasm);
        let name = |number| format!("{}{number}", "_".repeat(26));
        assert_eq!(glue, format!("{{{}:f,__wbg_ptr:g,{}:h}}", name(0), name(1)));
        assert_eq!(wasm, format!("\x1c{}\x00\x1c{}\x00", name(0), name(1)).into_bytes());
    }
}
