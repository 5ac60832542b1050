//! What wasm-bindgen (0.2.130) writes between JavaScript and the wasm, without what only other browsers, servers or
//! callers need. The browsers are those that know the colours of the widget's styles (`light-dark()`).

use anyhow::{Context, Result, ensure};

use super::names;

/// A part from its beginning to its end, and what stands in its place.
type Part = (&'static str, &'static str, &'static str);

const PARTS: &[Part] = &[
    // `static/unpack.js` gives the bytes of the module.
    (
        "let wasmModule, wasmInstance, wasm;\n",
        "export { initSync, __wbg_init as default };\n",
        "let wasm;
export default async function init({ module_or_path }) {
    const { instance } = await WebAssembly.instantiate(await module_or_path, __wbg_get_imports());
    wasm = instance.exports;
    wasm.__wbindgen_start();
}
",
    ),
    // Around a function once, and not around each call of it.
    (
        "function handleError(f, args) {\n",
        "\n}\n",
        "function caught(run) {
    return (...args) => {
        try {
            return run(...args);
        } catch (e) {
            wasm.__wbindgen_exn_store(addToExternrefTable0(e));
        }
    };
}
",
    ),
    // A view is cheap to make, and what tells whether an old one still holds is not short.
    (
        "let cachedDataViewMemory0 = null;\n",
        "\n}\n",
        "function getDataViewMemory0() {\n    return new DataView(wasm.memory.buffer);\n}\n",
    ),
    (
        "let cachedUint8ArrayMemory0 = null;\n",
        "\n}\n",
        "function getUint8ArrayMemory0() {\n    return new Uint8Array(wasm.memory.buffer);\n}\n",
    ),
    // The texts are short: nothing is gained by writing them in place.
    (
        "function passStringToWasm0(arg, malloc, realloc) {\n",
        "\n}\n",
        "function passStringToWasm0(arg) {
    const buf = cachedTextEncoder.encode(arg);
    const ptr = wasm.__wbindgen_malloc(buf.length, 1);
    getUint8ArrayMemory0().set(buf, ptr);
    WASM_VECTOR_LEN = buf.length;
    return ptr;
}
",
    ),
    ("if (!('encodeInto' in cachedTextEncoder)) {\n", "\n}\n", ""),
    // The one handle lives as long as its module, and nobody frees it.
    (
        "    static __wrap(ptr) {\n",
        "        wasm.__wbg_handle_free(ptr, 0);\n    }\n",
        "    constructor(ptr) {\n        this.__wbg_ptr = ptr;\n    }\n",
    ),
    ("if (Symbol.dispose) Handle.", "\n", ""),
    ("const HandleFinalization = ", ";\n", ""),
    (
        "const CLOSURE_DTORS = (typeof FinalizationRegistry === 'undefined')\n",
        "    : ",
        "const CLOSURE_DTORS = ",
    ),
];

/// Phrases, wherever they stand.
const PHRASES: &[(&str, &str)] = &[
    ("Handle.__wrap(", "new Handle("),
    (", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)", ")"),
    // No address is beyond two gigabytes.
    (" >>> 0", ""),
];

/// Before the name of each function of the wasm that only closures call.
const CLOSURE: &str = "function wasm_bindgen_";

pub(super) fn trim(glue: &str) -> Result<String> {
    let mut trimmed = glue.to_owned();
    for part in PARTS {
        trimmed = replace(&trimmed, part)?;
    }
    for (old, new) in PHRASES {
        trimmed = trimmed.replace(old, new);
    }
    let trimmed: String = trimmed.split_inclusive('\n').map(arrow).collect();
    Ok(direct(trimmed))
}

fn replace(glue: &str, (start, end, new): &Part) -> Result<String> {
    let parts: Vec<&str> = glue.split(start).collect();
    ensure!(parts.len() == 2, "`{}` stands {} times in the glue, not once", start.trim(), parts.len() - 1);
    let rest = parts[1].split_once(end).with_context(|| format!("nothing ends `{}`", start.trim()))?.1;
    Ok([parts[0], new, rest].concat())
}

/// A line of a function that the wasm imports: none of them has a `this`.
fn arrow(line: &str) -> String {
    if line == "        }, arguments); },\n" {
        return "        }),\n".to_owned();
    }
    if let Some((name, rest)) = line.split_once(": function() { return handleError(function (") {
        return [name, ": caught((", &rest.replacen(") {", ") => {", 1)].concat();
    }
    match line.split_once(": function(") {
        Some((name, rest)) => [name, ": (", &rest.replacen(") {", ") => {", 1)].concat(),
        None => line.to_owned(),
    }
}

/// Closures call the wasm's own functions, and not one each that does nothing else.
fn direct(glue: String) -> String {
    let Some((before, rest)) = glue.split_once(CLOSURE) else { return glue };
    let (Some((name, _)), Some((_, after))) = (rest.split_once('('), rest.split_once("\n}\n")) else {
        return glue;
    };
    let name = format!("wasm_bindgen_{name}");
    let rest = [before, after].concat();
    direct(names::replace(&rest, |before, word, _| {
        (word == name && !before.ends_with("wasm.")).then(|| format!("wasm.{name}"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_arrows_and_catch_by_one_function() {
        let glue = [
            "        __wbg_a: function(arg0) {\n            const ret = arg0.a;\n            return ret;\n        },\n",
            "        __wbg_b: function() { return handleError(function (arg0, arg1) {\n            arg0.b(arg1);\n",
            "        }, arguments); },\n",
        ];
        let arrows: String = glue.concat().split_inclusive('\n').map(arrow).collect();
        assert_eq!(
            arrows,
            "        __wbg_a: (arg0) => {\n            const ret = arg0.a;\n            return ret;\n        },\n        \
             __wbg_b: caught((arg0, arg1) => {\n            arg0.b(arg1);\n        }),\n"
        );
    }

    #[test]
    fn closures_call_the_wasm_itself() {
        let glue = "make(arg0, wasm_bindgen_1_invoke);\n\
                    function wasm_bindgen_1_invoke(arg0) {\n    wasm.wasm_bindgen_1_invoke(arg0);\n}\n\
                    make(arg0, wasm_bindgen_1_invoke_2);\n";
        assert_eq!(
            direct(glue.to_owned()),
            "make(arg0, wasm.wasm_bindgen_1_invoke);\nmake(arg0, wasm_bindgen_1_invoke_2);\n"
        );
    }

    #[test]
    fn parts_are_replaced_from_beginning_to_end() {
        let part = ("function a() {\n", "\n}\n", "const a = 1;\n");
        let glue = "let b;\nfunction a() {\n    return 1;\n}\nlet c;\n";
        assert_eq!(replace(glue, &part).unwrap(), "let b;\nconst a = 1;\nlet c;\n");
    }

    #[test]
    fn another_glue_is_told() {
        assert!(trim("let wasm;\n").unwrap_err().to_string().contains("stands 0 times in the glue"));
    }
}
