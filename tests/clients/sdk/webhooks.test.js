// What the SDK's webhook servers are told, that they can verify it, and that they answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Desk, next } from "../support/desk.js";
import { test } from "../support/timed.js";

test("what a contact says is told, signed, and answered into the conversation", async (t) => {
  const { desk, bot, id } = await begin(t);
  const names = ["message", "message.create.contact.chat", "message.create.contact.chat.contact", "**.chat.contact"];
  const heard = Promise.all(names.map((name) => next(bot, name)));
  const answered = new Promise((resolve) =>
    bot.onText(/hello/i, (_, context) => context.say("Hello, human!", { role: "agent" }).then(resolve)),
  );

  const { id: said } = await desk.contactSays(id, "Hello");

  for (const [message, context] of await heard) {
    assert.deepEqual([message.id, message.text, context.id, context.type], [said, "Hello", id, "contact"]);
  }
  await answered;
  assert.deepEqual(
    (await desk.said(id)).map(({ text }) => text),
    ["Hey there.", "Hello", "Hello, human!"],
  );
  assert.deepEqual(bot.errors, []);
});

test("what is signed with another secret is noticed", async (t) => {
  const { desk, bot, id } = await begin(t);
  bot.secret = "another";
  const noticed = next(bot, "error");
  await desk.contactSays(id, "Hello");
  assert.equal((await noticed)[0].message, "Invalid signature on incoming request");
});

test("a conversation's changes and its inboxes' notifications are told", async (t) => {
  const { desk, bot, id } = await begin(t);
  const { id: channel } = await desk.rest.post("/v2/channels", { organization: desk.organization, name: "Sales" });
  const changed = next(bot, "conversation.update", ({ data }) => data.conversation.category === "Used Car");
  const notified = next(bot, "channel.notify");
  const context = await bot.conversation(id);
  await context.set("@category", "Used Car");
  await context.notify(channel);

  const [{ data, activity }] = await changed;
  assert.deepEqual([data.conversation.id, activity.type, activity.object.id], [id, "Update", id]);
  const [notification] = await notified;
  assert.deepEqual([notification.data.channel.name, notification.data.conversation.id], ["Sales", id]);
  const told = next(bot, "message");
  await desk.contactSays(id, "Hello");
  assert.equal((await told)[1].get("@category"), "Used Car");
});

test("a bot hears of its assignments, its mentions and its commands", async (t) => {
  const { desk, bot, id } = await begin(t);
  const agent = await agentIn(desk, id);
  const own = bot.auth.user;
  const heard = async (name, message) => {
    const events = Promise.all([next(bot, name), next(bot, "notify")]);
    await agent(message);
    const [[told, context], [notified]] = await events;
    assert.deepEqual([told.id, context.id], [notified.id, id]);
    return told;
  };

  const assigned = await heard("assign", { type: "command", text: "/assign", meta: { users: [own] } });
  assert.deepEqual(assigned.meta.users, [own]);
  const mentioned = await heard("mention", { type: "mention", text: `@${own} Please look` });
  assert.equal(mentioned.meta.targetUser, own);
  const commanded = await heard("command", { type: "command", text: ">location" });
  assert.equal(commanded.text, ">location");
});

test("a bot that looks after its own conversations hears of no others", async (t) => {
  const { desk, bot, id } = await begin(t, { ignoreUnjoined: true });
  const agent = await agentIn(desk, id);
  const heard = [];
  bot.on("message", ({ text }) => heard.push(text));
  await desk.contactSays(id, "Not for the bot");
  await agent({ type: "mention", text: `@${bot.auth.user} Please look` });
  const assigned = next(bot, "assign");
  await agent({ type: "command", text: "/assign", meta: { users: bot.auth.user } });
  const [, context] = await assigned;
  await context.join();
  const last = next(bot, "message", ({ text }) => text === "For the bot");
  await desk.contactSays(id, "For the bot");
  await last;
  assert.deepEqual(heard, [`@${bot.auth.user} Please look`, "/assign", "For the bot"]);
});

