//! SHA-256 of contents, where a name or a stamp must follow from them.

use sha2::{Digest, Sha256};

/// 64 hex digits.
pub(crate) fn of(content: impl AsRef<[u8]>) -> String {
    of_parts([content])
}

/// Of a list: no two lists run together to the same digest, because each part goes in after its length.
pub(crate) fn of_parts(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_do_not_run_together() {
        assert_ne!(of_parts(["ab", "c"]), of_parts(["a", "bc"]));
        assert_eq!(of("abc").len(), 64);
    }
}
