// The chat in an iframe of the relay's origin: who may speak to it, and that it is like the one in the page.
import { expect, test } from "../support/test.js";

test.describe("@frame", () => {
  test("the iframe speaks to nobody but the page around it, and to that once", async ({ page, chat, visit, relay }) => {
    await visit("plain");
    await chat.open();

    const answered = await page.evaluate(async ([origin]) => {
      const frame = document.querySelector("web1on1-chat").shadowRoot.querySelector("iframe").contentWindow;
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((resolve) => (port1.onmessage = resolve));
      frame.postMessage(JSON.stringify({ frontdesk: 1, settings: {}, stored: [] }), origin, [port2]);
      return Promise.race([heard.then(() => true), web1on1.api.sendClientMessage("Hello").then(() => false)]);
    }, [relay.origin]);

    expect(answered).toBe(false);
    await chat.expectTexts(["Hello"]);
  });

  for (const [what, message] of [
    ["that is no text", { frontdesk: 1, settings: {}, stored: [] }],
    ["that is no JSON", "frontdesk"],
    ["of another kind", JSON.stringify({ frontdesk: 2 })],
  ])
    test(`a first message ${what} is no handshake`, async ({ page, relay, visit, site }) => {
      await page.goto(site.url("around", { relay: relay.origin, organization: relay.organization }));
      const answered = await page.evaluate(
        async ([address, message]) => {
          const frame = document.body.appendChild(document.createElement("iframe"));
          frame.src = address;
          await new Promise((resolve) => (frame.onload = resolve));
          const { origin } = new URL(address);
          const ask = (data) => {
            const { port1, port2 } = new MessageChannel();
            frame.contentWindow.postMessage(data, origin, [port2]);
            return new Promise((resolve) => (port1.onmessage = resolve));
          };
          const settings = { relay: origin, organization: address.slice(-24), framed: true };
          const first = ask(message).then(() => "the first");
          const second = ask(JSON.stringify({ frontdesk: 1, settings, stored: [] })).then(() => "the handshake");
          return Promise.race([first, second]);
        },
        [`${relay.origin}/frame/${relay.organization}`, message],
      );
      expect(answered).toBe("the handshake");
    });

  test("a handshake from a window that is not the parent is ignored", async ({ page, relay, site }) => {
    await page.goto(site.url("around", { relay: relay.origin, organization: relay.organization }));
    const answered = await page.evaluate(async (address) => {
      const { origin } = new URL(address);
      const frame = document.body.appendChild(document.createElement("iframe"));
      const sibling = document.body.appendChild(document.createElement("iframe"));
      frame.src = address;
      await new Promise((resolve) => (frame.onload = resolve));
      const handshake = JSON.stringify({ frontdesk: 1, settings: { organization: address.slice(-24), relay: origin }, stored: [] });
      const ask = (from) => {
        const { port1, port2 } = new MessageChannel();
        // The window whose function it is, is the source.
        from.eval("(to, ...rest) => to.postMessage(...rest)")(frame.contentWindow, handshake, origin, [port2]);
        return new Promise((resolve) => (port1.onmessage = resolve));
      };
      const strange = ask(sibling.contentWindow).then(() => "a sibling");
      const own = ask(window).then(() => "the parent");
      return Promise.race([strange, own]);
    }, `${relay.origin}/frame/${relay.organization}`);
    expect(answered).toBe("the parent");
  });

  test("a page that the organization does not allow gets no chat, and is told why", async ({
    page,
    chat,
    visit,
    organization,
    site,
    errors,
  }) => {
    await organization.change({ allowedOrigins: ["https://shop.example"] });
    await visit("strict");
    await page.waitForFunction(() => window.web1on1?.on);
    await page.evaluate(() => web1on1.on("error", ({ code }) => (window.failure = code)));
    await chat.launcher.click();

    await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
    expect(await page.evaluate(() => window.failure)).toBe("origin_not_allowed");
    const ours = errors.filter((error) => error.startsWith("web1on1: "));
    expect(ours).toEqual([expect.stringContaining(site.origin)]);
    expect(await organization.conversations()).toEqual([]);
    expect(site.reports(page.url())).toEqual([]);
  });

  test("an organization that does not exist is told", async ({ page, chat, visit, errors }) => {
    await visit("plain", { organization: "5bad2f12e91d2c331be33364" });
    await page.waitForFunction(() => window.web1on1?.on);
    const code = page.evaluate(() => web1on1.api.sendClientMessage("Hello").catch((error) => error.code));

    expect(await code).toBe("not_found");
    expect(errors.filter((error) => error.startsWith("web1on1: "))).toEqual([
      expect.stringContaining("5bad2f12e91d2c331be33364"),
    ]);
    await chat.launcher.click();
    await expect(chat.badge).toHaveText("!");
  });

  test("the panel has the place and the size that it has in the page", async ({ page, chat, visit }) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await visit("plain");
    await chat.open();
    expect(await chat.panel.boundingBox()).toEqual({ x: 868, y: 16, width: 392, height: 616 });

    await page.setViewportSize({ width: 400, height: 700 });
    await expect.poll(() => chat.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 400, height: 700 });
    await expect(chat.launcher).toBeHidden();
  });

  test("all that is kept is the site's", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([
      `frontdesk:${await page.evaluate(() => document.querySelector("script[src]").dataset.organization)}`,
    ]);
    await page.reload();
    await chat.open();
    await chat.expectTexts(["Hello"]);
  });
});

test("a policy that forbids WebAssembly makes `auto` a frame; without one it is the page", async ({
  page,
  visit,
  organization,
}) => {
  for (const [name, frames] of [
    ["strict", 1],
    ["hosts", 1],
    ["plain", 0],
  ]) {
    await visit(name, { mode: "auto" });
    await page.waitForFunction(() => window.web1on1?.api);
    await page.evaluate((name) => web1on1.api.sendClientMessage(name), name);
    expect(page.frames().length - 1, name).toBe(frames);
  }
  expect((await organization.texts()).sort()).toEqual(["hosts", "plain", "strict"]);
});

test.describe("where WebAssembly is blocked", { tag: "@frame" }, () => {
  test("in the page alone, `auto` is the frame", async ({ page, visit, converse, errors }) => {
    await page.addInitScript(() => window === top && delete window.WebAssembly);
    await visit("plain", { mode: "auto" });

    await converse();

    expect(page.frames()).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  test("everywhere, the launcher says so and the page goes on", async ({ page, chat, visit, errors }) => {
    await page.addInitScript(() => delete window.WebAssembly);
    await visit("plain", { mode: "auto" });
    await chat.launcher.click();

    await expect(chat.launcher).toHaveAccessibleName("Chat did not load. Try again");
    expect(errors).toEqual([expect.stringMatching(/^web1on1: cannot load from .*WebAssembly is not defined/)]);
  });
});
