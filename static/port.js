// What a page and the widget in its iframe say to each other over a MessagePort. Both ends use it alike.

/** Errors cross with name, message and code. */
const pack = ({ name, message, code }) => ({ name, message, code });

const unpack = ({ name, message, code }) => {
  const error = name == "TypeError" ? new TypeError(message) : new Error(message);
  return code ? Object.assign(error, { code }) : error;
};

/**
 * `answers` are the functions that the other end may call. Gives `ask(name, ...args)`, a promise of what it answers, and
 * `tell`, which waits for nothing.
 */
export const join = (port, answers) => {
  const asked = new Map();
  let last = 0;

  port.onmessage = async ({ data: [id, name, args, error] }) => {
    if (!name) {
      const [resolve, reject] = asked.get(id);
      asked.delete(id);
      return error ? reject(unpack(error)) : resolve(args);
    }
    try {
      const value = await answers[name](...args);
      if (id) port.postMessage([id, "", value]);
    } catch (error) {
      if (id) port.postMessage([id, "", undefined, pack(error)]);
    }
  };

  return {
    ask: (name, ...args) =>
      new Promise((resolve, reject) => {
        asked.set(++last, [resolve, reject]);
        port.postMessage([last, name, args]);
      }),
    tell: (name, ...args) => port.postMessage([0, name, args]),
  };
};

/**
 * Sockets at the other end of a port: `connect(...args)` gives one that the `open(...args)` there has opened.
 * `tell` is needed once the first is used; `answers` belong to those of the port.
 */
export const createSockets = (tell, open) => {
  const here = new Map();
  const there = new Map();
  let last = 0;
  return {
    connect(...args) {
      const id = ++last;
      const socket = Object.assign(new EventTarget(), {
        send: (text) => tell("handle", id, "send", text),
        close() {
          there.delete(id);
          tell("handle", id, "close");
        },
      });
      there.set(id, socket);
      tell("connect", id, ...args);
      return socket;
    },
    /** Closes what the other end has opened here: it is gone. */
    end: () => here.forEach((socket) => socket.close()),
    answers: {
      connect(id, ...args) {
        const socket = open(...args);
        here.set(id, socket);
        for (const type of ["open", "message", "close"])
          socket.addEventListener(type, ({ data }) => tell("hear", id, type, data));
      },
      handle(id, method, text) {
        here.get(id)[method](text);
        if (method == "close") here.delete(id);
      },
      hear: (id, type, data) => there.get(id)?.dispatchEvent(new MessageEvent(type, { data })),
    },
  };
};
