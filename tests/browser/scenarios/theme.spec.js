// A site makes the chat its own: by one colour, by custom properties, by parts.
import { readFileSync } from "node:fs";
import { expect, test } from "../support/test.js";

// A module that imports nothing: Playwright's own loader takes what is outside of this directory for CommonJS.
const script = readFileSync(new URL("../../../static/accent.js", import.meta.url));
const { shadesOf } = await import("data:text/javascript;base64," + script.toString("base64"));

const colour = (locator, property) => locator.evaluate((element, property) => getComputedStyle(element)[property], property);

/** Relative luminance (WCAG 2.2) of `rgb(…)`. */
function luminance(css) {
  const [r, g, b] = css.match(/[\d.]+/g).map((part) => {
    const channel = part / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (...colours) => {
  const [dark, light] = colours.map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

test.describe("pain 20: themes are limited", () => {
  for (const color of ["#ffff00", "#000", "#fff", "rebeccapurple", "#7f7f7f", "oklch(0.7 0.2 140)"])
    test(`text can be read on and in any colour: ${color}`, async ({ chat, visit, organization }) => {
      await visit("plain", { attributes: `data-color="${color}" data-theme="dark"` });
      await chat.open();
      await chat.say("Hello");
      await chat.expectSent("Hello");
      await organization.answer({ text: "Look", role: "agent", actions: [{ type: "postback", text: "More", payload: "more" }] });
      const mine = chat.mine.locator(".bubble");
      const button = chat.theirs.getByRole("button", { name: "More" });
      await expect(button).toBeVisible();

      expect(contrast(await rgb(mine, "backgroundColor"), await rgb(mine, "color"))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(await rgb(button, "backgroundColor"), await rgb(button, "color"))).toBeGreaterThanOrEqual(4.5);
    });

  test("every colour has an ink and shades that can be read @inline", () => {
    const steps = Array.from({ length: 18 }, (_, step) => step * 15);
    for (const red of steps)
      for (const green of steps)
        for (const blue of steps) {
          const shades = shadesOf([red, green, blue].map((part) => part / 255));
          const ink = shades.ink == "#fff" ? "rgb(255,255,255)" : "rgb(0,0,0)";
          const least = Math.min(
            contrast(`rgb(${red},${green},${blue})`, ink),
            contrast(shades["on-light"], "rgb(241,243,246)"),
            contrast(shades["on-dark"], "rgb(38,42,52)"),
          );
          if (least < 4.5) expect(least, `rgb(${red},${green},${blue})`).toBeGreaterThanOrEqual(4.5);
        }
  });

  test("custom properties of the chat's element change type, corners and grounds", async ({ page, chat, visit }) => {
    await visit("plain");
    await page.addStyleTag({
      content: `web1on1-chat { --chat-font: Georgia, serif; --chat-radius: 2px; --chat-ground: rgb(250, 240, 230); --chat-ink: rgb(40, 20, 0); --chat-width: 320px }`,
    });
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    await expect(chat.panel).toHaveCSS("background-color", "rgb(250, 240, 230)");
    await expect(chat.panel).toHaveCSS("color", "rgb(40, 20, 0)");
    await expect(chat.panel).toHaveCSS("font-family", "Georgia, serif");
    await expect(chat.mine.locator(".bubble")).toHaveCSS("border-start-start-radius", "2px");
    expect((await chat.panel.boundingBox()).width).toBe(320);
  });

  test("parts can be styled by the page @inline", async ({ page, chat, visit }) => {
    await visit("plain");
    await page.addStyleTag({ content: "web1on1-chat::part(bubble) { letter-spacing: 3px } web1on1-chat::part(header) { background: rgb(1, 2, 3) }" });
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    await expect(chat.mine.locator(".bubble")).toHaveCSS("letter-spacing", "3px");
    await expect(chat.panel.locator(".header")).toHaveCSS("background-color", "rgb(1, 2, 3)");
  });
});

/** A computed colour as the screen has it, whatever it was written in. */
async function rgb(locator, property) {
  return locator.evaluate((element, css) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    return `rgb(${context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(", ")})`;
  }, await colour(locator, property));
}
