// What the loader fetches with the widget: it runs the widget in the page (`inline`) or in an iframe of the relay's
// origin (`frame`), and again after a crash; it carries the page's calls to it, and its events to the page.
import { createActions } from "./actions.js";
import { createAlerts } from "./alerts.js";
import { runFramed } from "./framed.js";
import { runInline } from "./inline.js";
import { later } from "./lazy.js";
import { dispatch, isShown, takeMessages } from "./messages.js";
import { coverPage } from "./phone.js";
import { openStorage } from "./storage.js";
import { isLeading } from "./tabs.js";
import { countInTitle } from "./title.js";
import { writeTranscript } from "./transcript.js";
import { createWords, localeOf } from "./words.js";

export { serve } from "./serve.js";
export { shout } from "./shoutout.js";

/** A widget that crashes more often has a reason that a new start does not cure. */
const RESTARTS = 3;

const STYLE = `
#launcher{transition:transform .12s cubic-bezier(.2,.8,.2,1)}
#launcher:hover{transform:scale(1.05)}
#launcher:active{transform:scale(.95)}
#launcher.busy:before{opacity:.5}
#launcher.on:before{clip-path:path("M5 11l2-2 7 7 7-7 2 2-9 9z")}
@media(max-width:479px){#launcher.on{display:none}}
@media(prefers-reduced-motion){#launcher{transition:none}}
#panel>iframe{all:initial;color-scheme:normal;position:fixed;inset-block-end:calc(max(20px,env(safe-area-inset-bottom)) + 68px);right:20px;inline-size:min(var(--chat-width,392px),100vw - 40px);block-size:min(var(--chat-height,704px),100dvh - 104px);border-radius:var(--chat-panel-radius,16px);box-shadow:0 4px 12px #10182814,0 16px 48px #1018282e}
:host(.left) #panel>iframe{right:auto;left:20px}
:host(.embedded) #panel{height:100%}
:host(.embedded) #panel>iframe{position:static;display:block;inline-size:100%;block-size:100%;min-block-size:320px;border-radius:0;box-shadow:none}
@media(max-width:479px){:host(:not(.embedded)) #panel>iframe{inset:var(--view-top,0) 0 auto;inline-size:100vw;block-size:var(--view-height,100dvh);border-radius:0;box-shadow:none}}`;

/**
 * Starts the widget for the loader, which gives: its element, the settings, the widget's files under way (none: in an
 * iframe), what the page has registered with `actions`, and its own functions.
 */
