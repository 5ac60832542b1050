// The one script that a site includes: what it costs, where it starts, how it ends.
import { expect, test } from "../support/test.js";

test("opening and closing without a word stores nothing at the relay", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await page.keyboard.press("Escape");
  await page.reload();
  await chat.open();

  expect(await organization.conversations()).toEqual([]);
});

test("pointing at the launcher loads the chat and does not open it", async ({ chat, visit }) => {
  await visit("plain");

  await chat.launcher.hover();

  await expect(chat.panel).toBeAttached();
  await expect(chat.panel).toBeHidden();
  expect(await chat.call("isOpened")).toBe(false);
});

test("calls made before the script has run are replayed in order, and a bad one harms no other", async ({
  page,
  chat,
  visit,
  organization,
  errors,
}) => {
  await visit("queue");

  await expect(chat.field).toHaveValue("I want to book a test ride");
  await expect.poll(() => organization.texts()).toEqual(["/set isLead yes", "Hello"]);
  expect(await page.evaluate(() => window.isReady)).toBe(true);
  expect(errors).toHaveLength(1);
  await page.evaluate(() => web1on1.q.push(["close"]));
  await expect(chat.panel).toBeHidden();
});

test("a plain array of calls is a queue, too", async ({ chat, visit }) => {
  await visit("array");

  await expect(chat.badge).toHaveText("1");
  expect(await chat.call("isOpened")).toBe(false);
  await chat.open();
  await expect(chat.theirs.locator(".name")).toHaveText("Acme");
});

test("settings of the page win over attributes", async ({ chat, visit }) => {
  await visit("settings");
  await chat.open();

  await expect(chat.panel).toHaveCSS("color-scheme", "dark");
  await expect(chat.host).toHaveCSS("z-index", "7");
  await expect(chat.launcher).toHaveCSS("background-color", "rgb(255, 213, 0)");
  const { x } = await chat.panel.boundingBox();
  expect(x).toBe(20);
});

test("the page can hide the launcher, and gets its focus back", async ({ page, chat, visit }) => {
  await visit("plain", { attributes: "data-hide-launcher" });
  await chat.host.waitFor({ state: "attached" });
  await expect(chat.launcher).toBeHidden();

  await page.locator("#own").focus();
  await chat.call("open");
  await expect(chat.field).toBeFocused();
  await page.keyboard.press("Escape");

  await expect(page.locator("#own")).toBeFocused();
});

test("the chat opens by itself after the time that the page says", async ({ chat, visit }) => {
  await visit("plain", { attributes: 'data-open-after="0.05"' });

  await expect(chat.panel).toBeVisible();
});

test("embedded in an element it is always open", async ({ page, chat, visit, organization }) => {
  await visit("embedded");
  await expect(chat.field).toBeVisible();
  await expect(chat.launcher).toBeHidden();

  await chat.call("close");
  await chat.call("toggle");
  await page.keyboard.press("Escape");

  await expect(page.locator("#chat > web1on1-chat")).toBeVisible();
  await expect(chat.panel).toBeVisible();
  expect(await chat.call("isOpened")).toBe(true);
  await chat.say("Hello");
  await expect.poll(() => organization.texts()).toEqual(["Hello"]);
});

for (const [what, page] of [
  ["a module", "module"],
  ["a page with elements of our name", "named"],
]) {
  test(`${what} can carry it`, async ({ chat, visit }) => {
    await visit(page);
    await chat.open();
  });
}

test.describe("what is wrong is one error in the console", () => {
  for (const [what, attributes, message] of [
    ["a malformed organization", 'data-organization="5BAD"', /data-organization must be 24 lower-case hex digits/],
    ["a container that is not there", 'data-container="#nowhere"', /data-container "#nowhere" matches nothing/],
    ["a container that is no selector", 'data-container="##"', /data-container "##" matches nothing/],
  ]) {
    test(what, async ({ page, chat, visit, errors }) => {
      // Of two attributes of one name, the first counts.
      await visit("plain", { attributes });
      await page.waitForFunction(() => window.web1on1?.on);

      await expect.poll(() => errors).toEqual([expect.stringMatching(message)]);
      await expect(chat.host).toHaveCount(0);
      expect(await chat.codeOf("Hello")).toBe("destroyed");
      expect(errors).toHaveLength(1);
    });
  }

  // In a frame the browser shows nothing of a chat that is refused: `frame.spec.js` says who tells then.
  test("an organization that does not exist", { tag: "@inline" }, async ({ chat, visit, errors }) => {
    await visit("plain", { organization: "5bad2f12e91d2c331be33364" });
    await chat.launcher.click();

    await expect(chat.panel.getByRole("alert")).toContainText("There is no chat here");
    await expect(chat.field).toHaveCount(0);
    expect(errors).toEqual([expect.stringContaining("5bad2f12e91d2c331be33364")]);
    expect(await chat.codeOf("Hello")).toBe("not_found");
  });

  test("a page whose origin is not allowed", { tag: "@inline" }, async ({ page, chat, site, visit, organization, errors }) => {
    await organization.change({ allowedOrigins: ["https://shop.example"] });
    await visit("plain");
    await page.waitForFunction(() => window.web1on1?.on);
    await page.evaluate(() => web1on1.on("error", ({ code }) => (window.failure = code)));
    await chat.launcher.click();

    await expect(chat.panel.getByRole("alert")).toContainText("The chat is not available on this page");
    expect(await page.evaluate(() => window.failure)).toBe("origin_not_allowed");
    expect(errors).toEqual([expect.stringContaining(site.origin)]);
    expect(await chat.codeOf("Hello")).toBe("origin_not_allowed");
    expect(await organization.conversations()).toEqual([]);
  });
});

