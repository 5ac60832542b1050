// On a phone the chat covers the page, and the page behind is where it was when the chat closes.
import { PICTURE } from "../support/files.js";
import { expect, test } from "../support/test.js";

test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

/** A page that is longer than the screen, read half way down. */
async function readOn(page, visit) {
  await visit("plain");
  await page.evaluate(() => {
    document.body.style.height = "3000px";
    scrollTo(0, 400);
  });
}

test.describe("pain 9: the page shifts on phones, and the keyboard covers the field", () => {
  test("the page behind keeps its scroll", async ({ page, chat, visit }) => {
    await readOn(page, visit);
    await chat.launcher.tap();
    await expect(chat.field).toBeVisible();

    // What a finger moves outside of the thread would move the page.
    await page.mouse.move(180, 30);
    await page.mouse.wheel(0, 500);
    await expect(page.locator("html")).toHaveCSS("overflow-y", "hidden");
    await chat.close.tap();

    await expect(page.locator("html")).toHaveCSS("overflow-y", "visible");
    expect(await page.evaluate(() => scrollY)).toBe(400);
  });

  test("the field stays above the keyboard", async ({ page, chat, visit }) => {
    await readOn(page, visit);
    await chat.launcher.tap();
    await chat.field.tap();

    // A keyboard takes its part of what is seen, and of nothing else; browsers may move what is left.
    await page.evaluate(() => {
      Object.defineProperties(visualViewport, { height: { value: 300 }, offsetTop: { value: 40 } });
      visualViewport.dispatchEvent(new Event("resize"));
    });

    const panel = chat.page.locator("web1on1-chat").locator("iframe, section.panel");
    await expect.poll(async () => (await panel.first().boundingBox()).height).toBe(300);
    expect((await panel.first().boundingBox()).y).toBe(40);
    const field = await chat.field.boundingBox();
    expect(field.y + field.height).toBeLessThan(340);
  });

  test("all of a conversation can be had by touch", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.tap();
    await chat.field.tap();
    await page.keyboard.insertText("Hello");
    await chat.send.tap();
    await chat.expectSent("Hello");
    await organization.answer({ text: "Which day?", actions: ["Friday", "Saturday"].map((text) => ({ type: "reply", text })) });
    await chat.panel.getByRole("button", { name: "Friday" }).tap();
    await chat.expectSent("Friday");
    const chooser = page.waitForEvent("filechooser");
    await chat.attach.tap();
    await (await chooser).setFiles([PICTURE]);
    await chat.send.tap();
    const picture = chat.mine.getByRole("img", { name: PICTURE.name });
    await picture.tap();
    await chat.panel.getByRole("button", { name: "Close picture" }).tap();
    await chat.panel.getByRole("button", { name: "More" }).tap();
    await expect(chat.panel.getByRole("button", { name: "Download transcript" })).toBeVisible();

    const small = await chat.panel.getByRole("button").evaluateAll((buttons) =>
      buttons
        .map((button) => [button.ariaLabel || button.textContent, button.getBoundingClientRect()])
        .filter(([, { width, height }]) => width && (width < 24 || height < 24))
        .map(([name]) => name),
    );
    expect(small, "too small for a finger").toEqual([]);
    await chat.close.tap();
    await expect(chat.launcher).toBeVisible();
    expect((await organization.texts()).slice(0, 3)).toEqual(["Hello", "Which day?", "Friday"]);
  });

  test("a tap into the field does not zoom", async ({ chat, visit }) => {
    await visit("plain");
    await chat.launcher.tap();

    // Safari zooms into fields of less than 16 px.
    await expect(chat.field).toHaveCSS("font-size", "16px");
  });
});

test("what the page says of its own overflow comes back", async ({ page, chat, visit }) => {
  await visit("plain");
  await page.evaluate(() => (document.documentElement.style.overflow = "scroll"));
  await chat.launcher.tap();
  await expect(page.locator("html")).toHaveCSS("overflow-y", "hidden");

  await chat.call("destroy");

  await expect(page.locator("html")).toHaveCSS("overflow-y", "scroll");
});
