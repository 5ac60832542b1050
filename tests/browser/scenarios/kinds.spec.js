// Every kind of message, as the visitor meets it in the thread.
import AxeBuilder from "@axe-core/playwright";
import { Agent } from "../support/agent.js";
import { picture, showShop } from "../support/pictures.js";
import { expect, test } from "../support/test.js";

test.beforeEach(async ({ visit, chat }) => {
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
});

test("pictures have their place before they have loaded, and nothing moves when they have", async ({
  page,
  chat,
  organization,
}) => {
  const release = (await showShop(page)).hold();
  await organization.answer([
    picture("red", 300, 200),
    picture("green", 100, 900),
    { ...picture("blue", 300, 150), text: "https://shop.example/blue-300x150.svg" },
    "There they are.",
  ]);
  const images = chat.log.locator("img");
  await expect(images).toHaveCount(3);
  const places = () =>
    chat.theirs.evaluateAll((rows) => {
      const boxes = rows.map((row) => row.getBoundingClientRect());
      return boxes.map(({ top, height }) => [Math.round(top - boxes[0].top), Math.round(height)]);
    });
  await expect(chat.row("There they are.")).toBeVisible();
  await settled(chat.panel);
  const before = await places();

  release();
  for (const image of await images.all()) {
    await image.scrollIntoViewIfNeeded();
    await expect.poll(() => image.evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  }
  await chat.row("There they are.").scrollIntoViewIfNeeded();

  await settled(chat.panel);
  expect(await places()).toEqual(before);
  const ratio = ({ width, height }) => width / height;
  expect(ratio(await images.first().boundingBox())).toBeCloseTo(1.5, 1);
  expect((await images.nth(1).boundingBox()).height).toBe(320);
});

test("the relay's own pictures are kept a place for, and its files say how large they are and are saved", async ({
  page,
  chat,
  organization,
}) => {
  const png = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 90 });
    return canvas.toDataURL().split(",")[1];
  });
  const photo = await organization.upload("photo.png", Buffer.from(png, "base64"));
  const list = await organization.upload("Price list.pdf", "%PDF-1.7\n" + "x".repeat(34_000));
  const message = ({ url, name, contentType }) => ({ text: url, contentType, meta: { title: name } });

  await organization.answer([message(photo), message(list)]);

  const image = chat.log.getByRole("img", { name: "photo.png" });
  await expect(image).toHaveAttribute("width", "60");
  await expect(image).toHaveAttribute("height", "90");
  await expect.poll(() => image.evaluate((image) => image.naturalHeight)).toBe(90);
  const link = chat.log.getByRole("link", { name: "Price list.pdf" });
  await expect(link).toHaveText(/^pdfPrice list\.pdf34 kB$/);
  const saved = page.waitForEvent("download");
  await link.click();
  expect((await saved).suggestedFilename()).toBe("Price list.pdf");
});

test("what cannot be shown has its name all the same; sound and film play where they stand", async ({
  page,
  chat,
  organization,
}) => {
  await showShop(page);
  await organization.answer([
    { text: "https://shop.example/missing.svg", contentType: "image/svg+xml", meta: { title: "Gone.svg" } },
    { text: "https://shop.example/bell.mp3", contentType: "audio/mpeg", meta: { title: "Bell.mp3", size: 1_500_000 } },
    { text: "https://shop.example/ride.mp4", contentType: "video/mp4", meta: { title: "Ride.mp4" } },
  ]);

  await chat.log.getByRole("link", { name: /Gone\.svg/ }).scrollIntoViewIfNeeded();
  await expect(chat.log.getByRole("img")).toHaveCount(0);
  await expect(chat.log.getByRole("link", { name: /Gone\.svg/ })).toBeVisible();
  const sound = chat.log.locator("audio");
  await expect(sound).toHaveAttribute("controls", "");
  await expect(sound).toHaveAccessibleName("Bell.mp3");
  await expect(chat.log.getByRole("link", { name: /Bell\.mp3/ })).toHaveText(/1\.5 MB$/);
  await expect(chat.log.locator("video")).toHaveAccessibleName("Ride.mp4");
});

test("a card has its title, what it says and its buttons, with their pictures", async ({ page, chat, organization }) => {
  const { asked } = await showShop(page);
  await organization.answer([
    {
      type: "card",
      text: "A city bicycle with **seven** gears.",
      meta: { title: "The Wren" },
      actions: [
        { type: "postback", text: "Book it", payload: "wren", iconUrl: "https://shop.example/red-20x20.svg" },
        { type: "link", text: "Look", uri: "https://shop.example/wren", iconUrl: "http://shop.example/insecure.svg" },
      ],
    },
    picture("blue", 300, 150, { type: "card", meta: { title: "In blue" } }),
  ]);

  const card = chat.theirs.first();
  await expect(card.getByRole("heading", { name: "The Wren" })).toBeVisible();
  await expect(card.locator("strong")).toHaveText("seven");
  const button = card.getByRole("button", { name: "Book it", exact: true });
  await expect(button.locator("img")).toHaveAttribute("alt", "");
  for (const _ of "12") await button.click();
  await expect.poll(() => organization.texts().then((texts) => texts.filter((text) => text === "Book it").length)).toBe(2);
  await expect(chat.log.getByRole("heading", { name: "In blue" })).toBeVisible();
  expect(asked).not.toContain("/insecure.svg");
});

