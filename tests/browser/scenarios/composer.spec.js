// The field in which a visitor writes.
import { expect, test } from "../support/test.js";

// reference/landscape.md, 16. What the browsers say while a word is being composed, in their order.
test("complaint 16: Enter takes a word from an input method, and sends nothing before the next one", async ({
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
