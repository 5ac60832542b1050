// The emoji picker: nothing of it is fetched before somebody wants it.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/test.js";

const picker = (chat) => chat.panel.getByRole("dialog", { name: "Emoji" });
const emoji = (chat, name) => picker(chat).getByRole("button", { name, exact: true });

test("an emoji stands where the caret was, and the next time among those used last", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  const asked = [];
  page.on("request", (request) => /emoji/.test(request.url()) && asked.push(request.url()));
  await visit("plain");
  await chat.open();
  await chat.field.fill("Good morning");
  await chat.field.evaluate((field) => field.setSelectionRange(4, 4));
  expect(asked).toEqual([]);

  await chat.emoji.click();
  await emoji(chat, "thumbs up").click();
  await expect(picker(chat)).toHaveCount(0);
  await expect(chat.field).toBeFocused();
  await page.keyboard.type("!");
  await expect(chat.field).toHaveValue("Good👍! morning");
  await page.keyboard.press("Enter");
  await expect.poll(() => organization.texts()).toEqual(["Good👍! morning"]);
  await page.reload();
  await chat.open();
  await chat.emoji.click();

  await expect(picker(chat).getByRole("group", { name: "Recently used" }).getByRole("button")).toHaveText(["👍"]);
  await chat.call("logout");
  await page.keyboard.press("Escape");
  await chat.emoji.click();
  await expect(emoji(chat, "grinning face")).toBeVisible();
  await expect(picker(chat).getByRole("group", { name: "Recently used" })).toHaveCount(0);
});

test("it is searched, walked through and left with the keyboard", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.open();
  await chat.field.fill("Hi ");

  await page.keyboard.press("Shift+Tab");
  await expect(chat.emoji).toBeFocused();
  await page.keyboard.press("Enter");
  const search = picker(chat).getByRole("searchbox", { name: "Search" });
  await expect(search).toBeFocused();
  await page.keyboard.type("qqq");
  await expect(picker(chat).getByRole("status")).toHaveText("Nothing found");
  await search.fill("cat face");
  await page.keyboard.press("ArrowDown");
  await expect(picker(chat).getByRole("button").first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(search).toBeFocused();
  await search.fill("");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(emoji(chat, "grinning face with big eyes")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(chat.field).toHaveValue("Hi 😃");
  await chat.emoji.click();
  await expect(search).toBeFocused();
  await page.keyboard.press("Escape");

  await expect(picker(chat)).toHaveCount(0);
  await expect(chat.panel).toBeVisible();
  await expect(chat.field).toBeFocused();
});

test("it is found by the words of the visitor's language, with or without accents", async ({ chat, visit }) => {
  chat.speak("pt");
  await visit("plain", { attributes: 'data-locale="pt-BR"' });
  await chat.open();
  await chat.emoji.click();
  await expect(chat.panel.getByRole("group", { name: "Natureza" })).toBeVisible();
  const search = chat.panel.getByRole("searchbox");
  const heart = chat.panel.getByRole("button", { name: "coração vermelho", exact: true });
  for (const words of ["coração vermelho", "CORACAO"]) {
    await search.fill(words);
    await expect(heart).toBeVisible();
    await expect(chat.panel.getByRole("button", { name: "rosto risonho", exact: true })).toBeHidden();
  }
  await search.fill("heart");
  await expect(heart).toBeHidden();
  await search.fill("cora");
  await chat.call("setLocale", "nl");
  chat.speak("nl");
  await chat.field.click();
  await chat.emoji.click();
  await expect(chat.panel.getByRole("button", { name: "rood hart", exact: true })).toBeVisible();
});

test("it goes when the visitor turns to something else, or presses its button again", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.open();

  await chat.emoji.click();
  await expect(emoji(chat, "grinning face")).toBeVisible();
  await chat.emoji.click();
  await expect(picker(chat)).toHaveCount(0);
  await chat.emoji.click();
  await chat.field.click();
  await expect(picker(chat)).toHaveCount(0);
  await chat.emoji.click();
  await expect(picker(chat).getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(emoji(chat, "grinning face")).toBeFocused();
  await page.keyboard.press("Tab");

  await expect(picker(chat)).toHaveCount(0);
});

test("arrows go where they point to in a language from right to left, and axe finds nothing", async ({
  page,
  chat,
  visit,
}) => {
  chat.speak("ar");
  await visit("plain", { attributes: 'data-locale="ar"' });
  await chat.open();
  await chat.emoji.click();
  const buttons = chat.panel.locator(".groups button");
  await buttons.first().focus();
  await page.keyboard.press("ArrowLeft");

  await expect(buttons.nth(1)).toBeFocused();
  const [first, second] = await Promise.all([0, 1].map((at) => buttons.nth(at).boundingBox()));
  expect(second.x).toBeLessThan(first.x);
  await chat.panel.getByRole("searchbox").fill("قلب");
  const { violations } = await new AxeBuilder({ page }).include("web1on1-chat").analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
