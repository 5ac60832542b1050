// A real relay, and the programs of its organization: chipchat, web1on1's SDK, as npm has it.
import ChipChat from "chipchat";
import assert from "node:assert/strict";
import { once } from "node:events";
import { Relay } from "../../browser/support/relay.js";

/** Any free port: the SDK takes 0 for "not given", but not "0". */
const FREE_PORT = "0";

export class Desk {
  #test;
  #webhook;

  /** A relay that calls programs on this machine; it ends with the test. */
  static async start(test) {
    const desk = new Desk();
    desk.#test = test;
    desk.relay = await Relay.start({ RELAY_ALLOW_PRIVATE_WEBHOOKS: "true" });
    test.after(() => desk.relay.remove());
    desk.rest = desk.relay.rest;
    desk.organization = desk.relay.organization;
    return desk;
  }

  /** A new user of the organization: with its token, and its refresh token. */
  user(role, members = {}) {
    return this.rest.post("/v2/users", { organization: this.organization, role, name: `The ${role}`, ...members });
  }

  /** The SDK with this token. */
  sdk(token, options = {}) {
    const sdk = new ChipChat({ host: this.relay.origin, token, ...options });
    sdk.errors = [];
    sdk.on("error", (error) => sdk.errors.push(error));
    return sdk;
  }

  /** A bot that is told of these events, and verifies who tells it. */
  async bot({ events = ["*"], ...options } = {}) {
    const { token } = await this.user("bot");
    // Whether it verifies is decided when it starts; the secret comes with the webhook, which asks the bot first.
    const bot = this.sdk(token, { secret: "to come", ...options });
    bot.start(FREE_PORT);
    this.#test.after(() => bot.server.close(() => {}) && bot.server.closeAllConnections());
    await once(bot.server, "listening");
    bot.secret = await this.subscribe(`http://127.0.0.1:${bot.server.address().port}${bot.webhook}`, events);
    return bot;
  }

  /** Has this address be told of these events. Gives the secret. */
  async subscribe(url, events = ["*"]) {
    const webhook = { organization: this.organization, url, events };
    const { id, secret } = await this.rest.post("/v2/webhooks", webhook);
    this.#webhook = id;
    return secret;
  }

  /** Waits until the latest webhook has been told of this message. */
  async told({ id }) {
    const isTold = (delivery) => delivery.id === id && delivery.status === "delivered";
    while (!(await this.rest.get(`/v2/webhooks/${this.#webhook}/deliveries`)).some(isTold));
  }

  /** A conversation with a contact, by its id. */
  async conversation() {
    const { id } = await this.rest.post("/v2/conversations", {
      organization: this.organization,
      contact: { profile: { name: "John Johnson", telephone: "+31646280994" } },
      messages: [{ role: "agent", text: "Hey there." }],
    });
    return id;
  }

  /** A conversation of whose beginning the bot has heard all that there is to hear, the greeting and its acceptance. */
  async conversationWith(bot) {
    const accepted = next(bot, "conversation.update");
    const id = await this.conversation();
    await accepted;
    return id;
  }

  /** The contact says this, or does what the message says. */
  contactSays(conversation, message) {
    const said = typeof message === "string" ? { text: message } : message;
    return this.rest.post(`/v2/conversations/${conversation}/messages`, { role: "contact", ...said });
  }

  /** The log, without the entries that are about no speech. */
  async said(conversation) {
    const messages = await this.rest.get(`/v2/conversations/${conversation}/messages?limit=200`);
    return messages.filter(({ type }) => ["chat", "card", "postback"].includes(type));
  }
}

/** The next event of this name that is as wished: what its listener gets. */
export function next(bot, name, isWished = () => true) {
  return new Promise((resolve) => {
    const listener = (...args) => {
      if (!isWished(...args)) return;
      bot.off(name, listener);
      resolve(args);
    };
    bot.on(name, listener);
  });
}

/** What an SDK's promise is broken with: the relay's status, code and words. */
export function refusal(status, code, words = "") {
  return (error) => {
    const told = error.response.body.error;
    assert.deepEqual([error.statusCode, told.code, error.message], [status, code, told.message]);
    assert.ok(told.message.includes(words), told.message);
    return true;
  };
}
