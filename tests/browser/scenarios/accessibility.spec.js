// The chat by axe's rules, by keyboard, and on a small screen.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/test.js";
import { VIEWS } from "../views/views.js";

const SCREENS = [{ colorScheme: "light" }, { colorScheme: "dark" }];
const SCHEMES = [...SCREENS, { forcedColors: "active" }];

test.describe("axe finds nothing", () => {
  test.use({ reducedMotion: "reduce" });

  // The demo page is in `auto` mode.
  test("on the demo page", { tag: "@inline" }, async ({ page, chat, relay }) => {
    await page.goto(relay.origin);
    await chat.launcher.waitFor();
    // Of text on a section with colours of its own axe reads `-webkit-text-fill-color`, which Chromium does not force.
    await expectNoFindings(page, undefined, SCREENS);
  });

  // In a frame it is the same document; and the browser shows nothing of a chat that is refused there.
  for (const [name, prepare] of Object.entries(VIEWS))
    test(`in the view "${name}"`, { tag: "@inline" }, async ({ page, chat, visit, relay, organization }) => {
      await prepare({ page, chat, visit, relay, organization });
      await expectNoFindings(page, "web1on1-chat");
    });

  test("around a chat in a frame", { tag: "@frame" }, async ({ page, converse, visit }) => {
    await visit("plain");
    await converse();
    await expectNoFindings(page, "web1on1-chat");
  });
});

test("opening leads to the field, Escape closes and leads back to the launcher", async ({ page, chat, visit }) => {
  await visit("plain");

  await chat.launcher.click();
  await expect(chat.field).toBeFocused();
  await expect(chat.launcher).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Escape");

  await expect(chat.launcher).toBeFocused();
  await expect(chat.launcher).toHaveAttribute("aria-expanded", "false");
});

test("the close button, too, leads back to the launcher", async ({ chat, visit }) => {
  await visit("plain");
  await chat.open();

  await chat.panel.getByRole("button", { name: "Close chat" }).click();

  await expect(chat.launcher).toBeFocused();
});

test("a page that opens the chat does not take a person out of a field", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.launcher.waitFor();
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { id: "name" })));
  await page.locator("#name").focus();

  await chat.call("open");
  await expect(chat.field).toBeVisible();
  await page.keyboard.type("Ada");

  await expect(page.locator("#name")).toHaveValue("Ada");
  await expect(chat.field).toHaveValue("");
});

test("pain 10: a screen reader hears who said what, is told of an answer, and knows everything by role and name", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await expect(chat.panel).toHaveRole("dialog");
  await expect(chat.panel).toHaveAccessibleName("Rook Lane Cycles");

  await chat.say("Hello");
  await chat.expectSent("Hello");
  await organization.answer("Good morning.");

  await expect(chat.log.locator(".row.mine .bubble")).toHaveText("You: Hello");
  await expect(chat.log.locator(".row.theirs .bubble")).toHaveText(/^.+: Good morning\.$/);
  await expect(chat.panel.locator("[aria-live=polite]")).toHaveText(/^.+: Good morning\.$/);
  await chat.panel.getByRole("button", { name: "More" }).click();
  await expect(chat.panel).toMatchAriaSnapshot(`
    - dialog "Rook Lane Cycles":
      - heading "Rook Lane Cycles" [level=2]
      - paragraph: Front desk · Online
      - button "More" [expanded]
      - button "Download transcript"
      - group: Start over
      - button "Close chat"
      - log "Messages":
        - paragraph: Today
        - text: "You:"
        - paragraph: Hello
        - paragraph:
          - time: /\\d+:\\d+/
          - text: Read
        - text: "Front desk:"
        - paragraph: Good morning.
        - paragraph:
          - time: /\\d+:\\d+/
      - status
      - button "Attach a file"
      - button "Emoji"
      - textbox "Write a message"
      - button "Send" [disabled]
      - text: "Front desk: Good morning."
  `);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test("the chat fills the screen, and does not raise the keyboard", async ({ chat, visit }) => {
    await visit("plain");
    await chat.launcher.tap();
    await expect(chat.panel).toBeVisible();

    await expect.poll(() => chat.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    await expect(chat.launcher).toBeHidden();
    await expect(chat.field).not.toBeFocused();
    expect(parseFloat(await chat.field.evaluate((field) => getComputedStyle(field).fontSize))).toBeGreaterThanOrEqual(
      16,
    );
    await chat.panel.getByRole("button", { name: "Close chat" }).tap();
    await expect(chat.launcher).toBeVisible();
  });

  test("a long word and a wide code block do not widen the page", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.launcher.tap();
    await chat.call("api.showFakeAgentMessage", ["x".repeat(500), "```\n" + "y".repeat(500) + "\n```"]);
    await expect(chat.theirs).toHaveCount(2);

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(
      await chat.panel.locator(".scroller").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    ).toBe(0);
  });
});

async function expectNoFindings(page, selector, schemes = SCHEMES) {
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none", ...scheme });
    const axe = new AxeBuilder({ page });
    if (selector) axe.include(selector);
    const { violations } = await axe.analyze();
    const findings = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
    );
    expect.soft(findings, JSON.stringify(scheme)).toEqual([]);
  }
}
