// Where a conversation is remembered is the page's choice, and no reason to fail.
import { expect, test } from "../support/test.js";

test.describe("pain 5: something is stored before anybody has said yes", () => {
  test("nothing is stored before the first open", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.launcher.hover();
    await expect(chat.panel).toBeAttached();
    await chat.call("setPredefinedMessage", "Is the Wren here to try?");
    await chat.call("api.showFakeAgentMessage", "Can I help?");
    await expect(chat.badge).toHaveText("1");

    expect(await stored(page)).toEqual([]);
  });

  test("with storage `none` nothing is stored ever, and a reload starts anew", async ({
    page,
    chat,
    visit,
    converse,
    organization,
  }) => {
    await visit("plain", { attributes: 'data-storage="none"' });
    await converse();
    await chat.field.fill("half a sent");
    await chat.launcher.click();
    await expect(chat.panel).toBeHidden();

    expect(await stored(page)).toEqual([]);
    await page.reload();
    await chat.open();
    await chat.expectTexts([]);
    await expect(chat.field).toHaveValue("");
    expect(await organization.texts()).toEqual(["Hello", "Good morning."]);
  });

  test("with storage `session` the tab remembers", async ({ page, chat, visit, converse, organization }) => {
    await visit("plain", { attributes: 'data-storage="session"' });
    await converse();

    expect(await stored(page)).toEqual([`sessionStorage frontdesk:${organization.id}`]);
    await page.reload();
    await chat.open();
    await chat.expectTexts(["Hello", "Good morning."]);
  });

  test("else one record of the site's own remembers", async ({ page, chat, visit, converse, organization }) => {
    await visit("plain");
    await converse();

    expect(await stored(page)).toEqual([`localStorage frontdesk:${organization.id}`]);
    await page.reload();
    await chat.open();
    await chat.expectTexts(["Hello", "Good morning."]);
  });

  test("where consent is required nothing is stored until it is given", async ({ page, chat, visit, converse, organization }) => {
    await visit("plain", { attributes: 'data-consent="required"' });
    await converse();
    expect(await stored(page)).toEqual([]);

    await page.evaluate(() => web1on1.consent("granted"));

    await expect.poll(() => stored(page)).toEqual([`localStorage frontdesk:${organization.id}`]);
  });

  test("where consent is required nothing is even read until it is given", async ({ page, chat, visit, converse }) => {
    await page.addInitScript(() => {
      window.reads = 0;
      const { getItem } = Storage.prototype;
      Storage.prototype.getItem = function (key) {
        if (key.startsWith("frontdesk")) window.reads++;
        return getItem.call(this, key);
      };
    });
    const reads = () => page.evaluate(() => window.reads);
    await visit("plain");
    await converse();
    expect(await reads()).toBeGreaterThan(0);

    await visit("plain", { attributes: 'data-consent="required"' });
    await chat.open();
    await chat.expectTexts([]);
    expect(await reads()).toBe(0);
    await page.evaluate(() => web1on1.consent("granted"));

    await chat.expectTexts(["Hello", "Good morning."]);
  });

  test("consent that is denied, before the chat or in it, leaves nothing behind", async ({ page, chat, visit, converse }) => {
    await visit("plain");
    await page.evaluate(() => web1on1.consent("denied"));
    await converse();
    expect(await stored(page)).toEqual([]);

    await page.evaluate(() => web1on1.consent("granted"));
    await expect.poll(() => stored(page)).toHaveLength(1);
    await page.evaluate(() => web1on1.consent("denied"));

    await expect.poll(() => stored(page)).toEqual([]);
    await chat.expectTexts(["Hello", "Good morning."]);
  });
});

for (const [what, script] of [
  [
    "forbids storage",
    () =>
      Object.defineProperty(window, "localStorage", {
        get: () => {
          throw new DOMException("no", "SecurityError");
        },
      }),
  ],
  [
    "has no room left",
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    },
  ],
  [
    "holds something else in our place",
    () => {
      Storage.prototype.getItem = () => "{broken";
    },
  ],
]) {
  test(`a browser that ${what} can chat`, async ({ page, chat, visit, errors }) => {
    await page.addInitScript(script);
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    expect(errors).toEqual([]);
  });
}

/** All that the page's browser has stored for it and for the frames in it. */
async function stored(page) {
  const cookies = await page.context().cookies();
  const frames = await Promise.all(page.frames().map((frame) => frame.evaluate(inFrame)));
  return [...cookies.map(({ name }) => `cookie ${name}`), ...frames.flat()];
}

/** Runs in the page. What a frame of another site may not even look at, it has not stored. */
async function inFrame() {
  const look = async (kind, read) => {
    try {
      return (await read()).map((name) => `${kind} ${name}`);
    } catch {
      return [];
    }
  };
  const found = await Promise.all([
    look("localStorage", () => Object.keys(localStorage)),
    look("sessionStorage", () => Object.keys(sessionStorage)),
    look("database", async () => (await indexedDB.databases()).map(({ name }) => name)),
    look("cache", () => caches.keys()),
    look("worker", async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope)),
  ]);
  return found.flat();
}
