// The widget in the page itself, inside the loader's shadow root.
import { beside } from "./assets.js";
import { drawEarly, sayEarly } from "./early.js";
import { share } from "./tabs.js";

const load = (lives) => [
  // A module of another address is another one, with an instance of its own; the fragment is not sent.
  import(beside("widget.js") + "#" + lives),
  fetch(beside("widget.bin")),
  fetch(beside("widget.css")),
];

const sheets = new WeakMap(); // of a shadow root

const style = async (root, css) => {
  if (!sheets.has(root)) {
    const answer = await css;
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await answer.text());
    sheets.set(root, sheet);
  }
  root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheets.get(root)])];
};

/** Gives the running widget. `parts` are the loader's, for the first one. */
export const runInline = async (panel, settings, { emit, ask, say, turnAlert, storage, lives, parts, words }) => {
  const module = import(beside("engine.js"));
  const [glue, wasm, css] = lives ? load(lives) : parts;
  Promise.all([module, glue, wasm, css]).catch(() => {}); // told where each is awaited
  await style(panel.getRootNode(), css);
  // Later the widget is at hand.
  const giveWay = lives ? undefined : drawEarly(panel, settings, words, () => emit("close"));
  const { startEngine } = await module;

  let engine, socket;
  const welcome = (last) => engine.call("welcome", [last]);
  const hooks = {
    emit,
    ask,
    storage,
    connect: (url, person) => (socket = share(url, person, welcome, (url) => new WebSocket(url))),
  };
  try {
    engine = await startEngine(panel, settings, words, [glue, wasm], hooks, turnAlert, () => emit("@crash"));
  } catch (error) {
    socket?.close();
    throw error;
  }
  giveWay?.();
  return {
    call: engine.call,
    sayEarly: () => sayEarly(panel, say),
    stored: () => engine.call("stored", []),
    focus() {}, // its own affair
    stop() {
      engine.stop();
      socket?.close(); // after a crash nobody else does
    },
  };
};
