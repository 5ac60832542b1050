// The wasm in JavaScript's hands, with all that it asks of the browser, in the page and in an iframe alike. A module of its
// own: one begins to write before it is there. A panic in the wasm is a trap: then nothing in it can be relied on, nobody
// calls it any more, and the page starts another.
import { tint } from "./accent.js";
import { showFile } from "./file.js";
import { createFiles } from "./files.js";
import { createForms } from "./forms.js";
import { createMedia } from "./lazy.js";
import { createPlace } from "./place.js";
import { createSwitches } from "./switches.js";
import { unpack } from "./unpack.js";

/**
 * Starts the widget in `panel`. `parts`: its glue, a module, and its wasm, an answer. `hooks` are those that depend on where
 * it runs: `emit`, `ask`, `storage` and `connect`; `turnAlert(name)` turns one over. `crash()` is told once. Gives its calls
 * and its end; throws when it traps at once.
 */
export const startEngine = async (panel, settings, words, [glue, wasm], hooks, turnAlert, crash) => {
  const { default: instantiate, onTrap, start } = await glue;
  await Promise.all([instantiate({ module_or_path: unpack(wasm) }), words.ready]);
  // `trunk serve` takes the glue as wasm-bindgen wrote it.
  onTrap?.((error) => {
    console.error("web1on1: the chat crashed:", error);
    crash();
  });
  const never = new Promise(() => {}); // the page rejects what was under way
  const call = async (method, args) => {
    if (method == "setLocale") await words.load(args[0]);
    return handle.call(method, args) ?? never; // nothing after a trap
  };
  const { files, end } = createFiles(panel, settings, words, call);
  const all = {
    ...hooks,
    files,
    tint,
    words,
    form: createForms(words, call),
    place: createPlace,
    file: (...about) => showFile(words, ...about),
    media: createMedia(panel, words),
    switches: createSwitches(words, turnAlert),
  };
  let handle;
  try {
    handle = start(panel, settings, all);
  } catch (error) {
    end();
    throw error;
  }
  return {
    call,
    stop() {
      handle.stop();
      end();
    },
  };
};
