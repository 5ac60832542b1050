// The widget in the page itself, inside the loader's shadow root.
import { beside } from "./assets.js";
import { drawEarly, sayEarly } from "./early.js";
import { share } from "./tabs.js";

const load = (lives, styles) => [
  fetch(beside("widget.bin")),
  styles,
  // A module of another address is another one, with an instance of its own; the fragment is not sent.
  import(beside("widget.js") + "#" + lives),
];

/** Gives the running widget. `parts` are the loader's, for the first one: the wasm, the styles and the glue. */
export const runInline = async (panel, settings, { emit, ask, say, turnAlert, storage, lives, parts, words }) => {
  const module = import(beside("engine.js"));
  const [wasm, styles, glue] = lives ? load(lives, parts[1]) : parts;
  Promise.all([module, glue, wasm]).catch(() => {}); // told where each is awaited
  const sheet = await styles;
  if (!(sheet instanceof CSSStyleSheet)) throw new Error(`${sheet.url}: ${sheet.status}`);
  const root = panel.getRootNode();
  root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet])];
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
