// What a page that nobody chats on pays, and what the chat changes on any page: no more than is listed here.
import { record } from "../support/footprint.js";
import { expect, test } from "../support/test.js";

/** Milliseconds (Long Tasks API, W3C). */
const LONG_TASK = 50;

test.describe("pain 1: the widget slows the page", () => {
  test("a page that nobody chats on: one request, and nothing on it moves", async ({
    page,
    chat,
    visit,
    relay,
    errors,
  }) => {
    const requests = [];
    page.on("request", (request) => request.url().startsWith(relay.origin) && requests.push(request.url()));
    page.on("websocket", (socket) => requests.push(socket.url()));
    await page.addInitScript(() => {
      window.moved = [];
      const observe = (list) => {
        for (const { sources } of list.getEntries()) moved.push(...sources.map(({ node }) => node.localName));
      };
      new PerformanceObserver(observe).observe({ type: "layout-shift", buffered: true });
    });

    await visit("plain");
    await chat.launcher.waitFor();
    await page.waitForLoadState("networkidle");
    // A movement that is seen shows that none was there before.
    await page.evaluate(() => document.querySelector("h1").after(document.createElement("hr")));

    await expect.poll(() => page.evaluate(() => moved)).toEqual(["button"]);
    expect(requests).toEqual([`${relay.origin}/web1on1.js`]);
    expect(errors).toEqual([]);
  });

  test("a page that nobody chats on has no long task", async ({ page, chat, visit }) => {
    // In processor time, so that a busy machine changes nothing: what takes less in all has no long task.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });

    await visit("plain");
    await chat.launcher.waitFor();
    await page.waitForLoadState("networkidle");

    const { metrics } = await devtools.send("Performance.getMetrics");
    const spent = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].map(
      (part) => metrics.find(({ name }) => name === part).value * 1000,
    );
    expect(spent[0]).toBeGreaterThan(0);
    expect(spent.reduce((sum, part) => sum + part)).toBeLessThan(LONG_TASK);
  });
});

test.describe("the chat changes nothing of the page but", () => {
  const CHANGED = { globals: ["web1on1"], builtins: [], handlers: [], listeners: [] };

  /** By mode. In a frame, the widget listens to the window that it is in. */
  const LISTENERS = {
    inline: [
      "document visibilitychange",
      "window freeze",
      "window message",
      "window offline",
      "window online",
      "window pagehide",
      "window pageshow",
      "window storage",
      "window visibilitychange",
    ],
    frame: ["window freeze", "window message", "window pagehide", "window storage"],
  };

  test.beforeEach(async ({ page }) => {
    await page.addInitScript(record);
  });

  test("one global and one element, before anybody chats", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    expect(await page.evaluate(() => footprint())).toEqual(CHANGED);
    expect(await html(page)).toEqual(await html(page, "as it was served"));
    await expect(page.locator("body > web1on1-chat")).toHaveCount(1);
  });

  test("these listeners of its own, while somebody does; and nothing is left of it when it ends", async ({
    page,
    chat,
    visit,
    converse,
    mode,
  }) => {
    await visit("plain");
    await converse();

    expect(await page.evaluate(() => footprint())).toEqual({
      ...CHANGED,
      listeners: LISTENERS[mode],
    });
    expect(await html(page)).toEqual(await html(page, "as it was served"));
    await expect(page.locator("body > web1on1-chat")).toHaveCount(1);

    await chat.call("destroy");

    expect(await page.evaluate(() => footprint())).toEqual(CHANGED);
    expect(await html(page)).toEqual(await html(page, "as it was served"));
    await expect(chat.host).toHaveCount(0);
    expect(page.frames()).toHaveLength(1);
  });
});

/** The page without the chat's element. */
function html(page, asServed) {
  return page.evaluate(async (asServed) => {
    const served = asServed && (await (await fetch(location)).text());
    const root = served
      ? new DOMParser().parseFromString(served, "text/html").documentElement
      : document.documentElement.cloneNode(true);
    root.querySelector("web1on1-chat")?.remove();
    return root.outerHTML.replaceAll(/\s+(?=<)/g, "");
  }, asServed);
}
