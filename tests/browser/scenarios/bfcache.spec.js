// A page that the browser kept whole while the visitor was elsewhere, and shows again as it was.
import { expect, test } from "../support/test.js";

test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] }),
});

test("pain 6: a page out of the browser's cache has missed what was said", async ({
  page,
  visit,
  converse,
  organization,
}) => {
  await visit("plain");
  await converse();
  // Told by the page's events: Playwright loses the frames of a page that is kept.
  await page.evaluate(() => {
    window.heard = [];
    web1on1.on("message:received", ({ text }) => heard.push(text));
    addEventListener("pageshow", ({ persisted }) => (window.persisted = persisted));
  });

  await visit("turbo-head");
  await organization.answer("While you were away.");
  await page.evaluate(() => void setTimeout(() => history.back()));

  await expect.poll(() => page.evaluate(() => window.persisted)).toBe(true);
  await expect.poll(() => page.evaluate(() => window.heard)).toEqual(["While you were away."]);
});
