//! A panic ends in a trap, which JavaScript gets as an exception: of whoever called into the wasm, mostly the
//! browser with an event, and then it would be an uncaught exception of the page. So every function of the wasm is
//! called through one of the glue's, which tells the end once, and calls nothing that has ended.

use anyhow::{Result, ensure};

/// Where the glue takes the functions of the wasm (wasm-bindgen 0.2.130).
const EXPORTS: &str = "wasm = instance.exports;";

/// The same, guarded.
const GUARDED: &str = "wasm = guarded(instance.exports);";

/// `static/engine.js` says who is told.
const GUARD: &str = "
let hasEnded, tell = () => {};
export function onTrap(react) {
    tell = react;
}
function guarded(exports) {
    const guard = (run) => (...args) => {
        if (hasEnded) return;
        try {
            return run(...args);
        } catch (error) {
            if (!(error instanceof WebAssembly.RuntimeError)) throw error;
            if (hasEnded) return;
            hasEnded = true;
            tell(error);
        }
    };
    const entry = ([name, value]) => [name, typeof value == 'function' ? guard(value) : value];
    return Object.fromEntries(Object.entries(exports).map(entry));
}
";

/// Catches traps wherever JavaScript calls into the wasm.
pub(super) fn catch(glue: &str) -> Result<String> {
    ensure!(
        glue.matches(EXPORTS).count() == 1,
        "the glue takes the wasm's functions in a way that is not known here"
    );
    Ok([&glue.replace(EXPORTS, GUARDED), GUARD].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_guarded() {
        let glue = catch(&format!("function finalize() {{ {EXPORTS} }}")).unwrap();
        assert!(glue.starts_with(&format!("function finalize() {{ {GUARDED} }}")));
        assert!(glue.ends_with(GUARD));
    }

    #[test]
    fn another_glue_is_told() {
        assert!(catch("wasm = exports;").is_err());
    }
}
