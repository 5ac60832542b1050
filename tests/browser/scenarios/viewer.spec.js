// The thread's pictures at full size.
import { picture, showShop } from "../support/pictures.js";
import { expect, test } from "../support/test.js";

test.beforeEach(async ({ page, visit, chat, organization }) => {
  await showShop(page);
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await organization.answer([picture("red", 300, 200), picture("green", 200, 300), picture("blue", 400, 400)]);
  await expect(chat.log.locator("a.image")).toHaveCount(3);
});

const viewer = (chat) => chat.panel.locator("dialog");

test("go from one to the next by keys and buttons; Escape leads back to the thread", async ({ page, chat }) => {
  const opener = chat.log.getByRole("link", { name: "green.svg" });
  await opener.click();
  const picture = viewer(chat).locator(".stage img");
  await expect(viewer(chat)).toHaveAccessibleName("green.svg");
  await expect(viewer(chat).getByRole("status")).toHaveText("2 of 3");

  await page.keyboard.press("ArrowRight");
  await expect(picture).toHaveAttribute("alt", "blue.svg");
  await viewer(chat).getByRole("button", { name: "Next" }).click();
  await expect(picture).toHaveAttribute("alt", "red.svg");
  await viewer(chat).getByRole("button", { name: "Previous" }).click();
  await page.keyboard.press("ArrowLeft");
  await expect(picture).toHaveAttribute("alt", "green.svg");

  await page.keyboard.press("Escape");
  await expect(viewer(chat)).toHaveCount(0);
  await expect(chat.panel).toBeVisible();
  await expect(opener).toBeFocused();
});

test("are made larger by a click, by keys and by the button, and fit again", async ({ page, chat }) => {
  await chat.log.getByRole("link", { name: "red.svg" }).click();
  const picture = viewer(chat).locator(".stage img");
  const width = () => picture.evaluate((image) => image.getBoundingClientRect().width);
  await expect.poll(width).toBeGreaterThan(0);
  const fitting = await width();

  await picture.click();
  expect(await width()).toBeCloseTo(fitting * 2.5, 0);
  await picture.click();
  expect(await width()).toBe(fitting);
  await page.keyboard.press("+");
  expect(await width()).toBeGreaterThan(fitting);
  await page.keyboard.press("-");
  expect(await width()).toBe(fitting);
  await viewer(chat).getByRole("button", { name: "Zoom" }).click();
  expect(await width()).toBeCloseTo(fitting * 2.5, 0);
  await page.keyboard.press("ArrowRight");
  await expect(viewer(chat).locator(".larger")).toHaveCount(0);
});

test("are saved by their names", async ({ page, chat, organization }) => {
  const png = await page.evaluate(() => document.createElement("canvas").toDataURL().split(",")[1]);
  const { url, contentType } = await organization.upload("Wren 1.png", Buffer.from(png, "base64"));
  await organization.answer({ text: url, contentType, meta: { title: "The Wren" } });
  await chat.log.getByRole("link", { name: "The Wren" }).click();

  const saved = page.waitForEvent("download");
  await viewer(chat).getByRole("link", { name: "Save" }).click();

  expect((await saved).suggestedFilename()).toBe("Wren 1.png");
});

test("are looked at beside the picture, which closes them", async ({ chat }) => {
  await chat.log.getByRole("link", { name: "red.svg" }).click();
  await expect(viewer(chat)).toBeVisible();

  await viewer(chat).locator(".stage").click({ position: { x: 4, y: 4 } });

  await expect(viewer(chat)).toHaveCount(0);
});

test("give the page back when the page closes the chat meanwhile", { tag: "@inline" }, async ({ page, chat }) => {
  await chat.log.getByRole("link", { name: "red.svg" }).click();
  await expect(viewer(chat)).toBeVisible();

  await chat.call("close");

  await expect(viewer(chat)).toHaveCount(0);
  await page.locator("#own").click();
});
