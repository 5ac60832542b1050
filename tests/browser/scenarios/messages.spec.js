// Window messages: between the website, the chat, and the pages that stand in the conversation.
import { expect, test } from "../support/test.js";

const BUTTON = { text: "Shall we?", iframe: { title: "A button" } };

test.describe("Chatlayer's examples run as they are", () => {
  test("the button in the conversation sends what it says", async ({ page, chat, site, visit, organization }) => {
    await visit("plain");
    await greet(chat);
    await organization.answer(shown(site.url("button")));

    const frame = chat.log.locator("iframe");
    await expect(frame).toHaveAttribute("title", "A button");
    await expect(frame).toHaveAttribute("sandbox", "allow-scripts allow-forms allow-popups");
    await frame.contentFrame().getByRole("button", { name: "SEND_MESSAGE" }).click();

    await chat.expectSent("You clicked the button");
    expect(await organization.texts()).toEqual(["Hello", "Shall we?", "You clicked the button"]);
    expect((await organization.messages()).at(-1)).toMatchObject({ role: "contact", type: "chat" });
  });

  test("the button of another website does, too, and keeps its origin", async ({ chat, site, visit, organization }) => {
    await visit("plain");
    await greet(chat);
    await organization.answer(shown(elsewhere(site.url("button"))));

    const frame = chat.log.locator("iframe");
    await expect(frame).toHaveAttribute("sandbox", "allow-scripts allow-forms allow-popups allow-same-origin");
    await frame.contentFrame().getByRole("button").click();

    await chat.expectSent("You clicked the button");
  });

  test("the listener on the page hears the bot, and can parse all that arrives", async ({
    page,
    context,
    chat,
    site,
    visit,
    organization,
    exceptions,
  }) => {
    const arrived = await overhear(context);
    const said = [];
    page.on("console", (message) => message.type() === "log" && said.push(message.text()));
    await visit("listener");
    await greet(chat);
    await organization.answer(shown(site.url("button")));
    await chat.log.locator("iframe").contentFrame().getByRole("button").click();
    await chat.expectSent("You clicked the button");

    await organization.answer({ role: "bot", type: "event", payload: { language: "nl" } });

    await expect.poll(() => said).toEqual(["Chatlayer language received: nl"]);
    expect(arrived.length).toBeGreaterThanOrEqual(2);
    for (const { data } of arrived) expect(() => JSON.parse(data), `${data}`).not.toThrow();
    expect(exceptions).toEqual([]);
  });
});

test.describe("what a bot or an agent tells the page", () => {
  test("arrives once in a page view, in order, as text, addressed to this page alone", async ({
    page,
    context,
    relay,
    chat,
    site,
    visit,
    organization,
  }) => {
    const arrived = await overhear(context);
    const dispatched = () =>
      arrived.filter(({ data }) => `${data}`.includes("CL_DISPATCH_EVENT")).map(({ data }) => JSON.parse(data));
    const event = (payload) => ({ type: "CL_DISPATCH_EVENT", payload });
    await visit("plain");
    await greet(chat);
    await organization.answer({ role: "bot", type: "event", payload: { step: 1, of: ["a", { b: null }] } });
    await organization.answer({ type: "event", payload: { step: 2 } });
    const both = [event({ step: 1, of: ["a", { b: null }] }), event({ step: 2 })];
    await expect.poll(dispatched).toEqual(both);

    const socket = chat.page.waitForEvent("websocket");
    await relay.kill();
    await relay.restart();
    await socket;
    await organization.answer({ type: "event", payload: { step: 3 } });
    await expect.poll(dispatched).toEqual([...both, event({ step: 3 })]);
    for (const { window, origin } of arrived.filter(({ data }) => data.includes("CL_DISPATCH_EVENT")))
      expect([window, origin]).toEqual([page.url(), site.origin]);

    arrived.length = 0;
    await page.reload();
    await chat.open();
    await organization.answer({ type: "event", payload: { step: 4 } });
    await expect.poll(dispatched).toEqual([...both, event({ step: 3 }), event({ step: 4 })]);
    await chat.expectTexts(["Hello"]);
  });
});

