// The field in which a visitor writes.
import { expect, test } from "../support/test.js";

// reference/landscape.md, 16. What the browsers say while a word is being composed, in their order.
test("pain 16: Enter takes a word from an input method, and sends nothing before the next one", async ({
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();

  const isSent = (options) =>
    chat.field.evaluate((field, options) => {
      const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...options });
      return !field.dispatchEvent(event);
    }, options);
  await chat.field.fill("東京");
  expect(await isSent({ isComposing: true })).toBe(false);
  // Safari has ended the composition by then, and says 229.
  expect(await isSent({ keyCode: 229 })).toBe(false);
  await expect(chat.field).toHaveValue("東京");
  expect(await organization.conversations()).toEqual([]);
  expect(await isSent({ keyCode: 13 })).toBe(true);

  await chat.expectSent("東京");
  expect(await organization.texts()).toEqual(["東京"]);
});

test("pain 16: Japanese is composed word by word, kept over a reload on the way, and sent once", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await chat.field.evaluate((field) => {
    window.composing = [];
    field.addEventListener("keydown", ({ isComposing }) => window.composing.push(isComposing));
  });
  const first = await inputMethod(chat);
  await first.compose("とうきょう");
  await first.choose("東京");
  await expect(chat.field).toHaveValue("東京");
  expect(await chat.field.evaluate(() => window.composing)).toEqual([true]);
  await first.compose("えき");
  await expect(chat.field).toHaveValue("東京えき");
  expect(await organization.conversations()).toEqual([]);

  await page.reload();
  await chat.open();
  await expect(chat.field).toHaveValue("東京えき");
  const second = await inputMethod(chat);
  await second.compose("まで");
  await second.choose("まで");
  await expect(chat.field).toHaveValue("東京えきまで");
  expect(await organization.conversations()).toEqual([]);
  await page.keyboard.press("Enter");

  await chat.expectSent("東京えきまで");
  await chat.expectTexts(["東京えきまで"]);
  expect(await organization.texts()).toEqual(["東京えきまで"]);
});

test("the field grows with what is written, to five lines, and is small again when it is sent", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.open();
  const height = async () => (await chat.panel.locator(".field").boundingBox()).height;
  const one = await height();
  const heights = [one];
  for (let line = 2; line <= 7; line++) {
    await page.keyboard.type(`line`);
    await page.keyboard.press("Shift+Enter");
    heights.push(await height());
  }
  const growth = heights.slice(1).map((height, at) => height - heights[at]);

  expect(growth).toEqual([24, 24, 24, 24, 0, 0]);
  await page.keyboard.type("end");
  await page.keyboard.press("Enter");
  await expect.poll(height).toBe(one);
});

/** An input method as the browser meets one: it composes at the caret, and Enter takes what it offers. */
async function inputMethod(chat) {
  const { page } = chat;
  const frame = page.frames().find((frame) => frame.url().includes("/frame/"));
  const session = await page.context().newCDPSession(frame ?? page);
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
  await chat.field.focus();
  return {
    compose: (text) =>
      session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    async choose(text) {
      await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
      await session.send("Input.insertText", { text });
      await session.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    },
  };
}
