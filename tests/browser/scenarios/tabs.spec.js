// Several tabs of one visitor are one conversation.
import { expect, test } from "../support/test.js";

test.describe("pain 8: tabs are out of step", () => {
  test("what one tab says appears in the other, once", async ({ context, chat, visit, organization }) => {
    await visit("plain");
    await chat.open();
    await chat.say("from the first");
    await chat.expectSent("from the first");
    const other = await openTab(context, chat);

    await other.say("from the second");
    await chat.say("from the first again");

    const texts = ["from the first", "from the second", "from the first again"];
    await expect.poll(() => organization.texts().then((texts) => texts.length)).toBe(3);
    const stored = await organization.texts();
    expect([...stored].sort()).toEqual([...texts].sort());
    await chat.expectTexts(stored);
    await other.expectTexts(stored);
    expect(await organization.conversations()).toHaveLength(1);
  });

  test("two tabs that were open before the first word share the conversation that follows", async ({
    context,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    const other = await openTab(context, chat);
    await chat.open();

    await other.say("one");
    await other.expectSent("one");
    await chat.say("two");

    await chat.expectTexts(["one", "two"]);
    await other.expectTexts(["one", "two"]);
    expect(await organization.conversations()).toHaveLength(1);
  });

  test("an agent's answer reaches both tabs", async ({ context, chat, visit, organization }) => {
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    const other = await openTab(context, chat);

    await organization.answer("Good morning.");

    await chat.expectTexts(["Hello", "Good morning."]);
    await other.expectTexts(["Hello", "Good morning."]);
  });

  test("what two tabs wrote while the relay was down arrives, each once", async ({
    context,
    chat,
    visit,
    relay,
    organization,
  }) => {
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    const other = await openTab(context, chat);
    await other.expectTexts(["Hello"]);

    await relay.kill();
    await chat.say("one");
    await other.say("two");
    await expect(chat.delivery("one")).toHaveText("Waiting to be sent");
    await expect(other.delivery("two")).toHaveText("Waiting to be sent");
    await relay.restart();

    await expect.poll(() => organization.texts().then((texts) => texts.length)).toBe(3);
    await chat.expectSent("one");
    await other.expectSent("two");
    const stored = await organization.texts();
    expect([...stored].sort()).toEqual(["Hello", "one", "two"]);
    await chat.expectTexts(stored);
    await other.expectTexts(stored);
  });

  /** A second tab of the same page, with the chat open. */
  async function openTab(context, first) {
    const tab = await context.newPage();
    await tab.goto(first.page.url());
    const chat = first.in(tab);
    await chat.open();
    return chat;
  }
});