test.describe("what a page in the conversation may ask", () => {
  test("variables and the bot's place land on the conversation, in order and once", async ({
    chat,
    site,
    visit,
    organization,
  }) => {
    await visit("plain");
    await greet(chat);
    await organization.answer(shown(site.url("button")));
    const frame = chat.log.locator("iframe").contentFrame().locator("body");
    const ask = (type, payload) =>
      frame.evaluate((_, message) => parent.postMessage(JSON.stringify(message), "*"), {
        target: "CL_API",
        type,
        payload,
      });

    await ask("UPDATE_SESSION", { colour: "red", size: 42 });
    await ask("UPDATE_SESSION", { session: { colour: "blue", nested: { a: [1] } } });
    for (const payload of [{ dialogState: "one" }, { id: "two" }, { name: "three" }, "four"])
      await ask("GO_TO_DIALOGSTATE", payload);
    await ask("SEND_MESSAGE", { text: "There" });

    await chat.expectSent("There");
    expect(await organization.conversation()).toMatchObject({
      session: { colour: "blue", size: 42, nested: { a: [1] } },
      dialogState: "four",
    });
    const events = (await organization.messages()).filter(({ type }) => type === "event");
    expect(events.map(({ role, text, payload }) => [role, text, payload])).toEqual([
      ["contact", "UPDATE_SESSION", { colour: "red", size: 42 }],
      ["contact", "UPDATE_SESSION", { colour: "blue", nested: { a: [1] } }],
      ["contact", "GO_TO_DIALOGSTATE", { dialogState: "one" }],
      ["contact", "GO_TO_DIALOGSTATE", { dialogState: "two" }],
      ["contact", "GO_TO_DIALOGSTATE", { dialogState: "three" }],
      ["contact", "GO_TO_DIALOGSTATE", { dialogState: "four" }],
    ]);
    await chat.expectTexts(["Hello", "Shall we?", "There"]);
  });

  test("an unknown type and a bad payload are one warning each, and nothing else", async ({
    page,
    chat,
    site,
    visit,
    organization,
    errors,
  }) => {
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await visit("plain", { attributes: `data-allow-messages="${site.origin}"` });
    await greet(chat);

    for (const [type, payload] of [
      ["FORMAT_DISK", {}],
      ["toString", {}],
      [undefined, {}],
      ["SEND_MESSAGE", {}],
      ["SEND_MESSAGE", { text: 7 }],
      ["SEND_MESSAGE", undefined],
      ["UPDATE_SESSION", ["a"]],
      ["UPDATE_SESSION", "a"],
      ["UPDATE_SESSION", null],
      ["GO_TO_DIALOGSTATE", {}],
      ["GO_TO_DIALOGSTATE", ""],
      ["GO_TO_DIALOGSTATE", { id: 7 }],
    ])
      await post(page, { target: "CL_API", type, payload });
    for (const other of ["no JSON {", "null", "7", '"CL_API"', '{"target":"another"}'])
      await page.evaluate((text) => postMessage(text, location.origin), other);
    await page.evaluate(() => postMessage({ target: "CL_API", type: "SEND_MESSAGE", payload: { text: "an object" } }));
    await post(page, send("The end"));

    await chat.expectSent("The end");
    const start = "web1on1: ";
    const bad = (type) => `${start}bad payload of the window message ${type}`;
    expect(warnings).toEqual([
      ...["FORMAT_DISK", "toString", "undefined"].map((type) => `${start}unknown window message ${type}`),
      ...Array(3).fill(bad("SEND_MESSAGE")),
      ...Array(3).fill(bad("UPDATE_SESSION")),
      ...Array(3).fill(bad("GO_TO_DIALOGSTATE")),
    ]);
    expect(await organization.texts()).toEqual(["Hello", "The end"]);
    expect(errors).toEqual([]);
  });
});

test.describe("who may not ask is not heard, and learns nothing", () => {
  test("the page itself, another frame on it, the window that opened it, and one that it opened", async ({
    page,
    context,
    chat,
    site,
    visit,
    organization,
  }) => {
    const arrived = await overhear(context);
    const warnings = [];
    page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
    await visit("plain");
    const stranger = elsewhere(site.url("bare"));
    await page.evaluate((address) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      document.body.append(frame);
      open(address);
    }, stranger);
    await expect.poll(() => page.frames().some((frame) => frame.url() === stranger)).toBe(true);
    const frame = page.frames().find((frame) => frame.url() === stranger);
    await expect.poll(() => context.pages().some((tab) => tab.url() === stranger)).toBe(true);
    const opened = context.pages().find((tab) => tab.url() === stranger);
    await page.bringToFront();
    await greet(chat);

    await post(page, send("from the page"));
    await frame.evaluate((text) => parent.postMessage(text, "*"), send("from a frame"));
    await opened.evaluate((text) => opener.postMessage(text, "*"), send("from a popup"));
    const tried = () => arrived.map(({ data }) => /from (the|a) \w+/.exec(data)?.[0]).filter(Boolean);
    await expect.poll(() => tried().length).toBe(3);

    await chat.call("api.sendClientMessage", "The end");
    expect(await organization.texts()).toEqual(["Hello", "The end"]);
    expect(warnings).toEqual([]);
    expect(arrived.filter(({ window }) => window === stranger)).toEqual([]);
  });

  test("a page within the page that the conversation shows", async ({ page, chat, site, visit, organization }) => {
    await visit("plain");
    await greet(chat);
    await organization.answer(shown(site.url("button")));
    const inner = elsewhere(site.url("bare"));
    const body = chat.log.locator("iframe").contentFrame().locator("body");
    await body.evaluate((body, address) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      body.append(frame);
    }, inner);
    await expect.poll(() => page.frames().some((frame) => frame.url() === inner)).toBe(true);

    await page
      .frames()
      .find((frame) => frame.url() === inner)
      .evaluate((text) => parent.parent.postMessage(text, "*"), send("from inside"));
    await body.evaluate((_, text) => parent.postMessage(text, "*"), send("from the page shown"));

    await chat.expectSent("from the page shown");
    expect(await organization.texts()).toEqual(["Hello", "Shall we?", "from the page shown"]);
  });

  test("the page, in the iframe of the chat", { tag: "@frame" }, async ({ page, relay, chat, visit, organization }) => {
    await visit("plain");
    await greet(chat);

    await chat.frame.evaluate(
      (frame, [origin, text]) => {
        frame.contentWindow.postMessage(text, origin);
        const { port2 } = new MessageChannel();
        const handshake = { frontdesk: 1, settings: {}, stored: [] };
        frame.contentWindow.postMessage(JSON.stringify(handshake), origin, [port2]);
      },
      [relay.origin, send("past the page")],
    );
    await chat.say("The end");

    await chat.expectSent("The end");
    expect(await organization.texts()).toEqual(["Hello", "The end"]);
  });
});