test("a bot steps back while somebody else has the conversation", async (t) => {
  const { desk, bot, id } = await begin(t, { ignoreOnActivity: true });
  const agent = await agentIn(desk, id);
  const heard = [];
  bot.on("message", ({ text }) => heard.push(text));
  await agent({ type: "command", text: "/accept" });
  // How things are when the call is made is what it says.
  await desk.told(await desk.contactSays(id, "For the agent"));
  await agent({ type: "command", text: "/close" });
  const last = next(bot, "message", ({ text }) => text === "For the bot");
  await desk.contactSays(id, "For the bot");
  await last;
  assert.ok(!heard.includes("For the agent"), heard);
});

test("the organization is there when the bot has asked for it", async (t) => {
  const { desk, bot, id } = await begin(t, { preloadOrganizations: true });
  const told = next(bot, "message");
  await desk.contactSays(id, "Hello");
  assert.equal((await told)[1].organization.id, desk.organization);
});

test("changes of resources are told under their names", async (t) => {
  const { desk, bot } = await begin(t);
  const { id, token } = await desk.user("admin");
  const { forms } = desk.sdk(token);
  const told = Promise.all(["form.create", "*.update", "form.delete"].map((name) => next(bot, name)));
  const form = await forms.create({ name: "Test drive" });
  await forms.update(form.id, { name: "Trade-in" });
  await forms.delete(form.id);
  const activities = (await told).map(([{ activity }]) => activity);
  assert.deepEqual(activities.map(({ type }) => type), ["Create", "Update", "Delete"]);
  assert.ok(activities.every(({ object }) => object.id === form.id), id);
});

test("what was said is told to have been changed, and to have been taken back", async (t) => {
  const { desk, bot, id } = await begin(t);
  const { id: said } = await desk.contactSays(id, "Helo");
  const { messages } = desk.sdk((await desk.user("agent")).token);

  const changed = next(bot, "message.update");
  await messages.update(said, { text: "Hello" });
  const [{ text }, context] = await changed;
  assert.deepEqual([text, context.id], ["Hello", id]);

  const deleted = next(bot, "message.delete");
  await messages.delete(said);
  const [tombstone] = await deleted;
  assert.deepEqual([tombstone.id, tombstone.status, tombstone.text], [said, "deleted", ""]);
});

test("a bot in a program's own server takes calls, and an ingested body is verified", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const [middle, raw] = [desk.sdk(token), desk.sdk(token)];
  const signatures = [];
  const take = middle.httpMiddleware();
  const server = createServer(async (request, response) => {
    take(request, response);
    if (request.method !== "POST") return;
    const body = JSON.parse(Buffer.concat(await request.toArray()));
    raw.ingest(body, request.headers["x-hub-signature"]);
    signatures.push(request.headers["x-hub-signature"]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close().closeAllConnections());
  const secret = await desk.subscribe(`http://127.0.0.1:${server.address().port}/`);
  [middle.secret, raw.secret] = [secret, secret];
  const told = Promise.all([next(middle, "message"), next(raw, "message")]);

  const id = await desk.conversation();

  for (const [message, context] of await told) assert.deepEqual([message.text, context.id], ["Hey there.", id]);
  assert.deepEqual([...middle.errors, ...raw.errors], []);
});

/** A bot that is told of everything, and a conversation. */
async function begin(test, options) {
  const desk = await Desk.start(test);
  const bot = await desk.bot(options);
  return { desk, bot, id: await desk.conversationWith(bot) };
}

/** What an agent does in this conversation. Other bots' doings are nothing to a bot, and `bot` is the role of who has none. */
async function agentIn(desk, id) {
  const { token } = await desk.user("agent");
  const { say } = await desk.sdk(token).conversation(id);
  return (message) => say({ role: "agent", ...message });
}
