// Pages that are read from right to left.
import { expect, test } from "../support/test.js";

test.describe("pain 11: right-to-left is missing or wrong", () => {
  test("the chat is mirrored, in the corner where such a page expects it", async ({
    page,
    chat,
    visit,
    organization,
  }) => {
    chat.speak("ar");
    await visit("rtl");
    // Before the pointer is on it: then it grows.
    expect((await chat.launcher.boundingBox()).x).toBe(20);
    await chat.open();
    await chat.say("مرحبا، هل الدراجة متوفرة؟");
    await chat.expectSent("مرحبا، هل الدراجة متوفرة؟");
    await organization.answer("صباح الخير. نعم، بالمقاسين 54 و58.");
    await expect(chat.theirs).toHaveCount(1);

    await expect(chat.panel).toHaveCSS("direction", "rtl");
    const x = async (part) => Math.round((await part.boundingBox()).x);
    expect(await x(chat.panel)).toBe(20);
    expect(await x(chat.close)).toBeLessThan(
      await x(chat.panel.getByRole("heading").first()),
    );
    expect(await x(chat.mine.locator(".bubble"))).toBeLessThan(await x(chat.theirs.locator(".bubble")));
    expect(await x(chat.send)).toBeLessThan(await x(chat.field));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(page.viewportSize().width);
  });

  test("a page may say `right` all the same", async ({ page, chat, visit }) => {
    chat.speak("ar");
    await visit("rtl", { attributes: 'data-position="right"' });
    await chat.open();

    const { x, width } = await chat.panel.boundingBox();
    expect(Math.round(x + width)).toBe(page.viewportSize().width - 20);
    await expect(chat.panel).toHaveCSS("direction", "rtl");
  });

  test("what is said has the direction of its own words on any page", async ({ chat, visit, organization }) => {
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    await organization.answer(["صباح الخير.", "Good morning."]);
    await chat.say("شكرا!");
    await chat.expectSent("شكرا!");

    const directions = await chat.bubbles.evaluateAll((bubbles) =>
      bubbles.map((bubble) => getComputedStyle(bubble).direction),
    );
    expect(directions).toEqual(["ltr", "rtl", "ltr", "rtl"]);
  });
});
