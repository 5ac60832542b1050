//! A panic ends in a trap, which JavaScript gets as an exception: of whoever called into the wasm, mostly the
//! browser with an event, and then it would be an uncaught exception of the page. The widget has told its end by then.

use anyhow::{Result, ensure};

/// How the glue calls a closure (wasm-bindgen 0.2.130).
const CALL: &str = "return f(a, state.b, ...args);\n        } finally {";

/// The same, with the trap caught.
const GUARDED: &str = "return f(a, state.b, ...args);\n        } catch (error) {\n            \
                       if (!(error instanceof WebAssembly.RuntimeError)) throw error;\n        } finally {";

/// Catches traps wherever the browser calls a closure of the wasm.
pub(super) fn catch(glue: &str) -> Result<String> {
    ensure!(glue.contains(CALL), "the glue calls closures in a way that is not known here");
    Ok(glue.replace(CALL, GUARDED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_guarded() {
        let glue = format!("try {{\n            {CALL}\n        }}");
        let guarded = catch(&glue).unwrap();
        assert_eq!(guarded.matches("catch (error)").count(), 1);
        assert_eq!(guarded.matches("finally").count(), 1);
    }

    #[test]
    fn another_glue_is_told() {
        assert!(catch("return f(a, b);").is_err());
    }
}
