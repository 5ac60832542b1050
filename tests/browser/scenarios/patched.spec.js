// Pages whose scripts have put something of their own in place of what the browser has: the chat works on them.
import { expect, test } from "../support/test.js";

/** Each runs in the page, before the chat. */
const PATCHES = {
  "`fetch`, as error reporters do": () => {
    const original = window.fetch;
    window.fetch = async function (...args) {
      const response = await original.apply(window, args);
      return response.clone();
    };
  },
  "`WebSocket`, as a class of its own": () => {
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        this.addEventListener("message", () => {});
      }
    };
  },
  "`WebSocket`, as a function without constants": () => {
    const Original = WebSocket;
    window.WebSocket = function (url, protocols) {
      return protocols ? new Original(url, protocols) : new Original(url);
    };
  },
  "`WebSocket`, as a wrapper that is none": () => {
    const Original = WebSocket;
    window.WebSocket = class extends EventTarget {
      constructor(url) {
        super();
        this.socket = new Original(url);
        for (const type of ["open", "message", "close", "error"])
          this.socket.addEventListener(type, (event) => this.dispatchEvent(new event.constructor(type, event)));
      }
      send(data) {
        this.socket.send(data);
      }
      close(...args) {
        this.socket.close(...args);
      }
    };
  },
  "`Array`, as Prototype.js does": () => {
    Array.prototype.each = function (run) {
      for (let at = 0; at < this.length; at++) run(this[at], at);
    };
    Array.prototype.last = function () {
      return this[this.length - 1];
    };
    Array.prototype.map = Array.prototype.collect = function (run) {
      const result = [];
      this.each((value, at) => result.push(run ? run(value, at) : value));
      return result;
    };
    Array.from = (list) => {
      const result = [];
      for (let at = 0; at < (list.length || 0); at++) result.push(list[at]);
      return result;
    };
  },
  "`Array`, so that it reports every change": () => {
    const original = Array.prototype.push;
    Array.prototype.push = function (...values) {
      if (this === window) throw new Error("not an array");
      return original.apply(this, values);
    };
    delete Array.prototype.flat;
    delete Array.prototype.at;
  },
  "`Object.prototype`": () => {
    Object.prototype.each = function () {};
    Object.prototype.keys = () => [];
    Object.prototype.type = "object";
  },
  "`toJSON`, as Prototype.js 1.6 does": () => {
    const quote = (text) => `"${text.replaceAll('"', '\\"')}"`;
    String.prototype.toJSON = function () {
      return quote(String(this));
    };
    Number.prototype.toJSON = Boolean.prototype.toJSON = function () {
      return String(this);
    };
    Array.prototype.toJSON = function () {
      return `[${this.map((value) => (value.toJSON ? value.toJSON() : value)).join(", ")}]`;
    };
  },
  "`JSON`, as one that logs": () => {
    const { parse, stringify } = JSON;
    window.JSON = { parse: (...args) => parse(...args), stringify: (...args) => stringify(...args) };
  },
  "`Promise`, as an old polyfill": () => {
    window.Promise = class Polyfill {
      constructor(run) {
        this.waiting = [];
        const settle = (state) => (value) => {
          if (this.state) return;
          if (state === "ok" && typeof value?.then === "function") return value.then(settle("ok"), settle("no"));
          [this.state, this.value] = [state, value];
          for (const wake of this.waiting) setTimeout(wake);
        };
        try {
          run(settle("ok"), settle("no"));
        } catch (error) {
          settle("no")(error);
        }
      }
      then(ok, no) {
        return new Polyfill((resolve, reject) => {
          const wake = () => {
            const react = this.state === "ok" ? ok : no;
            if (typeof react !== "function") return (this.state === "ok" ? resolve : reject)(this.value);
            try {
              resolve(react(this.value));
            } catch (error) {
              reject(error);
            }
          };
          if (this.state) setTimeout(wake);
          else this.waiting.push(wake);
        });
      }
      catch(no) {
        return this.then(undefined, no);
      }
      static resolve(value) {
        return new Polyfill((resolve) => resolve(value));
      }
      static reject(error) {
        return new Polyfill((_, reject) => reject(error));
      }
      static all(list) {
        return new Polyfill((resolve, reject) => {
          const values = [];
          let left = list.length;
          list.forEach((value, at) =>
            Polyfill.resolve(value).then((value) => {
              values[at] = value;
              if (!--left) resolve(values);
            }, reject),
          );
        });
      }
      static race(list) {
        return new Polyfill((resolve, reject) => list.forEach((value) => Polyfill.resolve(value).then(resolve, reject)));
      }
    };
  },
  "`attachShadow`, to put its own styles in": () => {
    const original = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      const root = original.call(this, init);
      root.append(document.createElement("style"));
      return root;
    };
  },
  "elements and their making": () => {
    const create = document.createElement;
    document.createElement = function (...args) {
      return create.apply(document, args);
    };
    const { remove } = Element.prototype;
    Element.prototype.remove = function () {
      remove.call(this);
      return this;
    };
    Element.prototype.hide = Element.prototype.show = function () {
      return this;
    };
    customElements.define = () => {
      throw new Error("no elements but ours");
    };
  },
  "listeners, as a change detector does": () => {
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const wrapped = new WeakMap();
    EventTarget.prototype.addEventListener = function (type, callback, options) {
      const wrapper = callback && function (event) {
        return (callback.handleEvent ?? callback).call(this, event);
      };
      wrapped.set(callback, wrapper);
      return addEventListener.call(this ?? window, type, wrapper, options);
    };
    EventTarget.prototype.removeEventListener = function (type, callback, options) {
      return removeEventListener.call(this ?? window, type, wrapped.get(callback) ?? callback, options);
    };
  },
  "global names": () => {
    for (const name of ["name", "status", "origin", "parent", "top", "handle", "settings", "start", "define", "require"])
      try {
        window[name] = "the page's own";
      } catch {
        // Some cannot be changed.
      }
  },
};

test.describe("the page has patched", () => {
  for (const [what, patch] of Object.entries(PATCHES))
    test(what, async ({ chat, visit, converse, errors }) => {
      await visit("patched", { script: `(${patch})()` });
      await converse();

      await expect(chat.launcher).toHaveCSS("background-color", "rgb(10, 125, 75)");
      await chat.call("api.showFakeAgentMessage", ["One more.", { text: "And another." }], "Ada");
      await chat.expectTexts(["Hello", "Good morning.", "One more.", "And another."]);
      expect(errors).toEqual([]);
    });
});
