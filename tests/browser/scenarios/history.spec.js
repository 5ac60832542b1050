// A long conversation: the newest page comes at once, the rest on request, all of it in order.
import { expect, test } from "../support/test.js";

const COUNT = 120;
const PAGE = 50;

test("a conversation of 120 messages comes back page by page, in order", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await chat.say("message 1");
  await chat.expectSent("message 1");
  await organization.answer(numbers(2, 60));
  await organization.answer(numbers(61, COUNT));
  const earlier = chat.panel.getByRole("button", { name: "Show earlier messages" });
  await page.reload();

  await chat.open();
  await chat.expectTexts(numbers(COUNT - PAGE + 1, COUNT));
  await expect(chat.row(`message ${COUNT}`)).toBeInViewport();
  await expect(chat.field).toBeInViewport({ ratio: 1 });
  await earlier.click();
  await chat.expectTexts(numbers(COUNT - 2 * PAGE + 1, COUNT));
  await earlier.click();

  await chat.expectTexts(numbers(1, COUNT));
  await expect(earlier).toHaveCount(0);
});

test("who reads earlier messages stays there when something new is said", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await chat.say("message 1");
  await chat.expectSent("message 1");
  await organization.answer(numbers(2, 40));
  await chat.expectTexts(numbers(1, 40));
  await expect(chat.row("message 40")).toBeInViewport();

  await chat.row("message 5").scrollIntoViewIfNeeded();
  const { y } = await chat.row("message 5").boundingBox();
  await organization.answer("message 41");
  await chat.expectTexts(numbers(1, 41));

  expect((await chat.row("message 5").boundingBox()).y).toBeCloseTo(y, 0);
  await chat.panel.getByRole("button", { name: "Jump to latest" }).click();
  await expect(chat.row("message 41")).toBeInViewport();
});

function numbers(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => `message ${first + index}`);
}
