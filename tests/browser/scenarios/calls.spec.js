// What a page may rely on when it calls `window.web1on1`.
import { expect, test } from "../support/test.js";

test("a wrong argument throws a TypeError that names it", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  const thrown = await page.evaluate(() =>
    [
      () => web1on1.setPredefinedMessage(),
      () => web1on1.setPredefinedMessage(7),
      () => web1on1.api.sendClientMessage({ text: "Hello" }),
      () => web1on1.api.showFakeAgentMessage(),
      () => web1on1.api.showFakeAgentMessage("Hello", 2),
      () => web1on1.on(1, () => {}),
      () => web1on1.on("open", "callback"),
      () => web1on1.off(null),
      () => web1on1.init(3),
    ].map((call) => {
      try {
        call();
      } catch (error) {
        return `${error.name}: ${error.message.replace("web1on1: ", "").split(" ")[0]}`;
      }
    }),
  );

  const named = ["message", "message", "message", "message", "name", "event", "callback", "event", "settings"];
  expect(thrown).toEqual(named.map((name) => `TypeError: ${name}`));
  expect(await organization.conversations()).toEqual([]);
});

test("a wrong message within an array is named in the console, and nothing of the array is shown", async ({
  chat,
  visit,
  errors,
}) => {
  await visit("plain");
  await chat.open();

  await chat.call("api.showFakeAgentMessage", ["Hello", { text: 7 }]);

  await expect.poll(() => errors).toEqual([expect.stringContaining("message[1]")]);
  await chat.expectTexts([]);
});

test("an empty message, and one over 8,000 characters, is rejected and not stored", async ({
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.launcher.waitFor();

  expect(await chat.codeOf("")).toBe("invalid");
  expect(await chat.codeOf("  \n")).toBe("invalid");
  expect(await chat.codeOf("a".repeat(8_001))).toBe("too_large");
  expect(await chat.codeOf("ä".repeat(8_000))).toBe("stored");

  expect((await organization.texts()).map((text) => text.length)).toEqual([8_000]);
});

test("events tell a page what happens, each once", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  await listen(page);

  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  const { id, seq } = await organization.answer("Good morning.");
  await chat.expectTexts(["Hello", "Good morning."]);
  await page.keyboard.press("Escape");
  await organization.answer("Still there?");
  await expect(chat.badge).toHaveText("1");

  const heard = await page.evaluate(() => heard);
  expect(heard.map(([event]) => event)).toEqual([
    "open",
    "connected",
    "conversation",
    "message:sent",
    "message:received",
    "close",
    "unread",
    "message:received",
  ]);
  const detail = (event) => heard.find(([name]) => name === event)[1];
  expect(detail("message:sent")).toMatchObject({ seq: 1, text: "Hello" });
  expect(detail("message:received")).toMatchObject({ id, seq, text: "Good morning.", type: "chat", role: "agent" });
  expect(detail("conversation")).toEqual({ id: (await organization.conversation()).id });
  expect(detail("unread")).toEqual({ count: 1 });
});

test("a callback that throws is reported and disturbs nobody else", async ({ page, chat, visit, errors }) => {
  await visit("plain");
  await chat.launcher.waitFor();
  await page.evaluate(() => {
    window.heard = [];
    for (const event of ["open", "connected", "message:sent"]) {
      web1on1.on(event, () => {
        throw new Error(`the page's own mistake at ${event}`);
      });
      web1on1.on(event, () => heard.push(event));
    }
  });

  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");

  expect(await page.evaluate(() => heard)).toEqual(["open", "connected", "message:sent"]);
  expect(errors.map((error) => /own mistake at ([\w:]+)/.exec(error)?.[1])).toEqual([
    "open",
    "connected",
    "message:sent",
  ]);
});

test("off, and what on returns, end a subscription", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  const heard = await page.evaluate(() => {
    const heard = [];
    const [first, second, third] = [1, 2, 3].map((number) => () => heard.push(number));
    const end = web1on1.on("open", first);
    web1on1.on("open", second);
    web1on1.on("open", third);
    web1on1.open();
    end();
    web1on1.off("open", second);
    web1on1.close();
    web1on1.open();
    web1on1.off("open");
    web1on1.close();
    web1on1.open();
    return heard;
  });

  expect(heard).toEqual([1, 2, 3, 3]);
});

test("ready resolves with web1on1 itself, and toggle shows and hides", async ({ page, chat, visit }) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.ready);

  expect(await page.evaluate(async () => (await web1on1.ready) === web1on1)).toBe(true);
  expect(await page.evaluate(() => web1on1.version)).toMatch(/^\d+\.\d+\.\d+$/);
  await chat.call("toggle");
  await expect(chat.panel).toBeVisible();
  await chat.call("toggle");
  await expect(chat.panel).toBeHidden();
});

/** Keeps every event in `window.heard`. */
async function listen(page) {
  await page.waitForFunction(() => window.web1on1?.on);
  await page.evaluate(() => {
    window.heard = [];
    const events = [
      "open",
      "close",
      "message:sent",
      "message:received",
      "message:failed",
      "unread",
      "connected",
      "reconnecting",
      "disconnected",
      "conversation",
      "error",
      "destroy",
    ];
    for (const event of events) web1on1.on(event, (detail) => heard.push([event, detail]));
  });
}
