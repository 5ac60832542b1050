// The widget's end inside the iframe of `framed.js`. It obeys the page that embeds it, once that has shown itself to be
// one that the organization allows, and knows nothing of the page but what comes over the port.
import { beside } from "./assets.js";
import { drawEarly, sayEarly } from "./early.js";
import { isShown, takeMessages } from "./messages.js";
import { createSockets, join } from "./port.js";
import { createWords } from "./words.js";

/** By one entry of the organization's `allowedOrigins`: an origin, `*.domain` or `*`. */
const allows = (entry, origin) => {
  if (entry == "*") return true;
  if (entry.startsWith("*.")) return new URL(origin).hostname.endsWith(entry.slice(1));
  return new URL(entry).origin == origin;
};

/**
 * Only the page around, only from where the organization allows it (no list: the relay's policy has said who), and
 * where the browser tells who that is, only as that.
 */
const isHandshake = ({ source, origin }) => {
  const entries = JSON.parse(document.querySelector("[name=frontdesk-origins]").content);
  const isAllowed = !entries.length || origin == location.origin || entries.some((entry) => allows(entry, origin));
  return source == parent && source != window && origin == (location.ancestorOrigins?.[0] ?? origin) && isAllowed;
};

const start = async ({ settings, direction, custom = [], stored, kept }, messagePort) => {
  document.dir = direction;
  document.documentElement.lang = settings.locale;
  const panel = document.getElementById("panel");
  const keep = new Map(stored);
  const storage = {
    getItem: (key) => keep.get(key) ?? null,
    setItem(key, value) {
      tell("store", key, value, storage.getItem(key));
      keep.set(key, value);
    },
    removeItem(key) {
      tell("remove", key);
      keep.delete(key);
    },
  };
  const words = createWords();
  words.ready = words.load(settings.locale);
  words.ready.catch(() => {}); // told below
  let engine;
  const call = async (method, args) => engine.call(method, args);
  const sockets = createSockets(
    (...message) => tell(...message),
    (url) => new WebSocket(url),
  );
  const { ask, tell } = join(messagePort, {
    ...sockets.answers,
    call,
    sayEarly: () => sayEarly(panel, (text) => tell("say", text)),
    stored(entries) {
      keep.clear();
      for (const [key, value] of entries) keep.set(key, value);
      call("stored", []).catch(() => {}); // a crash
    },
  });

  tell("here");
  const color = settings.color;
  panel.style.setProperty("--accent", color && CSS.supports("color", color) ? color : "#2f5af5");
  for (const [name, value] of custom) panel.style.setProperty(name, value);
  panel.kept = kept;
  const giveWay = drawEarly(panel, settings, words, () => tell("emit", "close"));
  try {
    const parts = [import(beside("widget.js")), fetch(beside("widget.bin"))];
    Promise.all(parts).catch(() => {}); // told below
    const { startEngine } = await import(beside("engine.js"));
    const hooks = {
      emit: (event, detail) => tell("emit", event, detail),
      ask: (what, args) => ask("ask", what, args),
      storage,
      connect: sockets.connect,
    };
    const turnAlert = (name) => ask("turnAlert", name);
    engine = await startEngine(panel, settings, words, parts, hooks, turnAlert, () => tell("emit", "@crash"));
    giveWay();
  } catch (error) {
    return tell("failed", String(error));
  }
  takeMessages((event) => isShown(event, panel), (method, argument) => call(method, [argument]));
  tell("ready");
};

/** Fills this document with the widget, once the handshake has come. */
export const serve = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("html,body,#panel{height:100%;margin:0}#panel{--least:0}");
  document.adoptedStyleSheets = [sheet];
  const greet = (event) => {
    if (!isHandshake(event) || typeof event.data != "string" || event.ports.length != 1) return;
    let handshake;
    try {
      handshake = JSON.parse(event.data);
    } catch {} // not for us
    if (handshake?.frontdesk != 1) return;
    removeEventListener("message", greet);
    start(handshake, event.ports[0]);
  };
  addEventListener("message", greet);
};
