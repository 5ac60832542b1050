// A long conversation: history comes by itself, nothing that comes moves what one reads, what is new is found at once, and
// what is out of sight costs nothing.
import { expect, test } from "../support/test.js";

const PAGE = 50;
/** Rows that may be on the page, whatever the conversation. */
const ROWS = 130;
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="180"/>';

test("pain 3: history comes back by itself as one scrolls up, a page at a time, and what one reads stays where it is", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await begin(chat, organization, 120);
  await page.reload();
  await chat.open();
  await chat.expectTexts(numbers(120 - PAGE + 1, 120));
  await expect(chat.row("message 120")).toBeInViewport();

  for (const first of [120 - PAGE + 1, 120 - 2 * PAGE + 1]) {
    const y = await scrollTo(chat, `message ${first + 3}`);
    await expect(chat.row(`message ${Math.max(1, first - 5)}`)).toBeAttached();
    await expect.poll(() => yOf(chat, `message ${first + 3}`)).toBeCloseTo(y, 0);
  }
  await scrollTo(chat, "message 1");

  await expect(chat.row("message 1")).toBeInViewport();
  await expect(chat.panel.getByRole("button", { name: chat.words.earlier })).toBeHidden();
  const texts = await chat.texts();
  expect(texts).toEqual(numbers(1, texts.length));
});

test("what comes, and a picture that loads late, moves nothing for who reads earlier messages", async ({
  page,
  chat,
  visit,
  site,
  organization,
}) => {
  const { promise: isWanted, resolve: deliver } = withResolvers();
  await page.route("**/late.svg", async (route) => {
    await isWanted;
    await route.fulfill({ contentType: "image/svg+xml", body: PICTURE });
  });
  await visit("plain");
  await begin(chat, organization, 10);
  await organization.answer({ text: `${site.origin}/late.svg`, contentType: "image/svg+xml" });
  await organization.answer(numbers(11, 40));
  await expect(chat.row("message 40")).toBeInViewport();
  const latest = chat.panel.getByRole("button", { name: chat.words.latest });
  await expect(latest).toBeHidden();
  const y = await scrollTo(chat, "message 5");

  deliver();
  await expect.poll(() => chat.log.locator("img").evaluate((image) => image.naturalHeight)).toBe(180);
  await organization.answer(["message 41", "message 42"]);
  await expect(latest).toHaveAccessibleName("Jump to latest, 2 new messages");

  expect(await yOf(chat, "message 5")).toBeCloseTo(y, 0);
  await expect(chat.panel.locator("[aria-live=polite]")).toContainText("message 42");
  await latest.click();
  await expect(chat.row("message 42")).toBeInViewport();
  await expect(latest).toBeHidden();
  await expect(chat.row("message 41").getByText(chat.words.new)).toBeVisible();
});

test("the chat opens at what came meanwhile, below a line that is gone the next time", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await begin(chat, organization, 30);
  await page.keyboard.press("Escape");
  await organization.answer(numbers(31, 130));
  await expect.poll(() => chat.call("unreadCount")).toBe(100);

  await chat.open();

  const line = chat.row("message 31").getByText(chat.words.new);
  await expect(line).toBeInViewport();
  await expect(chat.row("message 31").locator(".bubble")).toBeInViewport({ ratio: 1 });
  await expect(chat.row("message 30")).not.toBeInViewport();
  await expect(chat.row("message 130")).not.toBeInViewport();
  const y = await yOf(chat, "message 32");
  await organization.answer("message 131");
  await expect(chat.panel.getByRole("button", { name: "1 new message" })).toBeVisible();
  expect(await yOf(chat, "message 32")).toBeCloseTo(y, 0);
  await expect(line).toBeInViewport();
  await page.keyboard.press("Escape");
  await chat.open();
  await expect(chat.log.getByText(chat.words.new)).toHaveCount(0);
});

