// What tells a visitor of an answer that they do not see, and of a site that would like to talk.
import { expect, test } from "../support/test.js";

/** Counts notes, and stands for the browser's notifications: `answer` is what the visitor says when they are asked. */
function record(answer) {
  window.notes = 0;
  window.asked = 0;
  window.notices = [];
  window.decided = 0;
  const { setTimeout } = window;
  window.setTimeout = (run, delay, ...args) => {
    const decide = () => {
      run();
      window.decided++;
    };
    return setTimeout(delay === 500 ? decide : run, delay, ...args); // milliseconds: `alerts.js` has the same
  };
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (...args) {
    window.notes++;
    return start.apply(this, args);
  };
  window.Notification = class extends EventTarget {
    static permission = "default";
    static async requestPermission() {
      window.asked++;
      return (this.permission = answer);
    }
    constructor(title, about) {
      super();
      if (Notification.permission != "granted") return;
      Object.assign(this, { title, ...about });
      window.notices.push(this);
    }
    close() {
      this.isClosed = true;
    }
  };
}

/** The page says that it is hidden, or that it is seen again. */
function hide(page, isHidden) {
  return page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isHidden ? "hidden" : "visible") });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, isHidden);
}

const notices = (page) =>
  page.evaluate(() => window.notices.map(({ title, body, tag, isClosed = false }) => ({ title, body, tag, isClosed })));

const entry = (chat, name) => chat.panel.getByRole("switch", { name });

/** Waits until it was decided whether so many answers are to be told of. */
async function expectDecided(page, times) {
  await expect.poll(() => page.evaluate(() => window.decided)).toBe(times);
}

async function openMenu(chat) {
  await chat.panel.getByRole("button", { name: "More" }).click();
}

test.describe("pain 17: sound that is missing or cannot be turned off", () => {
  test("there is none until the visitor turns it on, and it stays on in all tabs", async ({ context, page, chat, visit, converse, organization }) => {
    await context.addInitScript(record, "default");
    await visit("plain");
    await converse();
    await expectDecided(page, 1);
    await chat.close.click();
    await organization.answer("Unheard");
    await expectDecided(page, 2);
    await chat.open();
    await openMenu(chat);
    await expect(entry(chat, "Sound")).toHaveAttribute("aria-checked", "false");
    expect(await page.evaluate(() => window.notes)).toBe(0);

    await entry(chat, "Sound").click();
    await expect(entry(chat, "Sound")).toHaveAttribute("aria-checked", "true");
    // One hears what has been turned on.
    await expect.poll(() => page.evaluate(() => window.notes)).toBe(2);
    await page.keyboard.press("Escape");
    await chat.close.click();
    await organization.answer("Heard");
    await expect.poll(() => page.evaluate(() => window.notes)).toBe(4);

    const tab = await context.newPage();
    await tab.goto(page.url());
    const other = chat.in(tab);
    await other.open();
    await openMenu(other);
    await entry(other, "Sound").press("Space");
    await expect(entry(other, "Sound")).toHaveAttribute("aria-checked", "false");
    await tab.close();
    await page.reload();
    await chat.open();
    await openMenu(chat);
    await expect(entry(chat, "Sound")).toHaveAttribute("aria-checked", "false");
  });

  test("a site turns it on, the visitor off, and it never plays to those who have not touched the page", async ({ page, chat, visit, converse, organization }) => {
    await page.addInitScript(record, "default");
    // For the browser, what Playwright does in a page is the visitor's doing.
    await page.addInitScript(() => {
      const touched = { hasBeenActive: false };
      Object.defineProperty(navigator, "userActivation", { value: touched });
      addEventListener("pointerdown", () => (touched.hasBeenActive = true), true);
    });
    await visit("plain", { attributes: "data-sound" });
    await converse();
    await page.reload();
    await chat.launcher.waitFor();
    await chat.call("downloadTranscript", "txt"); // connected
    await organization.answer("Before a gesture");
    await expectDecided(page, 1);

    await chat.open();
    await openMenu(chat);
    await expect(entry(chat, "Sound")).toHaveAttribute("aria-checked", "true");
    await entry(chat, "Sound").click();
    await expect(entry(chat, "Sound")).toHaveAttribute("aria-checked", "false");
    await chat.close.click();
    await organization.answer("Muted");
    await expectDecided(page, 2);
    await chat.open();
    await openMenu(chat);
    await expect(entry(chat, "Sound")).toBeVisible();
    expect(await page.evaluate(() => window.notes)).toBe(0);
  });
});

