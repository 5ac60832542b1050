// Several tabs of one visitor: one socket, one sound, one badge.
import { expect, test } from "../support/test.js";

/** The visitors' sockets that the relay counts. */
async function openSockets({ origin }) {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^relay_visitor_sockets (\d+)$/m.exec(metrics)[1]);
}

/** Two tabs of one conversation, both open; the first one leads. */
async function twoTabs({ context, page, chat, visit }, attributes = "") {
  await visit("plain", { attributes });
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  const tab = await context.newPage();
  await tab.goto(page.url());
  const other = chat.in(tab);
  await other.open();
  await other.expectTexts(["Hello"]);
  return { tab, other };
}

test.describe("pain 8: tabs are out of step, and all of them ring", () => {
  test("two tabs have one socket, and both hear and say everything", async ({
    context,
    page,
    chat,
    visit,
    relay,
    organization,
  }) => {
    const { other } = await twoTabs({ context, page, chat, visit });

    await other.say("from the second");
    await other.expectSent("from the second");
    await chat.say("from the first");
    await chat.expectSent("from the first");
    await organization.answer("Good morning.");

    const texts = ["Hello", "from the second", "from the first", "Good morning."];
    await chat.expectTexts(texts);
    await other.expectTexts(texts);
    expect(await organization.texts()).toEqual(texts);
    await expect.poll(() => openSockets(relay)).toBe(1);
  });

  test("when the leading tab closes the other takes over and misses nothing", async ({
    context,
    page,
    chat,
    visit,
    relay,
    organization,
  }) => {
    const { other } = await twoTabs({ context, page, chat, visit });

    const answered = organization.answer("while nobody leads");
    await page.close();
    await answered;
    await other.say("still here");

    await other.expectSent("still here");
    await other.expectTexts(await organization.texts());
    expect(await organization.texts()).toHaveLength(3);
    await expect.poll(() => openSockets(relay)).toBe(1);
  });

  test("a leading tab that leaves for another page hands over, and joins again when one comes back", async ({
    context,
    page,
    chat,
    visit,
    relay,
    organization,
  }) => {
    const { other } = await twoTabs({ context, page, chat, visit });

    await page.goto("about:blank");
    await other.say("from the second");
    await other.expectSent("from the second");
    await page.goBack();
    await page.waitForFunction(() => window.web1on1?.on);
    if (!(await chat.field.isVisible())) await chat.open();

    await chat.expectTexts(["Hello", "from the second"]);
    await organization.answer("Good morning.");
    await chat.expectTexts(["Hello", "from the second", "Good morning."]);
    await expect.poll(() => openSockets(relay)).toBe(1);
  });

  test("a leading tab that is frozen is passed over", async ({ context, page, chat, visit, organization }) => {
    const { other } = await twoTabs({ context, page, chat, visit });

    // The event that Chromium sends before it stops a page in the background (Page Lifecycle).
    await page.evaluate(() => document.dispatchEvent(new Event("freeze")));
    await other.say("from the second");

    await other.expectSent("from the second");
    expect(await organization.texts()).toEqual(["Hello", "from the second"]);
  });

  test("a leader that holds the lock and says nothing loses it", async ({ page, chat, visit, context, organization }) => {
    test.slow();
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    const name = await page.evaluate(async () => (await navigator.locks.query()).held[0].name);
    const frozen = await context.newPage();
    await frozen.goto(page.url());
    await frozen.evaluate((name) => {
      navigator.locks.request(name, { steal: true }, () => new Promise(() => {})).catch(() => {});
    }, name);

    await chat.say("is anybody there");

    // The greeting has 10 s to be answered.
    await expect(chat.delivery("is anybody there")).toHaveText("Sent", { timeout: 40_000 });
    expect(await organization.texts()).toEqual(["Hello", "is anybody there"]);
  });

  test("a relay that goes away and comes back leaves one socket", async ({
    context,
    page,
    chat,
    visit,
    relay,
    organization,
  }) => {
    const { other } = await twoTabs({ context, page, chat, visit });

    await relay.kill();
    await chat.say("one");
    await relay.restart();
    await chat.expectSent("one");
    await other.say("two");
    await other.expectSent("two");

    await chat.expectTexts(["Hello", "one", "two"]);
    await other.expectTexts(["Hello", "one", "two"]);
    expect(await organization.texts()).toEqual(["Hello", "one", "two"]);
    await expect.poll(() => openSockets(relay)).toBe(1);
  });

  test("what one tab has seen is read in the other, too", async ({ context, page, chat, visit, organization }) => {
    const { other } = await twoTabs({ context, page, chat, visit });
    await chat.call("close");
    await other.call("close");
    await organization.answer("Good morning.");
    await expect(chat.badge).toHaveText("1");
    await expect(other.badge).toHaveText("1");

    await other.launcher.click();
    await other.expectTexts(["Hello", "Good morning."]);

    await expect(chat.badge).toHaveText("");
  });

  test("pain 17: an answer that nobody sees chimes once, in one of the tabs", async ({ context, page, chat, visit, organization }) => {
    await context.addInitScript(() => {
      window.chimes = 0;
      const { start } = AudioScheduledSourceNode.prototype;
      AudioScheduledSourceNode.prototype.start = function (...args) {
        window.chimes++;
        return start.apply(this, args);
      };
    });
    const { tab, other } = await twoTabs({ context, page, chat, visit }, "data-sound");
    const notes = async () => (await page.evaluate(() => window.chimes)) + (await tab.evaluate(() => window.chimes));
    await organization.answer("seen");
    await chat.expectTexts(["Hello", "seen"]);
    await other.expectTexts(["Hello", "seen"]);
    expect(await notes()).toBe(0);

    await chat.launcher.click();
    await other.launcher.click();
    await organization.answer("unseen");

    await expect(chat.badge).toHaveText("1");
    await expect(other.badge).toHaveText("1");
    await expect.poll(notes).toBe(2);
    await organization.answer("unseen, too");
    await expect(other.badge).toHaveText("2");
    await expect.poll(notes).toBe(4);
  });
});
