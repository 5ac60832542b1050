// The organization of a relay, and what an agent of it does through the API.

export class Organization {
  #rest;

  constructor({ rest }, id) {
    this.#rest = rest;
    this.id = id;
  }

  change(members) {
    return this.#rest.patch(`/v2/organizations/${this.id}`, members);
  }

  /** Creates a resource (`kind` is `users`, `channels` or `forms`) and gives its id. */
  async create(kind, members) {
    const { id } = await this.#rest.post(`/v2/${kind}`, { organization: this.id, ...members });
    return id;
  }

  conversations() {
    return this.#rest.get(`/v2/conversations?organization=${this.id}`);
  }

  /** The only conversation, as the API shows it. */
  async conversation() {
    const conversations = await this.conversations();
    if (conversations.length !== 1) throw new Error(`${conversations.length} conversations instead of one`);
    return this.#rest.get(`/v2/conversations/${conversations[0].id}`);
  }

  async contact() {
    const { contact } = await this.conversation();
    return this.#rest.get(`/v2/contacts/${contact}`);
  }

  /** The log of the only conversation, oldest first; empty while there is none. */
  async messages() {
    const [conversation] = await this.conversations();
    if (!conversation) return [];
    return this.#rest.get(`/v2/conversations/${conversation.id}/messages?after=0&limit=200`);
  }

  /** The newest entry of the only conversation. */
  async latest() {
    const [{ id }] = await this.conversations();
    const newest = await this.#rest.get(`/v2/conversations/${id}/messages?limit=1`);
    return newest.at(-1);
  }

  async texts() {
    return (await this.messages()).map((message) => message.text);
  }

  /** Uploads a file of an agent's, as the API answers it. */
  upload(name, content) {
    const form = new FormData();
    form.append("file", new Blob([content]), name);
    return this.#rest.upload(`/v2/files?organization=${this.id}`, form);
  }

  /** Posts a message of an agent, or an array of messages, into the only conversation. */
  async answer(message) {
    const { id } = await this.conversation();
    return this.#rest.post(`/v2/conversations/${id}/messages`, asAgent(message));
  }
}

function asAgent(message) {
  if (Array.isArray(message)) return message.map(asAgent);
  return typeof message === "string" ? { role: "agent", text: message } : { role: "agent", ...message };
}
