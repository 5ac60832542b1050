// Where a conversation is remembered is the page's choice, and no reason to fail.
import { expect, test } from "../support/test.js";

test("with storage `none` nothing is kept, and a reload starts anew", async ({ page, chat, visit, organization }) => {
  await visit("plain", { attributes: 'data-storage="none"' });
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");

  expect(await kept(page)).toEqual({ local: 0, session: 0 });
  await page.reload();
  await chat.open();
  await chat.expectTexts([]);
  expect(await organization.texts()).toEqual(["Hello"]);
});

test("with storage `session` the tab remembers", async ({ page, chat, visit }) => {
  await visit("plain", { attributes: 'data-storage="session"' });
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");

  expect(await kept(page)).toEqual({ local: 0, session: 1 });
  await page.reload();
  await chat.open();
  await chat.expectTexts(["Hello"]);
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

function kept(page) {
  return page.evaluate(() => ({ local: localStorage.length, session: sessionStorage.length }));
}
