// What every scenario has at hand: a relay of its own, a website, the relay's organization, and the chat on the page.
import { test as base, expect } from "@playwright/test";
import { Chat } from "./chat.js";
import { Organization } from "./organization.js";
import { Relay } from "./relay.js";
import { Site } from "./site.js";

export { expect };

export const test = base.extend({
  /** Where the widget runs: of the project. `visit` tells the page, `chat` looks there. */
  mode: ["inline", { option: true }],

  /** Variables in the relay's environment; for `test.use`. */
  environment: [{}, { option: true }],

  relay: async ({ environment }, use) => {
    const relay = await Relay.start(environment);
    await use(relay);
    await relay.remove();
  },

  organization: async ({ relay }, use) => use(new Organization(relay, relay.organization)),

  site: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      site.stop();
    },
    { scope: "worker" },
  ],

  /** Goes to a page of the website, which has the chat of the relay's organization. */
  visit: async ({ page, site, relay, mode }, use) => {
    const { origin, organization } = relay;
    const socket = origin.replace("http", "ws");
    await use((name, values) => page.goto(site.url(name, { relay: origin, socket, organization, mode, ...values })));
  },

  chat: async ({ page, mode }, use) => use(new Chat(page, mode)),

  /** Opens the chat, and a visitor and an agent say a word each: everything works. */
  converse: async ({ chat, organization }, use) => {
    await use(async () => {
      await chat.open();
      await chat.say("Hello");
      await chat.expectSent("Hello");
      await organization.answer("Good morning.");
      await chat.expectTexts(["Hello", "Good morning."]);
    });
  },

  /** The errors in the page's console, without what the browser itself says about failed requests. */
  errors: async ({ page }, use) => {
    const errors = [];
    page.on("console", (message) => {
      const isBrowsers = /^(Failed to load resource|WebSocket connection to)/.test(message.text());
      if (message.type() === "error" && !isBrowsers) errors.push(message.text());
    });
    await use(errors);
  },

  // In no scenario does the chat throw anything into a page.
  exceptions: [
    async ({ context }, use) => {
      const exceptions = [];
      context.on("weberror", (error) => exceptions.push(String(error.error())));
      await use(exceptions);
      expect(exceptions, "exceptions in the page").toEqual([]);
    },
    { auto: true },
  ],
});
