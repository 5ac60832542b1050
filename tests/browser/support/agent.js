// Somebody who works for a relay's organization, through the API.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { Rest } from "./rest.js";

export class Agent {
  #relay;
  #rest;
  #stream;

  /** Hires an agent of this name. */
  static async hire(relay, name, members) {
    const agent = new Agent();
    const { token } = await relay.rest.post("/v2/users", { organization: relay.organization, name, ...members });
    agent.#relay = relay;
    agent.#rest = new Rest(relay.origin, token);
    return agent;
  }

  /** Is there, with an open stream, until they leave. */
  async attend() {
    const asked = request(`${this.#relay.origin}/v2/events`, {
      headers: {
        authorization: `Bearer ${this.#rest.token}`,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-key": randomBytes(16).toString("base64"),
        "sec-websocket-version": "13",
      },
    }).end();
    const [, stream] = await once(asked, "upgrade");
    const hello = Buffer.from('{"hello":{}}');
    // One whole text, masked (RFC 6455, section 5.2) by zeros.
    stream.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello]));
    await once(stream, "data");
    this.#stream = stream.on("error", () => {});
  }

  leave() {
    this.#stream.destroy();
  }

  /** The only conversation, or the one with this id. */
  async #path(id) {
    if (id) return `/v2/conversations/${id}`;
    const [conversation] = await this.#rest.get("/v2/conversations?sort=-createdAt&limit=1");
    return `/v2/conversations/${conversation.id}`;
  }

  async say(text, id) {
    return this.#rest.post(`${await this.#path(id)}/messages`, { role: "agent", text });
  }

  async command(text) {
    return this.#rest.post(`${await this.#path()}/messages`, { type: "command", text });
  }

  async type() {
    await this.#rest.post(`${await this.#path()}/typing`, {});
  }

  async read() {
    await this.#rest.post(`${await this.#path()}/read`, {});
  }

  async closeConversation() {
    await this.#rest.patch(await this.#path(), { status: "closed" });
  }

  change({ id }, text) {
    return this.#rest.patch(`/v2/messages/${id}`, { text });
  }

  takeBack({ id }) {
    return this.#rest.delete(`/v2/messages/${id}`);
  }
}