test.describe("a page that a button opens", () => {
  test("covers the conversation as much as it should, and leads back to the button", async ({
    page,
    chat,
    organization,
  }) => {
    await showShop(page);
    const uri = "https://shop.example/sizes.html";
    await organization.answer({
      text: "Which size?",
      actions: ["compact", "tall", "full", "huge"].map((size) => ({ type: "webview", text: `Open ${size}`, uri, size })),
    });
    const heights = [];
    const behind = chat.panel.locator("[inert] textarea");
    for (const size of ["compact", "tall", "full", "huge"]) {
      const opener = chat.log.getByRole("link", { name: `Open ${size}` });
      await opener.click();
      const dialog = chat.panel.getByRole("dialog", { name: `Open ${size}` });
      await expect(dialog).toBeFocused();
      const frame = dialog.locator("iframe");
      await expect(frame).toHaveAttribute("sandbox", "allow-scripts allow-forms allow-popups allow-same-origin");
      await expect(frame.contentFrame().getByRole("button", { name: "Inside" })).toBeVisible();
      await expect(dialog.getByRole("link", { name: "Open in a new tab" })).toHaveAttribute("href", uri);
      heights.push((await dialog.boundingBox()).height / (await chat.panel.boundingBox()).height);
      await expect(behind).toHaveCount(1);

      if (size === "tall") await dialog.getByRole("button", { name: "Close page" }).click();
      else await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
      await expect(opener).toBeFocused();
      await expect(chat.panel).toBeVisible();
      await expect(behind).toHaveCount(0);
    }
    const [compact, tall, full, huge] = heights;
    expect(compact).toBeCloseTo(0.5, 1);
    expect(tall).toBeCloseTo(0.8, 1);
    expect(full).toBeCloseTo(1, 1);
    expect(huge).toBe(full);
  });
});

test("a quote says whom and what it answers, and leads there", async ({ chat, organization }) => {
  const [first] = await organization.messages();
  await organization.answer([
    { text: "Good morning.", meta: { quotedMessage: first.id } },
    ...Array.from({ length: 30 }, (_, at) => `Line ${at}`),
    { text: "As you said.", meta: { quotedMessage: first.id } },
    { text: "To that.", meta: { quotedMessage: "When are you open?" } },
    { text: "To something long ago.", meta: { quotedMessage: "5bb01d0dd99faf11a3f4a36e" } },
  ]);
  const quote = chat.row("As you said.").locator(".quote");
  await expect(quote).toHaveText("YouHello");
  await expect(chat.row("To that.").locator(".quote")).toHaveText("When are you open?");
  await expect(chat.row("To something long ago.").locator(".quote")).toHaveText("An earlier message");
  await expect(chat.mine.first()).not.toBeInViewport();

  await quote.click();

  await expect(chat.mine.first()).toBeInViewport();
  await expect(chat.mine.first()).toBeFocused();
});

test("a quote leads to what was said long before the rest that has come, and says when that is too far", async ({
  page,
  chat,
  organization,
}) => {
  const [first] = await organization.messages();
  await organization.answer(Array.from({ length: 99 }, (_, at) => `Line ${at}`));
  await organization.answer([
    { text: "To something long ago.", meta: { quotedMessage: "5bb01d0dd99faf11a3f4a36e" } },
    { text: "As you said.", meta: { quotedMessage: first.id } },
  ]);
  await page.reload();
  await chat.open();
  const quote = chat.row("As you said.").locator(".quote");
  await expect(quote).toHaveText(chat.words.quoted);

  await quote.press("Enter");

  await expect(chat.mine).toBeInViewport();
  await expect(chat.mine).toBeFocused();
  await expect(chat.banner).toHaveCount(0);
  await chat.panel.getByRole("button", { name: chat.words.latest }).click();
  await expect(quote).toHaveText("YouHello");
  await chat.row("To something long ago.").getByRole("button", { name: chat.words.quoted }).click();
  await expect(chat.banner).toHaveText(chat.words.tooFar);
  await expect(quote).toBeInViewport();
});

