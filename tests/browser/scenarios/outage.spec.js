// The relay is away, killed in the middle of things: what a visitor writes waits, survives, and arrives once.
// The pages come from elsewhere and stay reachable.
import { expect, test } from "../support/test.js";

const WAITING = "Waiting to be sent";

test("what is written while the relay is down waits under a banner and is sent when it is back", async ({
  chat,
  visit,
  relay,
  organization,
}) => {
  await begin(visit, chat);

  await relay.kill();
  await chat.say("first");
  await chat.say("second");
  await expect(chat.delivery("first")).toHaveText(WAITING);
  await expect(chat.banner).toContainText("Your messages will be sent");
  await relay.restart();

  await chat.expectSent("first");
  await chat.expectSent("second");
  await expect(chat.banner).toHaveCount(0);
  expect(await organization.texts()).toEqual(["before", "first", "second"]);
  await chat.expectTexts(["before", "first", "second"]);
});

// A frame is a page of the relay's: without the relay there is none to look at what waits.
test("what waits survives a reload of the page while the relay is still down", { tag: "@inline" }, async ({
  page,
  chat,
  visit,
  relay,
  organization,
}) => {
  await begin(visit, chat);

  await relay.kill();
  await chat.say("while it was down");
  await expect(chat.delivery("while it was down")).toHaveText(WAITING);
  // The browser has the chat in its cache.
  await page.reload();
  await chat.open();
  await expect(chat.delivery("while it was down")).toHaveText(WAITING);
  await relay.restart();

  await chat.expectSent("while it was down");
  expect(await organization.texts()).toEqual(["before", "while it was down"]);
  await chat.expectTexts(["before", "while it was down"]);
});

test("a first message that finds no relay opens one conversation later", async ({
  chat,
  visit,
  relay,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await relay.kill();

  await chat.say("Anybody there?");
  await expect(chat.delivery("Anybody there?")).toHaveText(WAITING);
  await relay.restart();

  await chat.expectSent("Anybody there?");
  expect(await organization.conversations()).toHaveLength(1);
});

test("pain 7: a message whose acknowledgement is lost is stored once, and its sender gets the answer", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  let lost = 0;
  await page.routeWebSocket(/\/v2\/widget$/, (socket) => {
    socket.connectToServer().onMessage((frame) => {
      if (lost || !("ack" in JSON.parse(frame))) return socket.send(frame);
      lost += 1;
      socket.close({ code: 1012, reason: "restart" });
    });
  });
  await visit("plain");
  await chat.open();

  const sent = await chat.call("api.sendClientMessage", "Hello");

  expect(lost).toBe(1);
  const messages = await organization.messages();
  expect(messages.map(({ id, seq, text }) => ({ id, seq, text }))).toEqual([{ ...sent, text: "Hello" }]);
  await chat.expectTexts(["Hello"]);
});

test("pain 6: what an agent says while the visitor is cut off is caught up with", async ({
  chat,
  visit,
  relay,
  organization,
}) => {
  await begin(visit, chat);

  expect(await relay.stop()).toBe(0);
  await relay.restart();
  await organization.answer(["one", "two", "three"]);

  await chat.expectTexts(["before", "one", "two", "three"]);
});

test("a browser without a network says so, and sends as soon as it has one", async ({
  context,
  chat,
  visit,
  relay,
  organization,
}) => {
  await begin(visit, chat);

  await context.setOffline(true);
  await relay.kill();
  await chat.say("from the train");
  await expect(chat.banner).toHaveText("Offline. Your messages will be sent when you are back.");
  await relay.restart();
  await context.setOffline(false);

  await chat.expectSent("from the train");
  await expect(chat.banner).toHaveCount(0);
  expect(await organization.texts()).toEqual(["before", "from the train"]);
});

test("a page learns once that the connection is lost and once that it is back", async ({
  page,
  chat,
  visit,
  relay,
}) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.on);
  await page.evaluate(() => {
    window.heard = [];
    for (const event of ["connected", "disconnected", "reconnecting"]) web1on1.on(event, () => heard.push(event));
  });
  await chat.open();
  await expect.poll(() => page.evaluate(() => heard)).toEqual(["connected"]);

  await relay.kill();
  await expect(chat.banner).toBeVisible();
  await relay.restart();
  await expect(chat.banner).toHaveCount(0);

  expect(await page.evaluate(() => heard)).toEqual(["connected", "disconnected", "reconnecting", "connected"]);
});

async function begin(visit, chat) {
  await visit("plain");
  await chat.open();
  await chat.say("before");
  await chat.expectSent("before");
}