export const start = async (host, settings, parts, kept, turn, emit, fail, endBy) => {
  const root = host.shadowRoot;
  const [launcher, panel] = root.querySelectorAll("#launcher, #panel");
  const badge = launcher.firstElementChild;
  const isEmbedded = !!settings.container;
  const storage = openStorage(settings.storage);
  const key = "frontdesk:" + settings.organization;
  const under = new Set(); // how to reject the calls under way
  let widget, arrive, refuse; // a promise of the one that runs
  let running; // it, unless it is starting
  let lives = 0, crashes = 0, unread = 0, isFramed = !parts, isOver, isBehind;
  let opener = document.activeElement;
  let shown = Promise.resolve(); // once it is open or closed as the page wanted it

  const words = createWords();
  words.ready = words.load(localeOf(settings));
  words.ready.then(() => draw(), () => {}); // who needs them tells

  const isOpened = () => !panel.hidden;
  const phone = isEmbedded ? undefined : coverPage(host, isOpened);

  /** Who was in the chat is back where they came from. */
  const leave = () => document.activeElement == host && (launcher.hidden ? opener : launcher)?.focus();

  // Calls.

  const call = async (method, args) => {
    const { call } = await widget;
    return new Promise((resolve, reject) => {
      under.add(reject);
      const settle = (how) => (value) => under.delete(reject) && how(value);
      call(method, args).then(settle(resolve), settle(reject));
    });
  };

  const actions = createActions(call, kept);
  const alerts = createAlerts(settings, words, call, () => methods.show(true));

  /** The calls that are not the widget's own. */
  const methods = {
    invokeAction: actions.invoke,
    show(value) {
      const change = () => isOpened() != value && actions.invoke(value ? "ToggleChatVisibility" : "MinimizeChat");
      return (shown = shown.catch(() => {}).then(change));
    },
    async adjust(setting, value) {
      if (setting == "identity") return value ? call("identify", [value]) : call("logout", []);
      // What is kept already may be read from here on.
      if (setting == "consent") running?.stored();
      if (setting == "locale") {
        await words.load(value);
        draw();
        if (hours) followHours(hours.given);
      }
      return call({ locale: "setLocale", theme: "setTheme", consent: "consent" }[setting], [value]);
    },
    downloadTranscript: async (format) => writeTranscript(await call("messages", []), format, words),
  };

  const push = ([method, args, resolve, reject]) => {
    if (actions.take(method, args)) return;
    const answer = Object.hasOwn(methods, method) ? methods[method](...args) : call(method, args);
    answer.then(resolve, reject);
  };

  // Events.

  const draw = () => {
    if (isOver) return; // the loader's again
    launcher.ariaLabel = (unread ? words.say("chatUnread", unread) : words.say("chat")) || "Chat";
    badge.textContent = unread > 9 ? "9+" : unread || "";
    phone?.fit();
  };

  const toParent = /\bparent\b/.test(settings.allowMessages) && parent != window;

  const told = new Set(); // a widget that starts again tells its events again

  const tellSite = ({ id, payload }) => {
    if (told.has(id)) return;
    told.add(id);
    if (!toParent) return dispatch(window, origin == "null" ? "/" : origin, payload);
    const { ancestorOrigins } = location;
    dispatch(parent, ancestorOrigins ? ancestorOrigins[0] : new URL(document.referrer).origin, payload);
  };

  let hours; // the organization's; how to stop following them

  const followHours = async (given) => {
    hours?.end();
    const mine = (hours = { given, end() {} });
    if (!given) return call("away", []);
    const { follow } = await later();
    if (mine == hours) hours.end = follow(given, words, (...away) => call("away", away).catch(() => {}));
  };

  const saveTranscript = async () => {
    const href = URL.createObjectURL(await methods.downloadTranscript("txt"));
    Object.assign(document.createElement("a"), { href, download: "chat.txt" }).click();
    URL.revokeObjectURL(href);
  };

  /** What only this side hears. */
  const inward = {
    open: () => isOpened() || turn(true),
    close() {
      if (isOpened()) turn(false);
      if (!running) leave(); // the loader knows nobody yet who would
    },
    "@dispatch": tellSite,
    "@hours": followHours,
    "@transcript": saveTranscript,
    "@done": actions.done,
  };

  const hear = (event, detail) => {
    if (inward[event]) return inward[event](detail);
    if (event == "unread") {
      unread = detail.count;
      countInTitle(unread);
      alerts.count(unread);
      draw();
    }
    // A link is good for one visit.
    if (event == "connected") delete settings.claim;
    if (event == "message:received" && isLeading()) alerts.hear(detail);
    emit(event, detail);
  };

  // One widget after the other.

  const say = (text) => call("sendClientMessage", [text]).catch(() => {}); // the thread shows what became of it

  const awaitNext = () => {
    widget = new Promise((resolve, reject) => ([arrive, refuse] = [resolve, reject]));
    widget.catch(() => {}); // told to those who call
  };

  const launch = async () => {
    const life = lives;
    const run = isFramed ? runFramed : runInline;
    const relay = new URL(import.meta.url).origin;
    const given = { ...settings, locale: localeOf(settings), relay, embedded: isEmbedded, framed: isFramed, opened: isOpened() };
    const emit = (event, detail) => {
      if (life != lives || isOver) return;
      // An iframe that is moved loads again.
      if (event != "@crash" && event != "@moved") return hear(event, detail);
      lives++;
      if (event == "@crash") crashes++;
      queueMicrotask(restart); // it is about to die, and must not be touched
    };
    let started;
    try {
      started = await run(panel, given, { emit, ask: actions.ask, say, turnAlert: alerts.turn, storage, key, lives, parts, words });
    } catch (error) {
      if (life != lives) return; // it crashed: the next one is under way
      // A policy that forbids WebAssembly in the page, or a page without it, has no say in the iframe.
      if (isFramed || settings.mode == "inline" || !/^(Compile|Eval|Reference)Error/.test(error.name)) throw error;
      isFramed = true;
      panel.replaceChildren();
      return launch();
    }
    if (isOver || life != lives) return started.stop();
    actions.restore((method, args) => started.call(method, args).catch(() => {}));
    running = started;
    arrive(started);
    // Another tab has written since this one has read.
    if (isBehind) started.stored();
    isBehind = false;
    // What the visitor did meanwhile.
    if (isOpened() != given.opened) call(isOpened() ? "open" : "close", []).catch(() => {});
    setTimeout(started.sayEarly); // after what the page has registered meanwhile
  };

  const restart = async () => {
    running?.stop();
    panel.replaceChildren();
    reject("unavailable", "The chat has started anew");
    if (running) awaitNext();
    running = undefined;
    try {
      if (crashes > RESTARTS) throw new Error(`it crashed ${crashes} times`);
      await launch();
    } catch (error) {
      stop("unavailable");
      fail(error);
    }
  };

  /** Rejects the calls under way. */
  const reject = (code, message) => {
    const error = Object.assign(new Error(message), { code });
    for (const reject of [...under]) reject(error);
    under.clear();
    return error;
  };

  // What happens on the page.

  const isOwn = (event) => event.source == window && (settings.allowMessages ?? "").split(/[\s,]+/).includes(event.origin);
  const isTrusted = (event) => (toParent && event.source == parent) || isOwn(event) || (!isFramed && isShown(event, panel));
  const endMessages = takeMessages(isTrusted, (method, argument) => call(method, [argument]));

  const follow = (event) => {
    if (event.storageArea != storage.area || !(event.key ?? key).startsWith(key)) return;
    if (running) running.stored();
    else isBehind = true;
  };
  addEventListener("storage", follow);

  const stop = (code) => {
    isOver = true;
    running?.stop();
    refuse(reject(code, "web1on1 is not running"));
    endMessages();
    phone?.end();
    countInTitle(0);
    alerts.count(0);
    hours?.end();
    removeEventListener("storage", follow);
    root.adoptedStyleSheets = root.adoptedStyleSheets.slice(0, 1);
    panel.replaceChildren();
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  launcher.setAttribute("aria-controls", "panel");
  settings.claim = takeClaim();
  endBy(() => stop("destroyed"));
  try {
    awaitNext();
    await launch();
    if (isOpened() && !isEmbedded) running?.focus(true);
  } catch (error) {
    stop("unavailable");
    throw error;
  }

  return {
    push,
    draw,
    unread: () => unread,
    /** The loader has shown or hidden the panel. */
    turn(value) {
      if (value) opener = document.activeElement;
      else leave();
      running?.focus(value);
      call(value ? "open" : "close", []).catch(() => {}); // a crash: the next one knows
    },
  };
};

/** Takes what a link in an email or a text message carries out of the page's address: `?id=…&token=…`. */
const takeClaim = () => {
  const taken = {};
  const rest = location.search.slice(1).split("&").filter((part) => {
    const [name, value] = part.split("=");
    if (name != "id" && name != "token") return true;
    taken[name] = decodeURIComponent(value);
  });
  if (!/^[\da-f]{24}$/.test(taken.id) || !taken.token) return;
  history.replaceState(history.state, "", location.pathname + (rest.length ? "?" + rest.join("&") : "") + location.hash);
  return taken;
};
