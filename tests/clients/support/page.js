// A page of documentation whose examples are run: its blocks of code, and what the values in its answers stand for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const DOCS = new URL("../../../docs/", import.meta.url);

/** Values that are others each time: of an answer only that they are such. The first two are the same from then on. */
const ID = /^[0-9a-f]{24}$/;
const TOKEN_ID = /^[0-9a-f]{32}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

export class Page {
  /** What stands in the page, to what it stands for. */
  #meant = new Map();

  constructor(name) {
    const text = readFileSync(new URL(name, DOCS), "utf8");
    this.blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));
  }

  /** From here on, `words` of the page stand for that. */
  mean(words, that) {
    this.#meant.set(words, that);
  }

  /** A block's text as its reader would type it. */
  filled(text) {
    return [...this.#meant].reduce((text, [words, that]) => text.replaceAll(words, that), text);
  }

  /** The answer has all that the page shows of it; what it does not show may be anything. */
  expect(shown, answer) {
    if (Array.isArray(shown)) {
      assert.equal(answer.length, shown.length);
      shown.forEach((item, at) => this.expect(item, answer[at]));
    } else if (shown !== null && typeof shown === "object") {
      for (const [name, value] of Object.entries(shown)) {
        assert.ok(name in answer, `${name} is not in ${JSON.stringify(answer)}`);
        this.expect(value, answer[name]);
      }
    } else {
      this.#expectValue(shown, answer);
    }
  }

  #expectValue(shown, value) {
    const kind = [ID, TOKEN_ID].find((kind) => kind.test(shown));
    if (kind && !this.#meant.has(shown)) {
      assert.match(value, kind);
      this.mean(shown, value);
    } else if (TIME.test(shown)) {
      assert.match(value, TIME);
    } else if (typeof shown === "string" && shown.endsWith("…")) {
      const begin = this.filled(shown.slice(0, -1));
      assert.ok(value.startsWith(begin), `${value} does not begin with ${begin}`);
    } else {
      assert.equal(value, typeof shown === "string" ? this.filled(shown) : shown);
    }
  }
}
