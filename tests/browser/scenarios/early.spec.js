// A visitor does not wait for the widget: its field is there before, and nothing that is written in it is lost.
import { expect, test } from "../support/test.js";

/** Holds the widget's wasm back, or another file. Gives what lets it come, and what has it fail. */
async function hold(page, file = /widget.*\.bin/) {
  let release;
  const decision = new Promise((resolve) => (release = resolve));
  await page.route(file, async (route) => {
    if ((await decision) === "fail") await route.abort();
    else await route.continue();
  });
  return {
    come: () => release("come"),
    async fail() {
      release("fail");
      await page.waitForEvent("requestfailed", (request) => file.test(request.url()));
      await page.unrouteAll({ behavior: "ignoreErrors" });
    },
  };
}

test("what is sent and written before the widget is there is the widget's when it comes", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  const widget = await hold(page);
  await visit("plain");
  await chat.open();
  await expect(chat.field).toBeFocused();
  await page.keyboard.type("Hello");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Are you ");
  expect(await organization.conversations()).toEqual([]);

  widget.come();
  await chat.expectSent("Hello");
  await page.keyboard.type("there?");

  await expect(chat.field).toHaveValue("Are you there?");
  await chat.expectTexts(["Hello"]);
  await page.keyboard.press("Enter");
  await chat.expectSent("Are you there?");
  expect(await organization.texts()).toEqual(["Hello", "Are you there?"]);
});

test("a message sent before the widget is there goes through its action", async ({ page, chat, visit, organization }) => {
  const widget = await hold(page);
  await visit("plain");
  await chat.launcher.waitFor();
  await chat.open();
  await page.evaluate(() => {
    web1on1.actions.addListener("beforeSendMessage", (payload) => (payload.body = payload.body.replace(/\d/g, "x")));
  });
  await chat.say("My card is 4111");
  widget.come();

  await chat.expectSent("My card is xxxx");
  expect(await organization.texts()).toEqual(["My card is xxxx"]);
});

for (const [name, file] of [["its wasm", /widget.*\.bin/], ["what the wasm needs of the browser", /engine.*\.js/]])
  test(`what was written survives a widget that does not load: ${name} @inline`, async ({ page, chat, visit, organization }) => {
    const widget = await hold(page, file);
    await visit("plain");
    await chat.open();
    await chat.say("First");
    await page.keyboard.type("Second");

    await widget.fail();
    await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
    // Pointing at it is no second try yet: a chat that came meanwhile would be closed by the click.
    await chat.launcher.hover();
    await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
    await chat.launcher.click();

    await chat.expectSent("First");
    await expect(chat.field).toHaveValue("Second");
    expect(await organization.texts()).toEqual(["First"]);
  });

test("Escape closes the chat before the widget is there, too", async ({ page, chat, visit }) => {
  const widget = await hold(page);
  await visit("plain");
  await chat.open();
  await page.keyboard.type("Hello");

  await page.keyboard.press("Escape");
  await expect(chat.field).toBeHidden();
  await expect(chat.launcher).toBeFocused();
  widget.come();
  await chat.open();

  await expect(chat.field).toHaveValue("Hello");
});