test("an allowed origin other than the relay's can chat", async ({ chat, site, visit, organization }) => {
  await organization.change({ allowedOrigins: [site.origin] });
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
});

test("a relay that is down at load: the page is unharmed, and its calls are made once the relay is back", async ({
  page,
  chat,
  visit,
  relay,
  organization,
  errors,
}) => {
  await relay.kill();
  await visit("queue");
  await page.waitForLoadState("networkidle");
  await expect(chat.host).toHaveCount(0);
  expect(errors).toEqual([]);

  await relay.restart();
  await page.evaluate(() => {
    const failed = document.querySelector("script[src]");
    const again = document.createElement("script");
    for (const { name, value } of failed.attributes) again.setAttribute(name, value);
    failed.replaceWith(again);
  });

  await expect(chat.field).toHaveValue("I want to book a test ride");
  await expect.poll(() => organization.texts()).toEqual(["/set isLead yes", "Hello"]);
});

test("a relay that goes away before the chat is loaded: the launcher says so and tries again", async ({
  page,
  chat,
  visit,
  relay,
  errors,
}) => {
  await visit("plain");
  await chat.launcher.waitFor();
  await relay.kill();
  const sent = page.evaluate(() => web1on1.api.sendClientMessage("kept"));

  await chat.launcher.click();
  await expect(chat.badge).toHaveText("!");
  await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
  await relay.restart();
  await chat.launcher.click();

  await chat.expectSent("kept");
  expect((await sent).seq).toBe(1);
  await expect(chat.badge).toHaveText("");
  expect(errors).toEqual([expect.stringContaining("cannot load from")]);
});

test("styles that the relay refuses: nothing is drawn without them, the launcher says so and tries again @inline", async ({
  page,
  chat,
  visit,
  errors,
}) => {
  await page.route(/widget.*\.css/, (route) => route.fulfill({ status: 503 }), { times: 1 });
  await visit("plain");
  await chat.launcher.click();

  await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
  await expect(chat.panel).toHaveCount(0);
  await chat.launcher.click();

  await chat.say("Hello");
  await chat.expectSent("Hello");
  expect(errors).toEqual([expect.stringMatching(/cannot load from .*widget\S*\.css: 503/s)]);
});

test("destroy removes everything, and init starts again with the same conversation", async ({
  page,
  chat,
  visit,
  errors,
}) => {
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");

  await page.evaluate(() => {
    web1on1.on("destroy", () => (window.wasDestroyed = true));
    web1on1.destroy();
  });
  await expect(chat.host).toHaveCount(0);
  expect(await page.evaluate(() => [window.wasDestroyed, web1on1.isOpened()])).toEqual([true, false]);
  expect(await chat.codeOf("Lost")).toBe("destroyed");
  await page.evaluate(() => web1on1.init({ position: "left" }));
  await chat.open();

  await chat.expectTexts(["Hello"]);
  expect((await chat.panel.boundingBox()).x).toBe(20);
  expect(errors).toEqual([]);
});

test("calls without an answer are rejected by destroy", async ({ page, chat, visit, relay }) => {
  await visit("plain");
  await chat.open();
  await relay.kill();

  const code = page.evaluate(() => {
    const answer = web1on1.api.sendClientMessage("Hello").catch((error) => error.code);
    setTimeout(() => web1on1.destroy());
    return answer;
  });

  expect(await code).toBe("destroyed");
});

test("destroy while the chat is loading leaves nothing behind", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  const [first, second] = await page.evaluate(async () => {
    const lost = web1on1.api.sendClientMessage("lost").catch((error) => error.code);
    web1on1.destroy();
    web1on1.init();
    return [await lost, (await web1on1.api.sendClientMessage("sent")).seq];
  });

  expect([first, second]).toEqual(["destroyed", 1]);
  await expect(chat.host).toHaveCount(1);
});
