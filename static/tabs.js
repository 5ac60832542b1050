// One socket for all tabs of a visitor. The tab that holds the lock leads: it has the real socket, and passes on what
// the relay says. The others look like sockets to their widgets and speak through it. A tab leads as long as its
// socket lives: when that closes, or the tab goes, all begin anew and the first to come leads.

/** Visitors whose leader did not answer: it is frozen, and the next attempt takes its lock away. */
const silent = new Set();

/** Who is frozen, or kept to go back to, answers nobody and must keep nobody waiting. */
const LEAVING = ["pagehide", "freeze"];

let leading = 0;

/** Whether this tab is the one that speaks for all. */
export const isLeading = () => leading > 0;

/**
 * What looks like a WebSocket to `url`. Tabs of the same `person` share one. `welcome(last)` asks the widget of this tab
 * for the welcome of another one; `open(url)` opens a real socket.
 */
export const share = (url, person, welcome, open) => {
  // The whole of it is the visitor's secret, and names can be read.
  const name = "frontdesk:" + person.slice(-16);
  const facade = new EventTarget();
  let channel = window.BroadcastChannel && new BroadcastChannel(name);
  const wait = new AbortController(); // ends the wait for the lock
  let isClosed;
  let socket, isLive, release; // in the leading tab: the socket, whether the relay has welcomed it, the lock
  let greeting, isHeard; // in the others: what waits for an answer, whether the leader has said anything

  const post = (message) => isClosed || channel?.postMessage(message);
  const tell = (type, data) => isClosed || facade.dispatchEvent(new MessageEvent(type, { data }));

  const lose = () => {
    tell("close");
    end();
  };

  const end = () => {
    if (isClosed) return;
    if (socket) post({ over: true });
    isClosed = true;
    for (const event of LEAVING) removeEventListener(event, lose, true);
    channel?.close();
    wait.abort();
    if (!socket) return;
    leading--;
    socket.close();
    release?.();
  };

  /** A browser without locks, or one that denies them to this page, has every tab lead its own. */
  const request = async (options, granted) => {
    try {
      await navigator.locks.request(name, options, (lock) => isClosed || granted(lock));
    } catch (error) {
      if (wait.signal.aborted) return;
      // Aborted, that is another tab has taken the lock away.
      error.name == "AbortError" ? lose() : lead();
    }
  };

  const lead = (greeting) => {
    leading++;
    socket = open(url);
    socket.addEventListener("open", () => (greeting ? socket.send(greeting) : tell("open")));
    socket.addEventListener("close", lose);
    socket.addEventListener("message", ({ data }) => {
      tell("message", data);
      const isWelcome = data.startsWith('{"welcome"');
      isLive ||= isWelcome;
      // A welcome is for one. Whoever waits for theirs may ask now.
      post(isWelcome ? { live: true } : { data });
    });
    return new Promise((resolve) => (release = resolve));
  };

  /** From here on this tab has a socket of its own, which begins with this greeting. */
  const leave = (greeting) => {
    channel?.close();
    channel = undefined;
    wait.abort();
    lead(greeting);
  };

  /** In the leading tab: what another one says. */
  const serve = async ({ from, last, text }) => {
    if (text && isLive) socket.send(text);
    if (!from) return;
    const data = isLive && (await welcome(last).catch(() => {}));
    post({ to: from, data });
  };

  /** In the others: what the leading one says. */
  const follow = ({ to, data, live, over }) => {
    isHeard = true;
    if (over) return lose();
    if (live && greeting) post(greeting);
    if (!data || (to && to != greeting?.from)) return;
    if (to) greeting = undefined;
    tell("message", data);
  };

  const hear = ({ data }) => {
    if (socket) serve(data);
    else if (!data.from && !data.text) follow(data);
  };

  channel?.addEventListener("message", hear);
  for (const event of LEAVING) addEventListener(event, lose, true);
  request(silent.delete(name) ? { steal: true } : { ifAvailable: true }, (lock) => {
    if (lock) return lead();
    tell("open");
    // Granted when the leader is gone: without one this is no connection.
    request({ signal: wait.signal }, lose);
  });

  return Object.assign(facade, {
    send(text) {
      if (socket) return socket.send(text);
      const { hello, pong } = JSON.parse(text);
      // A one-time link is the relay's to judge: another tab cannot answer.
      if (hello?.claim) return leave(text);
      if (hello) greeting = { from: crypto.randomUUID(), last: hello.last };
      if (!pong) post(hello ? greeting : { text });
    },
    /** By the widget, which hears no `close` for it. */
    close() {
      if (greeting && !isHeard) silent.add(name);
      end();
    },
  });
};
