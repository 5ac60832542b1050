// A visitor and an agent talk: the whole path, on the demo page and on a page of another origin.
import { NOTES } from "../support/files.js";
import { expect, test } from "../support/test.js";

const QUESTION = "Is the Wren here to try?";
const ANSWER = "Good morning. How can I help?";

// The demo page is in `auto` mode.
test("a visitor of the demo shop writes, an agent answers, and both are there after a reload", { tag: "@inline" }, async ({
  page,
  chat,
  relay,
  organization,
  errors,
}) => {
  await page.goto(relay.origin);

  await chat.open();
  await chat.say(QUESTION);
  await chat.expectSent(QUESTION);
  await organization.answer(ANSWER);
  await chat.expectTexts([QUESTION, ANSWER]);
  await page.reload();

  await chat.open();
  await chat.expectTexts([QUESTION, ANSWER]);
  await chat.expectSent(QUESTION);
  expect(await organization.texts()).toEqual([QUESTION, ANSWER]);
  expect(errors).toEqual([]);
});

test("pain 10: the keyboard alone is enough for all of a conversation", async ({ page, chat, visit, organization }) => {
  await organization.change({ settings: { rating: true } });
  const form = await organization.create("forms", { name: "Call me back", fields: [{ key: "name", label: "Your name" }] });
  const field = chat.log.getByLabel("Your name");
  const stars = chat.panel.getByRole("radio");
  const more = chat.panel.getByRole("button", { name: "More" });
  await visit("plain");
  await chat.launcher.waitFor();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(chat.field).toBeFocused();
  await page.keyboard.type("One line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and another");
  await page.keyboard.press("Enter");
  await expect.poll(() => organization.texts()).toEqual(["One line\nand another"]);
  await expect(chat.field).toHaveValue("");

  await reach(page, chat.attach);
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([NOTES]);
  await reach(page, chat.send);
  await page.keyboard.press("Enter");
  await expect(chat.mine.getByRole("link", { name: "notes.txt" })).toBeVisible();

  await organization.answer({ type: "form", text: `+${form}` });
  await field.waitFor();
  await reach(page, field);
  await page.keyboard.type("Ada");
  await page.keyboard.press("Enter");
  await expect(field).toHaveCount(0);
  await expect(chat.field).toBeFocused();
  await chat.expectSent("Your name: Ada");

  await organization.answer({ type: "command", text: "/close" });
  await stars.last().waitFor();
  await reach(page, stars.last());
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowLeft");
  await expect(stars.nth(3)).toBeChecked();
  await page.keyboard.press("Enter");
  await expect(chat.mine.last()).toContainText("★★★★☆");

  await reach(page, more);
  await page.keyboard.press("Enter");
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  await page.keyboard.press("Escape");

  await expect(chat.panel).toBeHidden();
  await expect(chat.launcher).toBeFocused();
  const kinds = (await organization.messages()).map(({ type, role }) => `${role} ${type}`);
  expect(kinds.filter((kind) => kind.startsWith("contact"))).toEqual([
    "contact chat",
    "contact chat",
    "contact results",
    "contact results",
  ]);
});

test("keys pressed in the chat are none of the page's shortcuts", async ({ page, chat, visit }) => {
  await visit("plain");
  await page.evaluate(() => {
    window.heard = [];
    for (const type of ["keydown", "keypress", "keyup"])
      document.addEventListener(type, (event) => heard.push(event.key));
  });

  await chat.open();
  await page.keyboard.type("a/?");
  await expect(chat.field).toHaveValue("a/?");

  expect(await page.evaluate(() => heard)).toEqual([]);
});

test("what an agent says while the chat is closed is counted on the launcher until it is read", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await chat.say(QUESTION);
  await chat.expectSent(QUESTION);
  await page.keyboard.press("Escape");

  await organization.answer("One moment.");
  await organization.answer("Yes, it is.");
  await expect(chat.badge).toHaveText("2");
  await expect(chat.launcher).toHaveAccessibleName("Chat, 2 unread");
  expect(await chat.call("unreadCount")).toBe(2);
  await chat.open();

  await expect(chat.badge).toHaveText("");
  expect(await chat.call("unreadCount")).toBe(0);
  await page.reload();
  await expect(chat.launcher).toHaveAccessibleName("Chat");
});

test("a draft is still there after a reload", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await chat.field.fill("Half a sent");
  await page.reload();

  await chat.open();

  await expect(chat.field).toHaveValue("Half a sent");
  expect(await organization.conversations()).toEqual([]);
});

test("an agent's files, cards, links and buttons can be used", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await chat.say(QUESTION);
  await chat.expectSent(QUESTION);

  await organization.answer([
    {
      text: "Which one?",
      actions: [
        { type: "reply", text: "The blue one" },
        { type: "reply", text: "The red one" },
      ],
    },
  ]);
  await chat.panel
    .getByRole("group", { name: "Suggested answers" })
    .getByRole("button", { name: "The blue one" })
    .click();
  await expect(chat.panel.getByRole("group", { name: "Suggested answers" })).toHaveCount(0);
  await organization.answer({
    type: "card",
    text: "Two bicycles",
    items: [
      { title: "Wren", description: "City", actions: [{ type: "postback", text: "Book it", payload: "wren" }] },
      { title: "Heron", actions: [{ type: "link", text: "Look", uri: "https://shop.example/heron" }] },
    ],
  });
  await chat.log.getByRole("button", { name: "Book it" }).click();

  await expect
    .poll(() => organization.texts())
    .toEqual([QUESTION, "Which one?", "The blue one", "Two bicycles", "Book it"]);
  const booked = (await organization.messages()).at(-1);
  expect([booked.type, booked.payload]).toEqual(["postback", "wren"]);
  const link = chat.log.getByRole("link", { name: /^Look/ });
  await expect(link).toHaveAttribute("href", "https://shop.example/heron");
  await expect(link).toHaveAttribute("rel", /noopener/);
});

/** Goes to a control as a hand on the keyboard does. */
async function reach(page, control) {
  const isThere = () => control.evaluate((control) => control.getRootNode().activeElement == control && document.hasFocus());
  for (let steps = 0; !(await isThere()); steps++) {
    expect(steps, "steps to the control").toBeLessThan(30);
    await page.keyboard.press("Shift+Tab");
  }
}
