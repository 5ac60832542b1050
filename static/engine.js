// The wasm in JavaScript's hands, in the page and in an iframe alike. A panic in it is a trap: then nothing in it can be
// relied on, nobody calls it any more, and the page starts another.

/**
 * Starts the widget of the module `glue` in `panel`. `crash()` is told once. Gives its calls and its end; throws when it
 * traps at once.
 */
export const startEngine = (glue, panel, settings, hooks, crash) => {
  // `trunk serve` takes the glue as wasm-bindgen wrote it.
  glue.onTrap?.((error) => {
    console.error("web1on1: the chat crashed:", error);
    crash();
  });
  const handle = glue.start(panel, settings, hooks);
  const never = new Promise(() => {}); // the page rejects what was under way
  return {
    async call(method, args) {
      if (method == "setLocale") await hooks.words.load(args[0]);
      return handle.call(method, args) ?? never; // nothing after a trap
    },
    stop: () => handle.stop(),
  };
};
