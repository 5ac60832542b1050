// Lists of any length: the SDK follows the address of the next part by itself.
import assert from "node:assert/strict";
import { Desk } from "../support/desk.js";
import { test } from "../support/timed.js";

/** More than three parts of the size that is asked for. */
const MESSAGES = 17;
const LIMIT = 5;
/** Milliseconds between two parts; the SDK takes 0 for "not given". */
const backoff = 1;

test("all of a list come, part by part, each once and in order", async (t) => {
  const { sdk, conversation, texts } = await begin(t);
  const ask = { conversation, sort: "createdAt", select: "text" };

  const all = await sdk.messages.list({ ...ask, pagination: { limit: LIMIT, backoff } });
  assert.deepEqual(all.map(({ text }) => text), texts);
  const iterated = [];
  for await (const { text } of sdk.messages.list({ ...ask, pagination: { iterate: true, limit: LIMIT, backoff } })) {
    iterated.push(text);
  }
  assert.deepEqual(iterated, texts);
});

test("a list with the SDK's defaults, with filters, and of as many as are wanted", async (t) => {
  const { sdk, conversation, texts } = await begin(t);
  const count = async (options) => (await sdk.messages.list(options)).length;
  assert.equal(await count({ conversation, pagination: {} }), texts.length);
  assert.equal(await count({ conversation, text: "~message 1", pagination: { limit: 2, backoff } }), 9);
  assert.equal(await count({ conversation, type: ["chat", "card"], pagination: { limit: LIMIT, backoff } }), texts.length);
  assert.equal(await count({ conversation, pagination: { limit: LIMIT, countLimit: 12, backoff } }), 12);
  assert.equal(await count({ conversation, pagination: { limit: LIMIT, offset: 15, backoff } }), texts.length - 15);
});

test("pages can be wished for once, for every list", async (t) => {
  const { desk, token, conversation, texts } = await begin(t);
  const sdk = desk.sdk(token, { pagination: { limit: LIMIT, backoff } });
  assert.equal((await sdk.messages.list({ conversation })).length, texts.length);
});

/** A conversation with a log of several parts. */
async function begin(test) {
  const desk = await Desk.start(test);
  const { token } = await desk.user("bot");
  const conversation = await desk.conversation();
  const texts = Array.from({ length: MESSAGES }, (_, at) => `Message ${at + 1}`);
  const sdk = desk.sdk(token);
  await sdk.send(conversation, texts.map((text) => ({ text })));
  return { desk, sdk, token, conversation, texts: ["Hey there.", ...texts] };
}
