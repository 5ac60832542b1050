// The widget in the page itself, inside the loader's shadow root.
import { tint } from "./accent.js";
import { beside } from "./assets.js";
import { drawEarly, sayEarly } from "./early.js";
import { startEngine } from "./engine.js";
import { showFile } from "./file.js";
import { createForms } from "./forms.js";
import { createFiles } from "./files.js";
import { createMedia } from "./lazy.js";
import { createPlace } from "./place.js";
import { createSwitches } from "./switches.js";
import { share } from "./tabs.js";
import { unpack } from "./unpack.js";

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
  const [glue, wasm, css] = lives ? load(lives) : parts;
  await style(panel.getRootNode(), css);
  // Later the widget is at hand.
  const giveWay = lives ? undefined : drawEarly(panel, settings, words, () => emit("close"));
  const widget = await glue;
  await Promise.all([widget.default({ module_or_path: unpack(wasm) }), words.ready]);

  let engine, socket;
  const call = (method, args) => engine.call(method, args);
  const welcome = (last) => call("welcome", [last]);
  const { files, end } = createFiles(panel, settings, words, call);
  const hooks = {
    emit,
    ask,
    files,
    storage,
    tint,
    words,
    form: createForms(words, call),
    place: createPlace,
    file: (...about) => showFile(words, ...about),
    media: createMedia(panel, words),
    switches: createSwitches(words, turnAlert),
    connect: (url, person) => (socket = share(url, person, welcome, (url) => new WebSocket(url))),
  };
  try {
    engine = startEngine(widget, panel, settings, hooks, () => emit("@crash"));
  } catch (error) {
    socket?.close();
    end();
    throw error;
  }
  giveWay?.();
  return {
    call,
    sayEarly: () => sayEarly(panel, say),
    stored: () => call("stored", []),
    focus() {}, // its own affair
    stop() {
      engine.stop();
      end();
      socket?.close(); // after a crash nobody else does
    },
  };
};
