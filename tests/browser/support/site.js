// A website that includes the chat: serves `pages/` from an origin that is not the relay's. The address of a page
// says what stands for {{relay}}, {{organization}} and so on in it, and in its response headers: the lines of the
// file `strict.headers` are those of `strict.html`. It also takes the reports of violated policies, at `/reports`.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const PAGES = new URL("../pages/", import.meta.url);

export class Site {
  #server;
  #reports = [];
  #shown = new Map();

  static async start() {
    const site = new Site();
    site.#server = createServer((request, response) => site.#answer(request, response)).listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  url(page, values) {
    return `${this.origin}/${page}.html?${new URLSearchParams(values)}`;
  }

  /** Serves a page that is no file, from here on. */
  show(pathname, body, headers = {}) {
    this.#shown.set(pathname, { body, headers });
  }

  /** What browsers have reported about the page at this address, as `directive: what was blocked`. */
  reports(address) {
    return this.#reports
      .filter((report) => report["document-uri"] === address)
      .map((report) => `${report["effective-directive"]}: ${report["blocked-uri"]}`);
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.origin);
    if (pathname === "/reports") {
      this.#reports.push((await json(request))["csp-report"]);
      return response.writeHead(204).end();
    }
    const shown = this.#shown.get(pathname);
    if (shown) return response.writeHead(200, { "content-type": "text/html", ...shown.headers }).end(shown.body);
    const fill = (text) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => searchParams.get(name) ?? "");
    const page = await read(pathname);
    if (page === undefined) return response.writeHead(404).end();
    const headers = (await read(pathname.replace(/html$/, "headers"))) ?? "";
    for (const [, name, value] of fill(headers).matchAll(/^([\w-]+): (.+)$/gm)) response.setHeader(name, value);
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
    response.setHeader("content-type", `${type}; charset=utf-8`);
    response.end(fill(page));
  }
}

function read(pathname) {
  return readFile(new URL(`.${pathname}`, PAGES), "utf8").catch(() => undefined);
}
