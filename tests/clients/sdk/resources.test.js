// Every resource that the relay has, through the SDK's own methods; and those that it has not.
import assert from "node:assert/strict";
import { promisify } from "node:util";
import { Desk, refusal } from "../support/desk.js";
import { test } from "../support/timed.js";

/** What is made, what is changed of it, and what finds it in a list. */
const RECORDS = {
  users: { made: { name: "Anna", role: "agent" }, changed: { name: "Anna Bell" }, found: { name: "~bell" } },
  channels: { made: { name: "Sales" }, changed: { name: "Workshop" }, found: { name: "Workshop" } },
  forms: {
    made: { name: "Test drive", fields: [{ key: "model", label: "Model", type: "text", required: true, options: [] }] },
    changed: { fields: [] },
    found: { name: ["Test drive", "Trade-in"] },
  },
};

for (const [resource, { made, changed, found }] of Object.entries(RECORDS)) {
  test(`${resource} are made, read, listed, changed and deleted`, async (t) => {
    const desk = await Desk.start(t);
    const { token } = await desk.user("admin");
    const records = desk.sdk(token)[resource];

    const { id, ...created } = await records.create(made);
    assert.deepEqual({ ...created, ...made }, created);
    const got = await records.get(id);
    assert.equal(got.name, made.name);
    assert.deepEqual(await records.get(id, { select: "name" }), { id, name: made.name });
    const updated = await records.update(id, changed);
    assert.deepEqual(updated, { ...got, ...changed, updatedAt: updated.updatedAt });
    assert.deepEqual(ids(await records.list(found)), [id]);
    await records.delete(id);
    await assert.rejects(records.get(id), refusal(404, "not_found", `${id} does not exist`));
  });
}

test("callbacks are called as promises are kept", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("admin");
  const { channels } = desk.sdk(token);
  const { id } = await promisify(channels.create)({ name: "Sales" });

  assert.deepEqual(ids(await promisify(channels.list)({ limit: 5, sort: "-createdAt" })), [id]);
  assert.equal((await promisify(channels.get)(id)).name, "Sales");
  assert.equal((await promisify(channels.get)(id, { select: "name" })).name, "Sales");
  assert.equal((await promisify(channels.update)(id, { name: "Workshop" })).name, "Workshop");
  await promisify(channels.delete)(id);
  assert.deepEqual(ids(await channels.list({})), []);
});

test("the admin of all makes organizations and erases them; their own admins read and change them", async (t) => {
  const desk = await Desk.start(t);
  const all = desk.sdk(desk.rest.token);
  const { id, name } = await all.organizations.create({ name: "Acme" });
  assert.deepEqual([name, ids(await all.organizations.list({ name: "acme" }))], ["Acme", []]);
  assert.deepEqual(ids(await all.organizations.list({ name: "Acme" })), [id]);
  const { token } = await all.users.create({ organization: id, role: "admin", name: "Wile" });
  const own = desk.sdk(token);

  const lead = await own.forms.create({ name: "Lead" });
  const categories = ["Used Car", { name: "Test drive", forms: [lead.id] }];
  const changed = await own.organizations.update(id, { categories, settings: { theme: "dark" } });
  const populated = ["Used Car", { name: "Test drive", forms: [lead] }];
  const shown = await own.organizations.get(id, { populate: "categories.forms" });
  assert.deepEqual(shown, { ...changed, categories: populated });
  assert.deepEqual(ids(await own.organizations.list()), [id]);
  await assert.rejects(own.organizations.get(desk.organization), refusal(404, "not_found"));
  await assert.rejects(own.organizations.delete(id), refusal(403, "forbidden"));
  await all.organizations.delete(id);
  await assert.rejects(all.organizations.get(id), refusal(404, "not_found"));
});

test("contacts are made, read, changed, found by what their profile says, and erased", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const { contacts } = desk.sdk(token);
  const { id } = await contacts.create({ profile: { name: "Zoë", email: "zoe@shop.example" } });
  await contacts.create({ profile: { name: "John", email: "john@shop.example" } });

  await contacts.update(id, { profile: { name: "Zoë Quill", email: "zoe@shop.example" } });
  assert.equal((await contacts.get(id)).profile.name, "Zoë Quill");
  assert.deepEqual(ids(await contacts.list({ profile: { name: "~zoe" } })), [id]);
  assert.deepEqual(ids(await contacts.list({ profile: { email: "zoe@shop.example" }, select: "profile" })), [id]);
  assert.deepEqual(ids(await contacts.list({ createdAt: ">2019-01-01", "profile.name": "~quill" })), [id]);
  await assert.rejects(contacts.create({ profile: { email: "zoe@shop.example" } }), refusal(409, "contact_exists"));

  const admin = desk.sdk((await desk.user("admin")).token);
  await admin.contacts.delete(id);
  await assert.rejects(contacts.get(id), refusal(404, "not_found"));
});