test("who asks for it is notified of an answer while the page is hidden, in one notification that opens the chat", async ({ page, chat, visit, converse, organization }) => {
  await page.addInitScript(record, "granted");
  await visit("plain");
  await converse();
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await openMenu(chat);
  await entry(chat, "Notify me on this device").click();
  await expect(entry(chat, "Notify me on this device")).toHaveAttribute("aria-checked", "true");
  expect(await page.evaluate(() => window.asked)).toBe(1);
  await page.keyboard.press("Escape");
  await chat.close.click();
  await expectDecided(page, 1);
  await organization.answer("Where are you?");
  await expectDecided(page, 2);

  await hide(page, true);
  await organization.answer("<b>Your</b> bicycle is ready");
  await expect.poll(() => notices(page)).toMatchObject([{ body: "<b>Your</b> bicycle is ready", tag: organization.id, isClosed: false }]);

  await hide(page, false);
  await page.evaluate(() => window.notices[0].onclick());
  await expect(chat.field).toBeVisible();
  await expect.poll(() => notices(page)).toMatchObject([{ isClosed: true }]);
});

test("who is asked and refuses is told what that means, in words", async ({ page, chat, visit, converse }) => {
  await page.addInitScript(record, "denied");
  await visit("plain");
  await converse();
  await openMenu(chat);
  await expect(chat.panel.locator(".items").getByRole("status")).toHaveText("");
  await entry(chat, "Notify me on this device").click();

  await expect(chat.panel.locator(".items").getByRole("status")).toHaveText(chat.words.notifyBlocked);
  await expect(entry(chat, "Notify me on this device")).toHaveAttribute("aria-checked", "false");
});

test("notifications are not offered where there are none", async ({ page, chat, visit }) => {
  await page.addInitScript(() => delete window.Notification);
  await visit("plain");
  await chat.open();
  await openMenu(chat);

  await expect(entry(chat, "Sound")).toBeVisible();
  await expect(chat.panel.getByRole("switch")).toHaveCount(1);
});

test.describe("a shoutout", () => {
  const attributes = 'data-shoutout="Questions about a bike? <b>Ask</b> us."';
  const bubble = (chat) => chat.host.locator("#shoutout");

  test("stands beside the launcher without the chat being loaded, and opens it", async ({ page, chat, visit, relay }) => {
    const requests = [];
    page.on("request", (request) => request.url().startsWith(relay.origin) && requests.push(new URL(request.url()).pathname));
    await visit("plain", { attributes });

    await expect(bubble(chat).getByRole("status")).toHaveText("Questions about a bike? <b>Ask</b> us.");
    expect(requests.map((path) => path.replace(/-\w+\./, "."))).toEqual(["/web1on1.js", "/assets/page.js", "/assets/words/en.json"]);
    await bubble(chat).getByText("Questions").click();
    await expect(chat.field).toBeVisible();
    await chat.close.click();
    await expect(bubble(chat)).toHaveCount(0);
  });

  test("is put away for the visit, by keyboard too, without a word being lost", async ({ page, chat, visit }) => {
    await visit("plain", { attributes });
    await expect(bubble(chat).getByText("Questions")).toBeVisible();
    await bubble(chat).getByRole("button", { name: "Dismiss" }).press("Enter");

    await expect(bubble(chat)).toHaveCount(0);
    await expect(chat.launcher).toBeFocused();
    await page.reload();
    await chat.open();
    await expect(bubble(chat)).toHaveCount(0);
  });

  test("does not come to those who have written", async ({ chat, visit, converse, organization }) => {
    await visit("plain");
    await converse();
    await visit("plain", { attributes });
    await chat.launcher.waitFor();
    await organization.answer("Still here?");
    await expect(chat.badge).toHaveText("1");
    await expect(bubble(chat)).toHaveCount(0);
  });

  test("leaves a phone its page", { tag: "@inline" }, async ({ page, chat, visit }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await visit("rtl", { attributes: `data-shoutout="${"word ".repeat(40)}"` });
    await expect(bubble(chat).getByText("word")).toBeVisible();

    const [box, launcher] = [await bubble(chat).boundingBox(), await chat.launcher.boundingBox()];
    expect(box.height).toBeLessThanOrEqual(launcher.height + 2);
    expect(box.x).toBeGreaterThan(launcher.x + launcher.width);
    expect(box.x + box.width).toBeLessThanOrEqual(320);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});
