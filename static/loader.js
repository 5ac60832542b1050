// The one script that a site includes. It draws the launcher, holds the public object `web1on1`
// and keeps its calls until the widget is there; the widget is fetched at the first sign of intent.
// It is no part of the chat: it knows no messages and no socket. What a page may use: web1on1.d.ts.
(() => {
  const ASSETS = /*assets*/ { glue: "widget.js", wasm: "widget_bg.wasm", css: "widget.css", base: "/" } /*assets*/;
  const TAG = "web1on1-chat";

  // Inside a shadow root, `!important` wins over whatever the page says about the host
  // (CSS Cascade 5, section 6.1). One rule a line, unindented: these bytes travel as they are.
  const STYLE = `
:host{all:initial!important;position:fixed!important;z-index:var(--z)!important;--z:2147483000;--accent:#2f5af5}
:host(.embedded){position:relative!important;display:block!important;height:100%!important;z-index:0!important}
[hidden]{display:none!important}
#launcher{all:initial;position:fixed;bottom:max(20px,env(safe-area-inset-bottom));right:20px;width:56px;height:56px;display:grid;place-items:center;border-radius:50%;background:var(--accent);color:oklch(from var(--accent) calc((.72 - l)*999) 0 0);cursor:pointer;box-shadow:0 0 0 1px #fff3,0 2px 4px #0003,0 6px 20px #0003;transition:transform .12s cubic-bezier(.2,.8,.2,1)}
:host(.left) #launcher{right:auto;left:20px}
#launcher:hover{transform:scale(1.05)}
#launcher:active{transform:scale(.95)}
#launcher:focus-visible{outline:2px solid #0000;outline-offset:3px;box-shadow:0 0 0 2px #fff,0 0 0 5px #14161b}
#launcher:before{content:"";width:28px;height:28px;background:currentColor;clip-path:path(evenodd,"M14 3a11 11 0 1 1-5 21l-6 2 2-6a11 11 0 0 1 9-17zM8 15a7 7 0 0 0 12 0h-2a5 5 0 0 1-8 0z")}
#launcher.on:before{clip-path:path("M5 11l2-2 7 7 7-7 2 2-9 9z")}
#launcher.busy:before{opacity:.5}
#badge{position:absolute;inset:-4px -4px auto auto;min-width:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#d1261b;color:#fff;font:600 12px/20px system-ui;text-align:center}
#badge:empty{display:none}
@media(max-width:479px){#launcher.on{display:none}}
@media(prefers-reduced-motion){#launcher{transition:none}}
@media(forced-colors:active){#launcher,#badge{border:2px solid}#launcher:before{forced-color-adjust:none;background:CanvasText}}
@media print{:host{display:none!important}}`;

  // A module has no `currentScript`.
  const script = document.currentScript ?? document.querySelector("script[src*='/web1on1.js']");
  const origin = new URL(script.src).origin;
  const early = window.web1on1;
  if (early?.init) return early.init(script.dataset, true);

  let settings, host, launcher, badge, panel, timer; // without a host nothing runs
  let opened = false, unread = 0, opener;
  let handle, phase; // of loading: undefined, "busy", "failed" or "on"
  let parts, attempts = 0; // a Promise of the widget's glue and style sheet
  let loaded, arrive; // a Promise of the handle
  let ended, end; // a Promise that fails when nothing runs any more
  const listeners = new Map();

  // Events.

  const emit = (event, detail) => {
    for (const callback of [...(listeners.get(event) ?? [])])
      try {
        callback(detail);
      } catch (error) {
        console.error(error);
      }
  };

  const fromWidget = (event, detail) => {
    if (event == "open" || event == "close") return show(event == "open", true);
    if (event == "unread") unread = detail.count;
    draw();
    emit(event, detail);
  };

  // The launcher.

  const draw = () => {
    const broken = opened && phase == "failed";
    const set = (name, value) => launcher.setAttribute("aria-" + name, value);
    set("controls", "panel");
    set("expanded", opened);
    set("label", broken ? "Chat did not load. Try again" : unread ? `Chat, ${unread} unread` : "Chat");
    launcher.className = (opened && phase) || "";
    badge.textContent = broken ? "!" : unread > 9 ? "9+" : unread || "";
    panel.hidden = !opened;
  };

  const show = (value, byWidget) => {
    if (!host || settings.container || opened == value) return;
    clearTimeout(timer);
    const focused = document.activeElement;
    opened = value;
    draw();
    if (opened) opener = focused;
    else if (byWidget || focused == host) (launcher.hidden ? opener : launcher)?.focus();
    if (handle) byWidget || call(opened ? "open" : "close");
    else if (opened) load();
    emit(opened ? "open" : "close");
  };

  const add = (parent, tag, properties) =>
    parent.appendChild(Object.assign(document.createElement(tag), properties));

  const sheet = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  };

  const build = ({ container, hideLauncher = false, position, color, zIndex }) => {
    host = document.createElement(TAG);
    host.className = container ? "embedded" : position;
    if (CSS.supports("color", color)) host.style.setProperty("--accent", color);
    if (CSS.supports("z-index", zIndex)) host.style.setProperty("--z", zIndex);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(STYLE)];
    launcher = add(root, "button", { id: "launcher", type: "button" });
    launcher.hidden = container || `${hideLauncher}` != "false";
    badge = add(launcher, "span", { id: "badge" });
    panel = add(root, "div", { id: "panel", className: "widget" });
    for (const intent of ["pointerenter", "touchstart", "focus"])
      launcher.addEventListener(intent, load, { passive: true });
    launcher.onclick = () => (opened && !handle ? load() : show(!opened));
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

  // The widget.

  // A browser may remember that an import failed, so that each attempt has an address of its own.
  const fetchParts = async () => {
    const base = origin + ASSETS.base;
    const [glue, wasm, css] = await Promise.all([
      import(base + ASSETS.glue + (attempts++ ? "?" + attempts : "")),
      fetch(base + ASSETS.wasm),
      fetch(base + ASSETS.css).then((response) => (check(response.ok, ASSETS.css, "available"), response.text())),
    ]);
    await glue.default({ module_or_path: wasm });
    return [glue, sheet(css)];
  };

  const load = async () => {
    const run = host;
    if (!run || handle || phase == "busy") return;
    phase = "busy";
    draw();
    try {
      const [glue, style] = await (parts ??= fetchParts());
      if (run != host) return;
      run.shadowRoot.adoptedStyleSheets.push(style);
      handle = glue.start(
        panel,
        { ...settings, relay: origin, embedded: !!settings.container, opened },
        {
          emit: (event, detail) => run == host && fromWidget(event, detail),
          storage: area(),
          connect: (url) => new WebSocket(url),
        },
      );
      phase = "on";
      removeEventListener("online", retry);
      arrive(handle);
    } catch (error) {
      parts = undefined;
      if (run != host) return;
      phase = "failed";
      addEventListener("online", retry);
      if (attempts < 2) console.error(`web1on1: cannot load the chat from ${origin}:`, error);
      emit("error", { code: "unavailable", message: error.message });
    }
    draw();
  };

  const retry = () => opened && load();

  // Waits for the widget; in order, because all wait for the same promise.
  const call = (method, ...args) => {
    const answer = Promise.race([ended, loaded.then((handle) => handle.call(method, args))]);
    answer.catch((error) => error.code == "destroyed" || console.error(error));
    load();
    return answer;
  };

  const renew = () => {
    loaded = new Promise((resolve) => (arrive = resolve));
    ended = new Promise((_, reject) => {
      end = () => reject(Object.assign(new Error("web1on1 is not running"), { code: "destroyed" }));
    });
    ended.catch(() => {});
  };

  // Start and end.

  const area = () => {
    try {
      return window[settings.storage + "Storage"] ?? { getItem() {}, setItem() {}, removeItem() {} };
    } catch {
      return { getItem() {}, setItem() {}, removeItem() {} };
    }
  };

  const stored = () => area().getItem("frontdesk:" + settings.organization) != null;

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
    queueMicrotask(() => emit("ready")); // after the calls that were made before this script
    if (opened || stored()) load();
    const seconds = parseFloat(settings.openAfter);
    if (seconds >= 0) timer = setTimeout(show, seconds * 1000, true);
  };

  const check = (valid, name, type) => {
    if (!valid) throw new TypeError(`web1on1: ${name} must be ${type}`);
  };

  const text = (value, name) => check(typeof value == "string", name, "a string");

  // `again`: from a second script tag, which does not disturb a widget that runs.
  const init = (given = {}, again) => {
    check(given && typeof given == "object", "settings", "an object");
    if (host && again) return attach();
    destroy();
    settings = { theme: "auto", storage: "local", position: document.dir == "rtl" ? "left" : "right", ...script.dataset, ...window.web1on1Settings, ...given };
    if (!/^[0-9a-f]{24}$/.test(settings.organization))
      return console.error(`web1on1: data-organization must be 24 lower-case hex digits, not "${settings.organization}"`);
    opened = !!settings.container;
    renew();
    build(settings);
    if (document.readyState == "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
    else begin();
  };

  const destroy = () => {
    if (!host) return;
    const old = host, running = handle;
    host = handle = phase = undefined;
    opened = false;
    unread = 0;
    clearTimeout(timer);
    watch.disconnect();
    removeEventListener("online", retry);
    old.remove();
    end();
    try {
      running?.stop();
    } catch (error) {
      console.error(error);
    }
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
    unreadCount: () => unread,
    setPredefinedMessage(message) {
      text(message, "message");
      call("setPredefinedMessage", message);
    },
    api: {
      showFakeAgentMessage(message, name) {
        check(message && /string|object/.test(typeof message), "message", "a string, a message or an array of them");
        if (name != null) text(name, "name");
        call("showFakeAgentMessage", message, name);
      },
      sendClientMessage(message) {
        text(message, "message");
        return call("sendClientMessage", message);
      },
    },
    on(event, callback) {
      text(event, "event");
      check(typeof callback == "function", "callback", "a function");
      listeners.set(event, (listeners.get(event) ?? new Set()).add(callback));
      return () => api.off(event, callback);
    },
    off(event, callback) {
      text(event, "event");
      callback ? listeners.get(event)?.delete(callback) : listeners.delete(event);
    },
    init,
    destroy,
    q: {
      async push([name, ...args]) {
        try {
          await (api[name] ?? api.api[name.slice(4)])(...args);
        } catch (error) {
          console.error(error);
        }
      },
    },
  });
  renew();
  end(); // until there is a valid organization
  init();
  for (const entry of Array.from(early?.q ?? early ?? [])) api.q.push(entry);
})();