test("a quote says what became of what it quotes", async ({ chat, organization, relay }) => {
  const ada = await Agent.hire(relay, "Ada");
  const hours = await ada.say("We open at nine.");
  await organization.answer({ text: "As I wrote.", meta: { quotedMessage: { id: hours.id, text: "We open at nine." } } });
  const quote = chat.row("As I wrote.").locator(".quote");
  await expect(quote).toHaveText("AdaWe open at nine.");

  await ada.change(hours, "We open at ten.");
  await expect(quote).toHaveText("AdaWe open at ten.");
  await ada.takeBack(hours);
  await expect(quote).toHaveText(`Ada${chat.words.gone}`);
});

test("emoji alone are large, code stays in its box, and every line has its own direction", async ({
  chat,
  organization,
}) => {
  await organization.answer([
    "🎉 👍🏽",
    "Done 🎉",
    "```\n" + "y".repeat(500) + "\n```",
    "The frame:\nدراجة W-1",
  ]);
  await expect(chat.theirs).toHaveCount(4);

  const size = (text) =>
    chat.row(text).locator(".bubble p").evaluate((line) => parseFloat(getComputedStyle(line).fontSize));
  expect(await size("🎉 👍🏽")).toBeGreaterThan(30);
  expect(await size("Done 🎉")).toBe(15);
  const code = chat.log.locator("pre");
  expect(await code.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
  await code.focus();
  await expect(code).toBeFocused();
  await expect(chat.theirs.nth(3).locator(".bubble p")).toHaveCSS("unicode-bidi", "plaintext");

  const excess = () =>
    chat.panel.locator(".scroller").evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await excess()).toBe(0);
  // One that is taller than the view, and puts the others out of it.
  const long = ("x".repeat(399) + " ").repeat(20);
  await organization.answer(long);
  await expect(chat.theirs.last()).toContainText(long.trim());
  expect(await excess()).toBe(0);
});

test("of what a newer relay or a careless page says, what can be read is shown", async ({ chat }) => {
  await chat.call("api.showFakeAgentMessage", [
    { text: "A hologram", type: "hologram", meta: [], items: "none", iframe: { url: "javascript:alert(1)" } },
    {
      text: "Buttons",
      actions: [7, null, {}, { type: "teleport", text: "Go" }, { type: "link", text: "Nowhere", uri: "x:y" }, { type: "postback", text: "Fine", payload: {} }],
      items: [{}, { title: "One card", mediaUrl: "file:///etc/passwd", actions: {} }],
    },
    "And on it goes.",
  ]);

  await expect(chat.theirs).toHaveCount(3);
  await expect(chat.row("A hologram")).toBeVisible();
  await expect(chat.log.getByRole("button")).toHaveText(["Fine"]);
  await expect(chat.log.getByRole("link")).toHaveCount(0);
  await expect(chat.log.locator("img, iframe")).toHaveCount(0);
  await expect(chat.log.getByRole("heading", { name: "One card" })).toBeVisible();
});

test("axe finds nothing among all kinds", async ({ page, chat, organization }) => {
  test.slow();
  await showShop(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const [first] = await organization.messages();
  const items = ["Wren", "Heron", "Swift"].map((title) => ({
    title,
    description: "A bicycle",
    mediaUrl: "https://shop.example/red-300x200.svg",
    actions: [{ type: "postback", text: `Book the ${title}`, payload: title }],
  }));
  await organization.answer([
    picture("red", 300, 200),
    { text: "https://shop.example/list.pdf", contentType: "application/pdf", meta: { title: "List.pdf", size: 7 } },
    { text: "https://shop.example/bell.mp3", contentType: "audio/mpeg", meta: { title: "Bell.mp3" } },
    { type: "card", text: "Which?", meta: { title: "Bicycles", quotedMessage: first.id }, items },
    { text: "```\nls\n```", actions: [{ type: "webview", text: "Sizes", uri: "https://shop.example/sizes.html", size: "tall" }] },
  ]);
  await expect(chat.log.getByRole("button", { name: "Next" })).toBeAttached();
  const findings = async () => {
    const { violations } = await new AxeBuilder({ page }).include("web1on1-chat").analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })));
  };

  expect(await findings()).toEqual([]);
  await chat.log.getByRole("link", { name: "Sizes" }).click();
  await expect(chat.panel.getByRole("dialog")).toBeVisible();
  expect(await findings()).toEqual([]);
  await page.keyboard.press("Escape");
  await chat.log.getByRole("link", { name: "red.svg" }).click();
  await expect(chat.panel.getByRole("dialog")).toBeVisible();
  expect(await findings()).toEqual([]);
});

/** Once nothing moves any more. */
function settled(panel) {
  return panel.evaluate((panel) =>
    Promise.all(panel.getAnimations({ subtree: true }).map((animation) => animation.finished.catch(() => {}))),
  );
}
