// The widget in the page itself, inside the loader's shadow root.
import { beside } from "./assets.js";
import { share } from "./tabs.js";

const load = (crashes) =>
  // A module of another address is another one, with an instance of its own; the fragment is not sent.
  Promise.allSettled([import(beside("widget.js") + "#" + crashes), fetch(beside("widget_bg.wasm")), fetch(beside("widget.css"))]);

const sheets = new WeakMap(); // of a shadow root

/** Gives the running widget. `parts` are the loader's, for the first one. */
export const runInline = async (panel, settings, { emit, ask, storage, crashes, parts }) => {
  const [glue, wasm, css] = (await (crashes ? load(crashes) : parts)).map(({ value, reason }) => {
    if (reason) throw reason;
    return value;
  });
  const root = panel.getRootNode();
  if (!sheets.has(root)) {
    if (!css.ok) throw new Error(`${css.url}: ${css.status}`);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await css.text());
    sheets.set(root, sheet);
  }
  root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheets.get(root)])];
  await glue.default({ module_or_path: wasm });

  let handle;
  const call = async (method, args) => handle.call(method, args);
  const welcome = (last) => call("welcome", [last]);
  handle = glue.start(panel, settings, {
    emit,
    ask,
    storage,
    connect: (url, person) => share(url, person, welcome, (url) => new WebSocket(url)),
  });
  return {
    call,
    stored: () => call("stored", []),
    focus() {}, // its own affair
    stop: () => handle.stop(),
  };
};
