// The widget in an iframe of the relay's origin, for pages whose policy forbids WebAssembly. The page and `serve.js`
// know each other by one handshake; from then on they speak over its MessagePort alone. What tabs share is on this
// side: browsers deny locks and channels to frames of another site.
import { plain } from "./actions.js";
import { stringify } from "./json.js";
import { createSockets, join } from "./port.js";
import { share } from "./tabs.js";

/** Milliseconds that a loaded iframe has to answer: it is there, or the browser shows an error in its place. */
const PATIENCE = 3_000;

/** What a site may set on the chat's element: custom properties reach a shadow root, and no iframe. */
const CUSTOM = ["font", "radius", "panel-radius", "ground", "surface", "ink"].map((name) => "--chat-" + name);

/** Gives the running widget. */
export const runFramed = (panel, settings, { emit, ask, say, turnAlert, storage, key, words }) =>
  new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    let port, patience, isReady;

    const welcome = (last) => port.ask("call", "welcome", [last]);
    const sockets = createSockets(
      (...message) => port.tell(...message),
      (url, person) => share(url, person, welcome, sockets.connect),
    );

    // It loads again whenever the page moves it, as a page does that swaps its body: then it is a new widget.
    frame.onload = () => {
      if (isReady) return emit("@moved");
      const { port1, port2 } = new MessageChannel();
      clearTimeout(patience);
      patience = setTimeout(async () => reject(await reason(frame.src)), PATIENCE);
      port = join(port1, {
        ...sockets.answers,
        here() {
          clearTimeout(patience);
          handle.focus(!panel.hidden && !settings.embedded);
        },
        ready() {
          isReady = true;
          resolve(handle);
        },
        failed: (message) => reject(new Error(message)),
        emit,
        ask,
        say,
        turnAlert,
        // Another tab may have been faster: then this one has to know first.
        store: (key, value, last) => (storage.getItem(key) == last ? storage.setItem(key, value) : handle.stored()),
        remove: (key) => storage.removeItem(key),
      });
      const style = getComputedStyle(panel);
      const custom = CUSTOM.map((name) => [name, style.getPropertyValue(name)]);
      // Without consent nothing is even read.
      const stored = /required|denied/.test(settings.consent) ? [] : storage.entries(key);
      const handshake = stringify({ frontdesk: 1, settings, direction: style.direction, custom, stored, kept: panel.kept });
      frame.contentWindow.postMessage(handshake, settings.relay, [port2]);
    };

    const handle = {
      call: (method, args) => port.ask("call", method, args.map(plain)),
      sayEarly: () => port.tell("sayEarly"),
      stored: () => port.tell("stored", storage.entries(key)),
      focus: (isOpened) => isOpened && !isWriting() && frame.getRootNode().activeElement != frame && frame.focus(),
      stop() {
        frame.onload = undefined;
        sockets.end();
        frame.remove();
      },
    };
    words.ready.then(() => (frame.title = words.say("chat")), () => {}); // told by who needs them
    frame.src = `${settings.relay}/frame/${settings.organization}`;
    panel.append(frame);
  });

/** Why there is no chat in the iframe: a browser does not say, the relay does. */
const reason = async (address) => {
  const asked = fetch(address, { signal: AbortSignal.timeout(PATIENCE) }).then((response) => response.json());
  const { code, message } = (await asked.catch(() => {}))?.error ?? { message: `There is no chat at ${address}` };
  return Object.assign(new Error(message), { code });
};

/** Nobody is taken out of a field. */
const isWriting = () => document.activeElement?.matches("input, textarea, select, [contenteditable]");
