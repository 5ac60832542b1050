// Pages whose style sheets reach for everything: the chat looks as it does anywhere.
import { differences, look } from "../support/look.js";
import { expect, test } from "../support/test.js";

test.use({ reducedMotion: "reduce" });

const STYLES = {
  "that unset everything": "* { all: unset !important }",
  "that hide elements by name": "div, button, section, iframe, textarea, span { display: none !important }",
  "that hide what they do not know": "body > :not(h1) { display: none !important; visibility: hidden !important }",
  "that ask for this one to be hidden": "web1on1-chat { display: none !important }",
  "of a large base size": "html { font-size: 300% } body { font: 3rem/3 fantasy; letter-spacing: 0.3em }",
  "that set every font": "* { font: italic 30px/1 serif !important; text-transform: uppercase !important }",
  "that turn and dim elements": "body * { rotate: 3deg !important; opacity: 0.3 !important; filter: blur(2px) !important }",
  "that forbid the pointer": "* { pointer-events: none !important; user-select: none !important }",
  "that give every element a frame": `* {
    position: relative !important; float: left !important; box-sizing: content-box !important;
    margin: 9px !important; border: 9px solid lime !important; padding: 9px !important;
    width: 99px !important; max-height: 9px !important; overflow: hidden !important }`,
  "with variables of the chat's names": `* {
    --accent: red !important; --z: -1 !important; --ground: red !important; --ink: red !important;
    --space-4: 99px !important }`,
};

test("pain 20: the page's styles get into the widget", async ({ page, chat, visit, converse }) => {
  await visit("styled");
  await converse();
  // The pointer is off the launcher whenever it looks.
  await chat.field.click();
  const plain = await look(chat);

  for (const [what, css] of Object.entries(STYLES)) {
    await page.locator("style").evaluate((style, css) => (style.textContent = css), css);

    expect.soft(await differences(plain, await look(chat)), `styles ${what}`).toEqual([]);
    await chat.launcher.click({ trial: true });
    await chat.field.click({ trial: true });
  }
});

test("a page without a doctype lays it out as any other", async ({ chat, visit, converse }) => {
  const boxes = () =>
    chat.panel.evaluate(async (root) => {
      await Promise.all(root.getAnimations({ subtree: true }).map((animation) => animation.finished));
      const describe = (element) => `${element.localName}.${element.getAttribute("class")} ${JSON.stringify(element.getBoundingClientRect())}`;
      return [root, ...root.querySelectorAll("*")].map(describe);
    });
  await visit("plain");
  await converse();
  await chat.field.click();
  const standard = await boxes();

  await visit("quirks");
  await chat.open();
  await chat.expectTexts(["Hello", "Good morning."]);
  await chat.field.click();

  await expect.poll(boxes).toEqual(standard);
});
