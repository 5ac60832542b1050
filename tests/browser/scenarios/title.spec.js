// What is unread stands in the page's title, too: in a tab that is not in front nothing else can be seen.
import { expect, test } from "../support/test.js";

test("pain 17: what is unread stands before the page's title until it is read", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  const title = await page.title();
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await chat.close.click();

  await organization.answer(["One", "Two"]);
  await expect(page).toHaveTitle(`(2) ${title}`);
  await page.evaluate(() => (document.title = "Another page"));
  await organization.answer("Three");
  await expect(page).toHaveTitle("(3) Another page");
  await chat.open();
  await expect(page).toHaveTitle("Another page");

  await chat.close.click();
  await organization.answer("Four");
  await expect(page).toHaveTitle("(1) Another page");
  await chat.call("destroy");
  await expect(page).toHaveTitle("Another page");
});