test("conversations are begun as the SDK's documentation begins them", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const { conversations, contacts } = desk.sdk(token);
  const review = await conversations.create({ name: "Review", messages: [{ text: "start" }] });
  assert.deepEqual([review.name, review.type, review.messages.length], ["Review", "agent", 1]);

  const contact = { profile: { name: "John Johnson", telephone: "+31646280994" } };
  const { id } = await conversations.create({ contact, messages: [{ role: "agent", text: "Hey there." }] });
  await conversations.update(id, { category: "Used Car", tags: ["prime"], meta: { step: "2" } });
  const found = await conversations.list({ status: ["queued", "active"], meta: { step: "2" }, populate: "contact" });
  assert.deepEqual(
    found.map((conversation) => [conversation.id, conversation.contact.profile, conversation.category]),
    [[id, contact.profile, "Used Car"]],
  );
  assert.equal(found.headers.totalCount, "1");
  assert.deepEqual(ids(await conversations.list({ q: "hey" })), [id]);
  const [{ id: john }] = await contacts.list();
  assert.equal((await conversations.get(id)).contact, john);
});

test("messages are made, listed and read", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const { messages } = desk.sdk(token);
  const conversation = await desk.conversation();
  const { seq } = await messages.create({ conversation, role: "contact", text: "Hello" });
  assert.equal(seq, 2);

  const listed = await messages.list({ conversation, sort: "createdAt", select: ["text", "role"] });
  assert.deepEqual(
    listed.map(({ role, text }) => [role, text]),
    [["agent", "Hey there."], ["contact", "Hello"]],
  );
  assert.equal((await messages.get(listed[1].id, { populate: "conversation" })).conversation.id, conversation);
});

test("messages are changed and taken back", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const sdk = desk.sdk(token);
  const conversation = await desk.conversation();
  const { id, seq } = await sdk.send(conversation, { text: "Your bike is redy", role: "agent" });

  const { text, updatedAt } = await sdk.messages.update(id, { text: "Your bike is ready" });
  assert.deepEqual([text, (await sdk.messages.get(id)).updatedAt], ["Your bike is ready", updatedAt]);
  // The SDK sends no body with a PUT, and a message that says nothing is none.
  await assert.rejects(sdk.messages.replace(id, { text: "Ready" }), refusal(422, "invalid"));
  assert.equal((await sdk.messages.get(id)).text, "Your bike is ready");

  await sdk.messages.delete(id);
  const tombstone = await sdk.messages.get(id);
  assert.deepEqual([tombstone.status, tombstone.text, tombstone.seq], ["deleted", "", seq]);
  const [{ id: greeting }] = await sdk.messages.list({ conversation, text: "Hey there." });
  await assert.rejects(sdk.messages.delete(greeting), refusal(403, "forbidden"));
});

test("what the relay does not have is not found, in so many words", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("admin");
  const sdk = desk.sdk(token);
  const ABSENT = ["bots", "botinstances", "orggroups", "partners", "services", "workflows", "metrics", "points"];
  for (const resource of [...ABSENT, "kbases", "kbitems", "articles", "locations", "watemplates"]) {
    const refused = refusal(404, "not_found", `there is nothing at /v2/${resource}`);
    await assert.rejects(sdk[resource].list(), refused);
    await assert.rejects(sdk[resource].get("5bad2f12e91d2c331be33364"), refused);
    await assert.rejects(sdk[resource].create({ name: "New" }), refused);
  }
});

test("a mistake is named", async (t) => {
  const desk = await Desk.start(t);
  const { token } = await desk.user("bot");
  const sdk = desk.sdk(token);
  await assert.rejects(sdk.contacts.list({ colour: "red" }), refusal(422, "invalid", "'colour'"));
  await assert.rejects(sdk.channels.create({ name: "Sales" }), refusal(403, "forbidden"));
  await assert.rejects(desk.sdk(`${token}x`).contacts.list(), refusal(401, "unauthorized", "invalid token"));
});

function ids(records) {
  return records.map(({ id }) => id);
}
