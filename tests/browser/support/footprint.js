// What a page has that its own HTML did not give it. Runs before the page's scripts; `footprint()` then tells.

/** To be run in the page, by `addInitScript`. */
export function record() {
  const listeners = new Map();
  const nameOf = (target) =>
    [
      [window, "window"],
      [document, "document"],
      [document.documentElement, "html"],
      [document.head, "head"],
      [document.body, "body"],
    ].find(([node]) => node === target)?.[1];

  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const keyOf = (type, options) => `${type} ${Boolean(options?.capture ?? options)}`;
  const ofCallback = (target, callback) => {
    if (!listeners.has(target)) listeners.set(target, new Map());
    const callbacks = listeners.get(target);
    return callbacks.get(callback) ?? callbacks.set(callback, new Set()).get(callback);
  };
  EventTarget.prototype.addEventListener = function (type, callback, options) {
    const target = this ?? window;
    // What came by HTTP: Playwright listens, too.
    if (nameOf(target) && new Error().stack.includes("http")) {
      const kept = ofCallback(target, callback);
      const key = keyOf(type, options);
      kept.add(key);
      options?.signal?.addEventListener("abort", () => kept.delete(key));
      if (options?.once) addEventListener.call(target, type, () => kept.delete(key), options);
    }
    return addEventListener.call(target, type, callback, options);
  };
  EventTarget.prototype.removeEventListener = function (type, callback, options) {
    const target = this ?? window;
    if (nameOf(target)) ofCallback(target, callback).delete(keyOf(type, options));
    return removeEventListener.call(target, type, callback, options);
  };

  /** Every property of every builtin object, by name, with what it was. */
  const builtins = () => {
    const members = new Map();
    for (const global of Object.getOwnPropertyNames(window)) {
      const { value } = Object.getOwnPropertyDescriptor(window, global);
      if (!/^[A-Z]/.test(global) || Object(value) !== value) continue;
      for (const [name, object] of [
        [global, value],
        [`${global}.prototype`, value.prototype],
      ])
        for (const key of object ? Reflect.ownKeys(object) : []) {
          const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
          members.set(`${name}.${String(key)}`, [value, get, set]);
        }
    }
    return members;
  };
  const handlers = () =>
    [window, document].flatMap((target) => {
      const names = [];
      for (const name in target) if (name.startsWith("on") && target[name]) names.push(`${nameOf(target)} ${name}`);
      return names;
    });

  const globalsBefore = new Set(Object.getOwnPropertyNames(window));
  const builtinsBefore = builtins();

  Object.defineProperty(window, "footprint", {
    value: () => {
      const now = builtins();
      const names = new Set([...builtinsBefore.keys(), ...now.keys()]);
      return {
        globals: Object.getOwnPropertyNames(window)
          .filter((name) => !globalsBefore.has(name) && name !== "footprint" && !/^\d+$/.test(name))
          .sort(),
        builtins: [...names].filter((name) => {
          const [before, after] = [builtinsBefore.get(name), now.get(name)];
          return !before || !after || before.some((part, index) => !Object.is(part, after[index]));
        }),
        handlers: handlers(),
        listeners: [...listeners]
          .flatMap(([target, callbacks]) =>
            [...callbacks.values()].flatMap((keys) =>
              [...keys].map((key) => `${nameOf(target)} ${key.replace(/ \w+$/, "")}`),
            ),
          )
          .sort(),
      };
    },
  });
}
