// The one script that a site includes. It draws the launcher, holds the public object `web1on1`
// and keeps its calls until `page.js` takes them; that, and the widget, are fetched at the first sign of intent.
// It is no part of the chat: it knows no messages and no socket. What a page may use: web1on1.d.ts.
(() => {
  const ASSETS = /*assets*/ { base: "/", tag: "" } /*assets*/; // `page.js` is at `base + "page" + tag + ".js"`
  const TAG = "web1on1-chat";

  // Inside a shadow root, `!important` wins over whatever the page says about the host
  // (CSS Cascade 5, section 6.1). One rule a line, unindented: these bytes travel as they are.
  const STYLE = `
:host{all:initial!important;position:fixed!important;z-index:var(--z)!important}
:host(.embedded){position:relative!important;display:block!important;height:100%!important;z-index:0!important}
[hidden],#badge:empty{display:none!important}
#launcher{all:initial;position:fixed;bottom:max(20px,env(safe-area-inset-bottom));right:20px;width:56px;height:56px;display:grid;place-items:center;border-radius:50%;background:var(--accent);color:oklch(from var(--accent) calc((.72 - l)*999) 0 0);cursor:pointer;box-shadow:0 0 0 1px #fff3,0 4px 16px #0004}
:host(.left) #launcher{right:auto;left:20px}
#launcher:focus-visible{outline:3px solid #111;outline-offset:2px;box-shadow:0 0 0 2px #fff}
#launcher:before{content:"";width:28px;height:28px;background:currentcolor;clip-path:path(evenodd,"M14 3a11 11 0 1 1-5 21l-6 2 2-6a11 11 0 0 1 9-17zM8 15a7 7 0 0 0 12 0h-2a5 5 0 0 1-8 0z")}
#badge{position:absolute;top:-4px;right:-4px;min-width:10px;padding:0 5px;border-radius:10px;background:#d1261b;color:#fff;font:600 12px/20px system-ui;text-align:center}
@media(forced-colors:active){#launcher,#badge{border:2px solid}#launcher:before{forced-color-adjust:none;background:CanvasText}}
@media print{:host{display:none!important}}`;

  // A module has no `currentScript`.
  const script = document.currentScript ?? document.querySelector("script[src*='/web1on1.js']");
  const origin = new URL(script.src).origin;
  const early = window.web1on1;
  if (early?.init) return early.init(script.dataset, true);

  let settings, host, launcher, badge, panel, timer; // without a host nothing runs
  let opened = false;
  let chat, phase; // what page.js has started; how far that is: undefined, "busy", "failed" or "on"
  let attempts = ""; // to load: none, or how many
  let end; // ends what page.js has started
  let waiting = []; // calls for page.js: [method, arguments, resolve, reject]
  let acting; // the page takes part in actions, so that opening and closing are actions, too
  const kept = []; // what the page has registered with `actions`; in the hands of page.js
  const listeners = { __proto__: null };

  // Events.

  const emit = (event, detail) => {
    for (const callback of new Set(listeners[event]))
      try {
        callback(detail);
      } catch (error) {
        console.error(error);
      }
  };

  // The launcher.

  const draw = () => {
    const broken = opened && phase == "failed";
    launcher.ariaExpanded = opened;
    launcher.ariaLabel = broken ? "Chat did not load. Try again" : "Chat";
    launcher.className = (opened && phase) || "";
    badge.textContent = broken ? "!" : "";
    panel.hidden = !opened;
    chat?.draw();
  };

  const show = (value) => {
    if (!host || settings.container || opened == value) return;
    clearTimeout(timer);
    acting ? call("show", value) : turn(value);
  };

  const turn = (value) => {
    opened = value;
    draw();
    chat ? chat.turn(value) : value && load();
    emit(value ? "open" : "close");
  };

  const add = (parent, tag, properties) =>
    parent.appendChild(Object.assign(document.createElement(tag), properties));

  const build = ({ container, hideLauncher = false, position, color, zIndex }) => {
    host = document.createElement(TAG);
    host.className = container ? "embedded" : position;
    // `all` leaves variables alone: only this wins over a page's `* { --accent: … !important }`.
    const set = (name, value) => host.style.setProperty(name, value, "important");
    set("--accent", CSS.supports("color", color) ? color : "#2f5af5");
    set("--z", CSS.supports("z-index", zIndex) ? zIndex : "2147483000");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    launcher = add(root, "button", { id: "launcher" });
    launcher.hidden = container || `${hideLauncher}` != "false";
    badge = add(launcher, "span", { id: "badge" });
    panel = add(root, "div", { id: "panel", className: "widget" });
    launcher.onpointerenter = launcher.onfocus = () => opened || load();
    launcher.onclick = () => (opened && !chat ? load() : show(!opened));
    draw();
  };

  const attach = () => {
    const parent = settings.container ? document.querySelector(settings.container) : document.body;
    if (host.isConnected || !parent) return;
    document.querySelector(TAG)?.remove(); // a clone, from a cached copy of the page
    parent.append(host);
    for (const node of [parent, document.documentElement]) watch.observe(node, { childList: true });
  };

  // A page that swaps its body takes the host with it: put it back.
  const watch = new MutationObserver(attach);

  // What is fetched. A browser may remember that an import failed: each attempt has an address of its own.

  const at = (name, extension = ".js") => origin + ASSETS.base + name + ASSETS.tag + extension + (attempts && "?" + attempts);

  /** Read while page.js is on its way, as the field waits for both: a sheet, or an answer that has none. */
  const loadStyles = async () => {
    const answer = await fetch(at("widget", ".css"));
    return answer.ok ? new CSSStyleSheet().replace(await answer.text()) : answer;
  };

  const load = async () => {
    const run = host;
    if (!run || chat || phase == "busy") return;
    phase = "busy";
    draw();
    try {
      // A policy with a nonce rarely allows WebAssembly, and to try would be a violation that is reported.
      const framed = settings.mode == "frame" || (settings.mode != "inline" && script.nonce);
      // The field waits for page.js, and the widget for its wasm: they go first.
      const page = import(at("page"));
      const parts = !framed && [fetch(at("widget", ".bin")), loadStyles(), import(at("widget"))];
      if (parts) Promise.all(parts).catch(() => {}); // page.js tells
      const { start } = await page;
      if (run != host) return;
      const started = await start(host, settings, parts, kept, turn, emit, (error) => run == host && fail(error), (stop) => (end = stop));
      if (run != host) return;
      chat = started;
      waiting.splice(0).forEach(chat.push);
      waiting = chat;
      phase = "on";
    } catch (error) {
      if (run == host) fail(error);
    }
    draw();
  };

  const fail = (error) => {
    if (chat) waiting = [];
    chat = undefined;
    phase = "failed";
    addEventListener("online", retry);
    if (error.code) drop(error); // it stays so
    attempts++ || console.error(`web1on1: cannot load from ${origin}:`, error);
    draw();
    emit("error", { code: error.code ?? "unavailable", message: error.message });
  };

  /** Answers the calls that wait. What was registered stays for the next start. */
  const drop = (error) => (waiting = waiting.filter(([, , , reject]) => !reject || reject(error)));

  const retry = () => opened && load();

  // Calls.

  const ended = () => Object.assign(Error("web1on1 is not running"), { code: "destroyed" });

  /** Asks page.js, once it is there; in order. */
  const call = (method, ...args) => {
    const answer = new Promise((resolve, reject) => {
      host ? waiting.push([method, args, resolve, reject]) : reject(ended());
    });
    answer.catch((error) => /destroyed|action_cancelled/.test(error.code) || console.error(error));
    load();
    return answer;
  };

  /** Changes a setting, for the chat that runs or for the one that will. */
  const adjust = (setting, value) => {
    settings[setting] = value;
    return chat || !host ? call("adjust", setting, value) : Promise.resolve();
  };

  const check = (name, value, ...types) => {
    if (!types.some((type) => typeof value == type || value === type)) throw TypeError(`web1on1: ${name} must be ${types.join(" | ")}`);
  };

  /** A function that checks its first argument. */
  const checked = (run, ...expected) => (value, ...others) => {
    check(expected[0], value, ...expected.slice(1));
    return run(value, ...others);
  };

  const passed = (method, ...expected) => checked((...args) => call(method, ...args), ...expected);

  // Start and end.

  /** Forbidden storage, or none, holds nothing. */
  const stored = (method) => {
    try {
      return window[settings.storage + "Storage"][method]("frontdesk:" + settings.organization);
    } catch {}
  };

  const begin = () => {
    if (!host) return;
    try {
      attach();
    } catch {} // the container is no selector
    if (!host.isConnected) {
      console.error(`web1on1: data-container "${settings.container}" matches nothing`);
      return destroy();
    }
    isReady(api);
    api.ready.then(() => emit("ready")); // after the calls that were made before this script
    // A link that was sent to a visitor carries an id and a token: page.js takes them.
    if (opened || (settings.consent != "required" && stored("getItem")) || /(?=.*\bid=[\da-f]{24}\b).*\btoken=/.test(location.search)) load();
    else if (settings.shoutout) import(at("page")).then((page) => page.shout(host, settings, show)).catch(() => {}); // load() tells
    const seconds = parseFloat(settings.openAfter);
    if (seconds >= 0) timer = setTimeout(show, seconds * 1000, true);
  };

  // `again`: from a second script tag, which does not disturb a widget that runs.
  const init = (given = {}, again) => {
    check("settings", given, "object");
    if (host && again) return attach();
    destroy();
    settings = { theme: "auto", storage: "local", position: document.dir == "rtl" ? "left" : "right", ...script.dataset, ...window.web1on1Settings, ...given };
    if (!/^[\da-f]{24}$/.test(settings.organization))
      return console.error(`web1on1: data-organization must be 24 lower-case hex digits, not "${settings.organization}"`);
    opened = !!settings.container;
    build(settings);
    if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
    else begin();
  };

  const destroy = () => {
    if (!host) return;
    const old = host, running = chat;
    host = chat = phase = undefined;
    opened = false;
    clearTimeout(timer);
    watch.disconnect();
    removeEventListener("online", retry);
    old.remove();
    running ? (waiting = []) : drop(ended());
    end?.();
    emit("destroy");
  };

  let isReady;
  const api = (window.web1on1 = {
    version: "0.1.0",
    ready: new Promise((resolve) => (isReady = resolve)),
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!opened),
    isOpened: () => opened,
    unreadCount: () => chat?.unread() ?? 0,
    setPredefinedMessage: passed("setPredefinedMessage", "message", "string"),
    setLocale: checked((tag) => adjust("locale", tag), "tag", "string"),
    setTheme: checked((theme) => adjust("theme", theme), "theme", "auto", "light", "dark"),
    consent: checked((value) => {
      adjust("consent", value);
      if (stored(value == "granted" ? "getItem" : "removeItem")) load();
    }, "value", "granted", "denied"),
    identify(given) {
      check("token", given?.token, "string");
      return adjust("identity", given.token);
    },
    logout() {
      chat || stored("removeItem");
      return adjust("identity");
    },
    downloadTranscript: passed("downloadTranscript", "format", "txt", "json"),
    api: {
      showFakeAgentMessage(message, name) {
        check("message", message || 0, "string", "object");
        check("name", name ?? "", "string");
        call("showFakeAgentMessage", message, name);
      },
      sendClientMessage: passed("sendClientMessage", "message", "string"),
    },
    actions: {
      invokeAction: passed("invokeAction", "name", "string"),
      removeAllListeners: (event) => register("removeAllListeners", event),
    },
    on: checked((event, callback) => {
      check("callback", callback, "function");
      (listeners[event] ??= new Set()).add(callback);
      return () => api.off(event, callback);
    }, "event", "string"),
    off: checked((event, callback) => {
      callback ? listeners[event]?.delete(callback) : delete listeners[event];
    }, "event", "string"),
    init,
    destroy,
    q: {
      async push([name, ...args]) {
        try {
          await name.split(".").reduce((object, member) => object[member], api)(...args);
        } catch (error) {
          console.error(error);
        }
      },
    },
  });

  /** Nobody waits for it, and it does not load the chat. */
  const register = (method, ...args) => {
    acting = true;
    waiting.push([method, args]);
    return api.actions;
  };

  for (const method of ["registerAction", "replaceAction", "addListener", "on", "removeListener", "off"])
    api.actions[method] = checked((name, callback, payloadUpdate) => {
      check("callback", callback, "function");
      check("payloadUpdate", payloadUpdate ?? check, "function");
      return register(method, name, callback, payloadUpdate);
    }, "name", "string");

  init();
  if (settings.compat?.includes("flex")) {
    const flex = async (config) => (await import(at("flex"))).create(api, settings, config);
    window.FlexWebChat = { Actions: api.actions, Manager: { create: flex }, createWebChat: flex, renderWebChat: flex };
  }
  Array.from(early?.q ?? early ?? [], api.q.push);
})();
