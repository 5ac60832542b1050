// A client of the REST API, as the README's curl lines use it.

export class Rest {
  #origin;

  constructor(origin, token) {
    this.#origin = origin;
    this.token = token;
  }

  get(path) {
    return this.#send("GET", path);
  }

  post(path, body) {
    return this.#send("POST", path, body);
  }

  patch(path, body) {
    return this.#send("PATCH", path, body);
  }

  delete(path) {
    return this.#send("DELETE", path);
  }

  /** `form` is a `FormData`. */
  upload(path, form) {
    return this.#send("POST", path, form);
  }

  async #send(method, path, content) {
    const headers = { authorization: `Bearer ${this.token}` };
    const isForm = content instanceof FormData;
    if (content && !isForm) headers["content-type"] = "application/json";
    const body = isForm || !content ? content : JSON.stringify(content);
    const response = await fetch(this.#origin + path, { method, headers, body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined; // 204
  }
}
