// A widget that crashes is started again; the page never notices.
import { expect, test } from "../support/test.js";

test.beforeEach(async ({ page, chat, visit }) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.on);
  await page.evaluate(() => {
    window.failures = [];
    web1on1.on("error", ({ code }) => window.failures.push(code));
  });
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
});

/** The frame that the widget runs in. */
const home = (page, mode) => (mode === "frame" ? page.frame({ url: /\/frame\// }) : page.mainFrame());

/** Without randomness the widget cannot name its next message, and panics. `times`: then it is back. */
function breakRandomness(page, mode, times) {
  return home(page, mode).evaluate((times) => {
    const { getRandomValues } = Crypto.prototype;
    Crypto.prototype.getRandomValues = function (array) {
      if (times-- > 0) throw new Error("no randomness");
      return getRandomValues.call(this, array);
    };
  }, times);
}

const panics = (errors) => errors.filter((error) => error.startsWith("web1on1: the chat crashed: RuntimeError"));

test("it is started again with the conversation, the draft and what the page has registered", async ({
  page,
  chat,
  mode,
  organization,
  errors,
}) => {
  await page.evaluate(() => web1on1.actions.on("beforeSendMessage", (payload) => (payload.body += "!")));
  await chat.field.fill("half a thought");
  await breakRandomness(page, mode, 1);

  const code = await page.evaluate(() => web1on1.api.sendClientMessage("lost").catch((error) => error.code));

  expect(code).toBe("unavailable");
  await chat.expectTexts(["Hello"]);
  await expect(chat.field).toHaveValue("half a thought");
  expect(await chat.call("isOpened")).toBe(true);
  await chat.say("Again");
  await chat.expectSent("Again!");
  expect(await organization.texts()).toEqual(["Hello", "Again!"]);
  expect(panics(errors)).toHaveLength(1);
  expect(await page.evaluate(() => window.failures)).toEqual([]);
});

test("calls made after the crash wait for the next start", async ({ page, chat, mode, organization }) => {
  await breakRandomness(page, mode, 1);

  const [first, second] = await page.evaluate(async () => {
    const lost = web1on1.api.sendClientMessage("lost").catch((error) => error.code);
    await lost;
    return [await lost, (await web1on1.api.sendClientMessage("kept")).seq];
  });

  expect([first, second]).toEqual(["unavailable", 2]);
  await chat.expectTexts(["Hello", "kept"]);
  expect(await organization.texts()).toEqual(["Hello", "kept"]);
});

test("an event that the page has had is not told again", async ({ page, chat, mode, organization }) => {
  await page.evaluate(() => {
    window.heard = [];
    addEventListener("message", ({ data }) => window.heard.push(JSON.parse(data).payload));
  });
  const event = (number) => organization.answer({ role: "bot", type: "event", text: "", payload: { number } });
  await event(1);
  await expect.poll(() => page.evaluate(() => window.heard)).toEqual([{ number: 1 }]);
  await breakRandomness(page, mode, 1);
  await page.evaluate(() => web1on1.api.sendClientMessage("lost").catch(() => {}));
  await chat.expectTexts(["Hello"]);

  await event(2);

  await expect.poll(() => page.evaluate(() => window.heard)).toEqual([{ number: 1 }, { number: 2 }]);
});

test("after the fourth crash the launcher says so, once, and the next click tries again", async ({
  page,
  chat,
  mode,
  errors,
}) => {
  for (let crash = 0; crash < 4; crash++) {
    await expect(chat.field).toBeVisible();
    await breakRandomness(page, mode, 1);
    await page.evaluate(() => web1on1.api.sendClientMessage("lost").catch(() => {}));
  }

  await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
  await expect(chat.badge).toHaveText("!");
  await expect.poll(() => page.evaluate(() => window.failures)).toEqual(["unavailable"]);
  expect(panics(errors)).toHaveLength(4);
  expect(errors.filter((error) => error.includes("it crashed 4 times"))).toHaveLength(1);
  await chat.launcher.click();
  await chat.expectTexts(["Hello"]);
});