test("data-allow-messages lets the page itself ask, by its origin", async ({
  page,
  chat,
  site,
  visit,
  organization,
}) => {
  await visit("plain", { attributes: `data-allow-messages="https://shop.example ${site.origin}"` });
  await greet(chat);

  await post(page, send("from the page"));

  await chat.expectSent("from the page");
  expect(await organization.texts()).toEqual(["Hello", "from the page"]);
});

test("data-allow-messages of another origin does not", async ({ page, context, chat, visit, organization }) => {
  const arrived = await overhear(context);
  await visit("plain", { attributes: 'data-allow-messages="https://shop.example"' });
  await greet(chat);

  await post(page, send("from the page"));
  await expect.poll(() => arrived.some(({ data }) => `${data}`.includes("from the page"))).toBe(true);

  await chat.call("api.sendClientMessage", "The end");
  expect(await organization.texts()).toEqual(["Hello", "The end"]);
});

// Such a page is always inline.
test.describe("the chat as a page in an iframe", { tag: "@inline" }, () => {
  test("obeys the page around it, and tells it what bots say", async ({
    page,
    context,
    relay,
    chat,
    site,
    visit,
    organization,
  }) => {
    await organization.change({ allowedOrigins: [site.origin] });
    const arrived = await overhear(context);
    await visit("framing");
    const embedded = page.frameLocator('iframe[title="Chat"]');
    await expect(embedded.getByRole("textbox", { name: "Write a message" })).toBeVisible();
    const ask = (message) =>
      page.evaluate(
        ([text, origin]) => document.querySelector("iframe").contentWindow.postMessage(text, origin),
        [message, relay.origin],
      );

    await ask(send("Hello"));
    await expect.poll(() => organization.texts()).toEqual(["Hello"]);
    await ask(JSON.stringify({ target: "CL_API", type: "UPDATE_SESSION", payload: { a: 1 } }));
    await ask(JSON.stringify({ target: "CL_API", type: "GO_TO_DIALOGSTATE", payload: "payment" }));
    await expect
      .poll(() => organization.conversation())
      .toMatchObject({ session: { a: 1 }, dialogState: "payment" });
    await organization.answer({ role: "bot", type: "event", payload: { language: "nl" } });

    const heard = () => arrived.filter(({ window }) => window === page.url());
    const event = JSON.stringify({ type: "CL_DISPATCH_EVENT", payload: { language: "nl" } });
    await expect.poll(heard).toEqual([{ window: page.url(), origin: relay.origin, data: event }]);
  });

  test("does not appear in a page that the organization does not allow", async ({
    page,
    relay,
    site,
    organization,
  }) => {
    await organization.change({ allowedOrigins: [site.origin] });
    const address = elsewhere(site.url("framing", { relay: relay.origin, organization: organization.id }));
    const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));

    await page.goto(address);

    await refused;
    await expect(page.frameLocator("iframe").getByRole("textbox")).toHaveCount(0);
  });
});

/** Opens the chat and says hello: there is a conversation. */
async function greet(chat) {
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
}

/** A message of an agent that shows a page. */
function shown(url) {
  return { ...BUTTON, iframe: { ...BUTTON.iframe, url } };
}

/** The same page of the same server, as a page of another website. */
function elsewhere(address) {
  return address.replace("127.0.0.1", "localhost");
}

function send(text) {
  return JSON.stringify({ target: "CL_API", type: "SEND_MESSAGE", payload: { text } });
}

/** What the page itself posts to its own window. */
function post(page, message) {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return page.evaluate((text) => postMessage(text, location.origin), text);
}

/** Every window message that arrives in any window or frame from here on, with where it arrived. */
async function overhear(context) {
  const arrived = [];
  await context.exposeBinding("overhear", (_, message) => arrived.push(message));
  await context.addInitScript(() => {
    addEventListener("message", ({ origin, data }) => overhear({ window: location.href, origin, data }), true);
  });
  return arrived;
}
