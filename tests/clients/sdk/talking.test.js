// What a conversation's context does in the SDK: say, ask, set and get, and the commands.
import assert from "node:assert/strict";
import { promisify } from "node:util";
import { Desk, next, refusal } from "../support/desk.js";
import { test } from "../support/timed.js";

test("a text, an object and an array are said, in order; extras go with them", async (t) => {
  const { desk, context, id, user } = await begin(t);
  const note = await context.say("Ask for the frame number");
  assert.deepEqual([note.role, note.type, note.conversation, note.user], ["bot", "chat", id, user]);
  const answer = await context.say("Hello John", { role: "agent" });
  assert.deepEqual([answer.role, answer.seq], ["agent", 3]);
  const card = await promisify(context.say)({ text: "See this", type: "card" });
  assert.equal(card.type, "card");
  const several = await context.say([{ text: "One" }, { text: "Two" }], { isBackchannel: true });
  assert.deepEqual(
    several.map(({ text, isBackchannel }) => [text, isBackchannel]),
    [["One", true], ["Two", true]],
  );
  assert.deepEqual(await texts(desk, id), ["Hey there.", note.text, answer.text, card.text, "One", "Two"]);
});

test("quick replies, buttons and items are said as the SDK's documentation says them", async (t) => {
  const { context } = await begin(t);
  const replies = ["Red", "Green"].map((text) => ({ type: "reply", text, payload: text.toUpperCase() }));
  assert.deepEqual((await context.say({ text: "Favorite color?", actions: replies })).actions, replies);
  const said = {
    items: ["Article 1", "Article 2"].map((title) => ({
      title,
      mediaUrl: "https://picsum.photos/200",
      actions: [{ type: "link", text: title, payload: "http://example.org/" }],
    })),
    actions: [{ type: "postback", text: "View More", payload: "VIEW_MORE" }],
  };
  const { items, actions } = await context.say(said);
  assert.deepEqual(actions, said.actions);
  for (const [at, { actions: [{ uri, ...link }], ...item }] of items.entries()) {
    assert.deepEqual([{ ...item, actions: [link] }, uri], [said.items[at], "http://example.org/"]);
  }
  const image = await context.say({ contentType: "image/png", text: "http://example.com/image.png" });
  assert.equal(image.contentType, "image/png");
});

test("what cannot be said is refused, and nothing of it is said", async (t) => {
  const { desk, sdk, context, id } = await begin(t);
  await assert.rejects(context.say({ text: "a", colour: "red" }), refusal(422, "invalid", "colour"));
  await assert.rejects(context.say([{ text: "a" }, { text: "" }]), refusal(422, "invalid"));
  await assert.rejects(sdk.send("5bad2f12e91d2c331be33364", "Hello"), refusal(404, "not_found"));
  assert.deepEqual(await texts(desk, id), ["Hey there."]);
  assert.equal(sdk.errors.length, 3);
});

test("a variable is set, read, and cleared; so is a property", async (t) => {
  const { sdk, context, id } = await begin(t);
  await context.set("color", "dark red");
  await context.set("step", 2);
  await context.set("@category", "Used Car");
  const then = await sdk.conversation(id);
  assert.deepEqual([then.get("color"), then.get("step"), then.get("@category")], ["dark red", "2", "Used Car"]);

  await then.set("color");
  await then.set("@category", "");
  const now = await sdk.conversation(id);
  assert.deepEqual([now.get("color"), now.get("step"), now.get("@category")], [undefined, "2", null]);
});

test("a bot joins, accepts and leaves", async (t) => {
  const { sdk, context, id, user } = await begin(t);
  const flags = async () => {
    const { status, participants } = await sdk.conversations.get(id);
    const { active, accepted } = participants.find((participant) => participant.user === user);
    return { status, active, accepted };
  };
  await context.join();
  assert.deepEqual(await flags(), { status: "active", active: true, accepted: false });
  await context.accept();
  assert.deepEqual(await flags(), { status: "active", active: true, accepted: true });
  await context.leave();
  assert.deepEqual(await flags(), { status: "active", active: false, accepted: false });
});

test("a conversation is assigned to users, and inboxes are notified", async (t) => {
  const { desk, sdk, context, id } = await begin(t);
  const [{ id: anna }, { id: ben }] = [await desk.user("agent"), await desk.user("agent")];
  const { id: sales } = await desk.rest.post("/v2/channels", { organization: desk.organization, name: "Sales" });

  await context.assign(anna);
  await context.assign([ben, anna]);
  const { assignee, participants } = await sdk.conversations.get(id);
  assert.equal(assignee, ben);
  assert.deepEqual(participants.filter(({ inbox }) => inbox).map(({ user }) => user), [anna, ben]);

  await context.notify();
  await context.notify(sales);
  await context.notify([sales]);
  await context.notify([], [desk.organization]);
  const { id: other } = await desk.rest.post("/v2/organizations", { name: "Other" });
  await assert.rejects(context.notify([], [other]), refusal(404, "not_found"));
  const { notifications, channels } = await sdk.conversations.get(id);
  assert.deepEqual(notifications.map(({ channel }) => channel), [null, sales, sales, null]);
  assert.deepEqual(channels, [sales]);
});

test("an answer goes to whoever asked, and to nobody else", async (t) => {
  const desk = await Desk.start(t);
  const bot = await desk.bot();
  const id = await desk.conversationWith(bot);
  const heard = [];
  bot.on("message", (message) => heard.push(message.text));
  const context = await bot.conversation(id);

  const answered = context.ask("What's your favorite color?");
  while (!(await meta(bot, id))[`_asked${bot.auth.user}`]);
  await desk.contactSays(id, "Red");
  assert.equal((await answered).text, "Red");
  const really = next(bot, "message", ({ text }) => text === "Really");
  await desk.contactSays(id, "Really");
  await really;
  assert.ok(!heard.includes("Red"), "an answer is no message besides");
});

test("a callback that was registered by name is called, also by another process of the bot", async (t) => {
  const desk = await Desk.start(t);
  const bot = await desk.bot();
  const id = await desk.conversationWith(bot);
  await (await desk.sdk(bot.token).conversation(id)).ask("Second favorite color?", "answerColor");
  const asked = `_asked${bot.auth.user}`;
  while ((await meta(bot, id))[asked] !== "answerColor");

  const answered = new Promise((resolve) => bot.registerCallback("answerColor", (...given) => resolve(given)));
  await desk.contactSays(id, "Green");
  const [message, context] = await answered;
  assert.deepEqual([message.text, context.id], ["Green", id]);
  while ((await meta(bot, id))[asked]);
});

/** A bot's context of a conversation with a contact. */
async function begin(test) {
  const desk = await Desk.start(test);
  const { id: user, token } = await desk.user("bot");
  const id = await desk.conversation();
  const sdk = desk.sdk(token);
  return { desk, sdk, user, id, context: await sdk.conversation(id) };
}

async function meta(sdk, id) {
  return (await sdk.conversations.get(id)).meta;
}

async function texts(desk, id) {
  return (await desk.said(id)).map(({ text }) => text);
}
