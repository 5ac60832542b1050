// The page's side of the actions framework: it keeps the functions that a page has registered, and the payload of
// every action under way, so that listeners and actions get the very same object. What runs when, the widget
// decides (`widget/src/actions`); it knows functions and payloads by number.

import { stringify } from "./json.js";

/** What the widget calls a registration. */
const KINDS = { registerAction: "action", replaceAction: "replace", addListener: "listen" };

/** What crosses to the widget: the members that have JSON. A page's payload may hold anything, itself included. */
export const plain = (value) => {
  const seen = new Set();
  const once = (_, member) => {
    if (Object(member) === member && seen.size == seen.add(member).size) return;
    return member;
  };
  try {
    const copy = JSON.parse(stringify(value, once));
    // What an action with a file is about.
    if (value?.file instanceof File) copy.file = value.file;
    return copy;
  } catch {} // nothing that has JSON, as `undefined` has none
};

/** Runs a listener: what it throws stops nothing, and is told. */
const run = async (listener, ...args) => {
  try {
    await listener?.(...args);
  } catch (error) {
    console.error(error);
  }
};

/**
 * `call` asks the widget. `kept` is what the page has registered: objects `{kind, name, callback, id}`, which outlive
 * the widget.
 */
export const createActions = (call, kept) => {
  let last = 0; // function or invocation
  const invocations = new Map();
  const functionOf = (id) => kept.find((entry) => entry.id == id)?.callback;
  const drop = (is) => {
    const found = kept.filter(is);
    for (const entry of found) kept.splice(kept.indexOf(entry), 1);
    return found;
  };
  const register = (...args) => call("register", args).catch(() => {}); // a crash: `restore` repeats it
  const tell = ({ kind, name, id }) => register(kind, name, id);

  const methods = {
    add(kind, name, callback) {
      if (kind != "listen") drop((entry) => entry.kind == kind && entry.name == name);
      const entry = { kind, name, callback, id: ++last };
      kept.push(entry);
      tell(entry);
    },

    removeListener(event, callback) {
      const is = (entry) => entry.kind == "listen" && entry.name == event && entry.callback == callback;
      const first = kept.find(is);
      drop((entry) => entry == first).forEach(({ id }) => register("unlisten", event, id));
    },

    removeAllListeners(event) {
      drop((entry) => entry.kind == "listen" && (event == null || entry.name == event));
      register("unlistenAll", event ?? undefined);
    },
  };
  methods.off = methods.removeListener;

  /** What ran in place of the widget: its result comes back as it is. */
  const perform = async (invocation, id, kind) => {
    const { payload, given = payload } = invocation;
    const callback = functionOf(id);
    try {
      const original = (payload) => proceed(invocation, payload);
      invocation.ended = { value: await (kind == "replacement" ? callback(payload, original) : callback(given)) };
      return { ok: true, value: plain(invocation.ended.value) };
    } catch (error) {
      invocation.ended = { error };
      return { ok: false };
    }
  };

  /** The registered action, as a replacement calls it. */
  const proceed = (invocation, payload) => {
    invocation.given = payload;
    return outcome(invocation, call("original", [invocation.id, plain(payload)]));
  };

  const outcome = async (invocation, answer) => {
    invocation.ended = undefined;
    try {
      const value = await answer;
      return invocation.ended ? invocation.ended.value : value;
    } catch (error) {
      throw invocation.ended && "error" in invocation.ended ? invocation.ended.error : error;
    }
  };

  const asked = {
    async before({ payload }, ids) {
      let cancelled = false;
      const cancel = () => (cancelled = true);
      await Promise.all(ids.map((id) => run(functionOf(id), payload, cancel)));
      return { cancelled, payload: plain(payload) };
    },
    after: ({ payload }, ids) => Promise.all(ids.map((id) => run(functionOf(id), payload))),
    body: perform,
  };

  return {
    /** A call of the page's on `actions`, which nobody waits for; false when it is none. */
    take(method, [name, callback, payloadUpdate]) {
      const kind = KINDS[method == "on" ? "addListener" : method];
      const update = async (payload) => callback(await payloadUpdate(payload));
      if (kind) methods.add(kind, name, payloadUpdate && kind == "action" ? update : callback);
      else methods[method]?.(name, callback);
      return kind || method in methods;
    },

    /** Says everything again, to a new widget, which counts its own invocations anew. */
    restore(register) {
      invocations.clear();
      for (const entry of kept) {
        entry.id = ++last;
        register("register", [entry.kind, entry.name, entry.id]);
      }
    },

    async invoke(name, payload) {
      const invocation = { id: ++last, payload };
      invocations.set(invocation.id, invocation);
      try {
        return await outcome(invocation, call("invoke", [name, invocation.id, plain(payload)]));
      } finally {
        invocations.delete(invocation.id);
      }
    },

    /** What the widget wants to know: see `asked`. Of an action that it began itself it brings the payload. */
    ask(what, [id, ...args]) {
      if (!invocations.has(id)) invocations.set(id, { id, payload: args.at(-1) });
      return asked[what](invocations.get(id), ...args);
    },

    done: (id) => invocations.delete(id),
  };
};
