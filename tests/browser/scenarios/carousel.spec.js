// A message with several cards.
import { showShop } from "../support/pictures.js";
import { expect, test } from "../support/test.js";

const TITLES = ["Wren", "Heron", "Swift", "Robin"];

const cards = (titles, members) => ({
  type: "card",
  text: "Our bicycles",
  items: titles.map((title) => ({
    title,
    description: "A bicycle",
    mediaUrl: "https://shop.example/red-300x200.svg",
    actions: [{ type: "postback", text: `Book the ${title}`, payload: title }],
  })),
  ...members,
});

/** Shows the message; gives the row of cards. */
async function shown(chat, organization, message) {
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await organization.answer(message);
  const carousel = chat.log.getByRole("group", { name: "Cards" });
  await expect(carousel.locator(".forth")).toBeAttached();
  return carousel;
}

/** The title of the card that stands where the row begins. */
const first = (carousel) =>
  carousel.evaluate((carousel) => {
    const row = carousel.firstElementChild;
    const isRtl = getComputedStyle(row).direction === "rtl";
    const edge = (element) => {
      const { left, right } = element.getBoundingClientRect();
      return isRtl ? -right : left;
    };
    const isAtEnd = Math.abs(row.scrollLeft) + row.clientWidth > row.scrollWidth - 2;
    const card = isAtEnd ? row.lastElementChild : [...row.children].find((card) => edge(card) > edge(row) - 20);
    return card.querySelector("h3").textContent;
  });

test("is gone through with a mouse, card by card, and every card has its number", async ({
  page,
  visit,
  chat,
  organization,
}) => {
  await showShop(page);
  await visit("plain");
  const carousel = await shown(chat, organization, cards(TITLES));
  for (const [at, title] of TITLES.entries())
    await expect(carousel.getByRole("group", { name: `${at + 1} of 4` }).getByRole("heading")).toHaveText(title);
  const [back, forth] = ["Previous", "Next"].map((name) => carousel.getByRole("button", { name }));
  await expect(back).toHaveAttribute("aria-disabled", "true");

  for (const title of TITLES.slice(1)) {
    await forth.click();
    await expect.poll(() => first(carousel)).toBe(title);
  }
  await expect(forth).toHaveAttribute("aria-disabled", "true");
  await expect(carousel.locator(".places .on")).toHaveCount(1);
  await carousel.getByRole("button", { name: "Book the Robin" }).click();
  await back.click();
  await expect.poll(() => first(carousel)).toBe("Swift");

  await expect.poll(() => organization.texts()).toContain("Book the Robin");
});

test("shows a part of the next card, and all of its own", async ({ page, visit, chat, organization }) => {
  await showShop(page);
  await visit("plain");
  const carousel = await shown(chat, organization, cards(TITLES, { meta: { imageAspectRatio: "square" } }));

  const [panel, one, other] = await Promise.all(
    [chat.panel, carousel.getByRole("group").first(), carousel.getByRole("group").nth(1)].map((part) => part.boundingBox()),
  );
  const edge = panel.x + panel.width;
  expect(one.x + one.width).toBeLessThan(edge);
  expect(other.x).toBeLessThan(edge - 16);
  expect(other.x + other.width).toBeGreaterThan(edge);
  const image = await carousel.locator("img").first().boundingBox();
  expect(image.width / image.height).toBeCloseTo(1, 1);
});

for (const [page, forth, back] of [
  ["plain", "ArrowRight", "ArrowLeft"],
  ["rtl", "ArrowLeft", "ArrowRight"],
])
  test(`is gone through by the keyboard on a page that is ${page}`, async ({ visit, chat, organization, page: tab }) => {
    await showShop(tab);
    await visit(page);
    const carousel = chat.log.locator(".carousel");
    await chat.launcher.click();
    await chat.call("api.sendClientMessage", "Hello");
    await organization.answer(cards(TITLES));
    await expect(carousel.locator(".forth")).toBeAttached();
    await carousel.locator(".cards").focus();

    await tab.keyboard.press(forth);
    await expect.poll(() => first(carousel)).toBe("Heron");
    await tab.keyboard.press(back);
    await expect.poll(() => first(carousel)).toBe("Wren");
    // Faster than the row goes.
    await tab.keyboard.press(forth);
    await tab.keyboard.press(forth);
    await expect.poll(() => first(carousel)).toBe("Swift");
  });

test("who turns fast gets as far, though an earlier turn ends meanwhile", async ({ page, visit, chat, organization }) => {
  await showShop(page);
  await visit("plain");
  const carousel = await shown(chat, organization, cards(TITLES));

  await carousel.evaluate((carousel) => {
    const press = () => carousel.querySelector(".forth").click();
    press();
    carousel.firstElementChild.dispatchEvent(new Event("scrollend"));
    press();
  });
  await expect.poll(() => first(carousel)).toBe("Swift");
});

test("where several cards are in view, every turn moves the row", async ({ page, visit, chat, organization }) => {
  await showShop(page);
  await visit("embedded");
  await page.locator("#chat").evaluate(({ style }) => (style.inlineSize = "800px"));
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await organization.answer(cards(TITLES));
  const carousel = chat.log.getByRole("group", { name: "Cards" });
  await expect(carousel.locator(".forth")).toBeVisible();
  await carousel.evaluate(({ firstElementChild: { style } }) => (style.scrollBehavior = "auto"));

  /** Where the row has been. */
  const go = (name) =>
    carousel.evaluate((carousel, name) => {
      const turn = () => {
        carousel.querySelector(name).click();
        return carousel.firstElementChild.scrollLeft;
      };
      return [...new Set([turn(), turn(), turn()])];
    }, name);
  const there = await go(".forth");
  expect(there.length).toBeLessThan(3);
  const back = await go(".turn:not(.forth)");
  expect(back).toEqual([...there.slice(0, -1).reverse(), 0]);
  await expect(carousel.locator(".places i").first()).toHaveClass("on");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });

  test("is swiped, without buttons in the way", async ({ page, visit, chat, organization }) => {
    await showShop(page);
    await visit("plain");
    const carousel = await shown(chat, organization, cards(TITLES));
    await expect(carousel.locator(".forth")).toBeHidden();
    const { x, y, width, height } = await carousel.getByRole("group").first().boundingBox();

    const session = await page.context().newCDPSession(page);
    // Held at the end: how far it would fly on depends on how fast the machine is.
    let timestamp = Date.now() / 1_000;
    const touch = (type, ...xs) => {
      timestamp += 0.1;
      return session.send("Input.dispatchTouchEvent", { type, timestamp, touchPoints: xs.map((x) => ({ x, y: y + height / 3 })) });
    };
    await touch("touchStart", x + width);
    for (let by = 10; by <= 200; by += 10) await touch("touchMove", x + width - by);
    for (let still = 0; still < 4; still += 1) await touch("touchMove", x + width - 200);
    await touch("touchEnd");

    await expect.poll(() => first(carousel)).toBe("Heron");
  });
});

test("of one card is a card", async ({ page, visit, chat, organization }) => {
  await showShop(page);
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await organization.answer([cards(["Wren"]), "That is all."]);

  await expect(chat.row("That is all.")).toBeVisible();
  await expect(chat.log.getByRole("heading", { name: "Wren" })).toBeVisible();
  await expect(chat.log.getByRole("group")).toHaveCount(0);
  await expect(chat.log.getByRole("button")).toHaveText(["Book the Wren"]);
});