test("of a conversation of 300 messages a few are on the page at a time, and scrolling shows each", { tag: "@inline" }, async ({
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await begin(chat, organization, 1);
  for (let first = 2; first <= 300; first += 100) await organization.answer(numbers(first, Math.min(first + 99, 299)));
  await organization.answer({ text: "message 300", actions: [{ type: "postback", text: "Book it", payload: "it" }] });
  const book = chat.log.getByRole("button", { name: "Book it" });
  await expect(book).toBeInViewport();
  await book.focus();

  for (const direction of [-1, 1]) {
    const { most, seen } = await travel(chat, direction);
    expect(seen.size).toBe(300);
    expect(most).toBeLessThan(ROWS);
    // What had the focus is off the page.
    if (direction < 0) await expect(chat.panel.locator(".scroller")).toBeFocused();
  }
});

test("who is offline is told that earlier messages do not come, and gets them afterwards", async ({
  context,
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await begin(chat, organization, 60);
  await page.reload();
  await chat.open();
  await expect(chat.row("message 60")).toBeInViewport();
  await context.setOffline(true);
  await expect(chat.banner).toBeVisible();

  await scrollTo(chat, "message 12");
  const missing = chat.panel.getByText(chat.words.earlierMissing);
  await expect(missing).toBeVisible();
  await chat.panel.getByRole("button", { name: chat.words.retry }).click();
  await expect(missing).toBeVisible();
  await context.setOffline(false);

  await expect(chat.row("message 1")).toBeAttached();
  await expect(missing).toBeHidden();
});

test("what one says in one tab moves nothing in another in which one reads", async ({ context, chat, visit, organization }) => {
  await visit("plain");
  await begin(chat, organization, 40);
  const tab = await context.newPage();
  await tab.goto(chat.page.url());
  const other = chat.in(tab);
  await other.open();
  await expect(other.row("message 40")).toBeInViewport();
  const y = await scrollTo(other, "message 5");

  await chat.say("from the other tab");

  await expect(other.row("from the other tab")).toBeAttached();
  expect(await yOf(other, "message 5")).toBeCloseTo(y, 0);
});

function numbers(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => `message ${first + index}`);
}

/** Opens the chat and has so many messages said; all of them have come and were seen. */
async function begin(chat, organization, count) {
  await chat.open();
  await chat.say("message 1");
  await chat.expectSent("message 1");
  for (let first = 2; first <= count; first += 100) await organization.answer(numbers(first, Math.min(first + 99, count)));
  await expect(chat.row(`message ${count}`)).toBeInViewport();
}

/** Scrolls so that this message stands near the top of the thread. Gives where that is. */
async function scrollTo(chat, text) {
  const row = chat.row(text);
  await expect(async () => {
    // Further up there are others on the page.
    const isThere = await row.count();
    await chat.panel.locator(".scroller").evaluate((scroller, isThere) => isThere || (scroller.scrollTop -= 500), isThere);
    expect(isThere).toBe(1);
  }).toPass();
  return row.evaluate((row) => {
    const scroller = row.closest(".scroller");
    scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20;
    return row.getBoundingClientRect().top;
  });
}

/** Where a message is seen: what has grown since the last frame has not been drawn. */
function yOf(chat, text) {
  return chat.row(text).evaluate(async (row) => {
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return row.getBoundingClientRect().top;
  });
}

/** Scrolls through everything, up (-1) or down (1). Gives which messages were in view, and how many rows were on the page at most. */
async function travel(chat, direction) {
  const { most, seen } = await chat.panel.locator(".scroller").evaluate(async (scroller, direction) => {
    const seen = new Set();
    let most = 0;
    for (let last; last !== scroller.scrollTop; ) {
      last = scroller.scrollTop;
      const rows = [...scroller.querySelectorAll(".log .row")];
      most = Math.max(most, rows.length);
      const { top, bottom } = scroller.getBoundingClientRect();
      for (const row of rows) {
        const box = row.getBoundingClientRect();
        if (box.bottom > top && box.top < bottom) seen.add(row.textContent.match(/message \d+/)[0]);
      }
      scroller.scrollTop += direction * scroller.clientHeight;
      // The browser tells of it in the next frame.
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    }
    return { most, seen: [...seen] };
  }, direction);
  return { most, seen: new Set(seen) };
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
