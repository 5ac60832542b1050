// What lies above what, and who gets a click: the page decides, and the chat takes no more than what is seen of it.
import { expect, test } from "../support/test.js";

test.describe("pain 14: an invisible container eats clicks, and cannot be lowered", () => {
  test("a closed chat covers nothing but its launcher", async ({ page, chat, visit }) => {
    await visit("layers");
    await chat.launcher.hover();
    await expect(chat.panel).toBeAttached();
    const launcher = await chat.launcher.boundingBox();

    const { width, height } = page.viewportSize();
    const covered = await page.evaluate(hits, { width, height, step: 8 });

    expect(covered.length).toBeGreaterThan(0);
    for (const { x, y } of covered) {
      expect(x).toBeGreaterThanOrEqual(launcher.x);
      expect(x).toBeLessThanOrEqual(launcher.x + launcher.width);
      expect(y).toBeGreaterThanOrEqual(launcher.y);
      expect(y).toBeLessThanOrEqual(launcher.y + launcher.height);
    }
    expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual(
      [width, height],
    );
  });

  test("an open chat covers its panel and its launcher", async ({ page, chat, visit }) => {
    await visit("layers");
    await chat.open();
    const boxes = [await chat.launcher.boundingBox(), await chat.panel.boundingBox()];
    const isInside = ({ x, y }) =>
      boxes.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);

    const { width, height } = page.viewportSize();
    const covered = await page.evaluate(hits, { width, height, step: 8 });

    expect(covered.filter((point) => !isInside(point))).toEqual([]);
    expect(covered.length).toBeGreaterThan(1_000);
  });

  test("a cookie banner on the highest layer lies above it until it is answered", async ({ page, chat, visit }) => {
    await visit("layers");
    await chat.open();
    await page.evaluate(() => (document.documentElement.className = "cookies"));

    const field = await chat.field.boundingBox();
    const launcher = await chat.launcher.boundingBox();
    expect(await page.evaluate(topmost, launcher)).toBe("cookies");
    expect(await page.evaluate(topmost, field)).toBe("cookies");
    await page.evaluate(() => (document.documentElement.className = ""));

    await chat.launcher.click();
    await expect(chat.panel).toBeHidden();
  });

  test("`data-z-index` lowers it below a dialog of the page", async ({ page, chat, visit }) => {
    await visit("layers", { attributes: 'data-z-index="999"' });
    await chat.open();
    await page.evaluate(() => (document.documentElement.className = "dialog"));

    const field = await chat.field.boundingBox();
    const launcher = await chat.launcher.boundingBox();
    expect(await page.evaluate(topmost, field)).toBe("dialog");
    expect(await page.evaluate(topmost, launcher)).toBe("dialog");
  });

  test("without it, it lies above such a dialog", async ({ page, chat, visit }) => {
    await visit("layers");
    await chat.open();
    await page.evaluate(() => (document.documentElement.className = "dialog"));

    expect(await page.evaluate(topmost, await chat.field.boundingBox())).toBe("web1on1-chat");
    await chat.say("Hello");
    await chat.expectSent("Hello");
  });
});

/** Runs in the page: the points of a grid over the window that belong to the chat. */
function hits({ width, height, step }) {
  const points = [];
  for (let x = 0; x < width; x += step)
    for (let y = 0; y < height; y += step)
      if (document.elementFromPoint(x, y).localName === "web1on1-chat") points.push({ x, y });
  return points;
}

/** Runs in the page: what lies on top in the middle of a box. */
function topmost({ x, y, width, height }) {
  const element = document.elementFromPoint(x + width / 2, y + height / 2);
  return element.id || element.localName;
}
