// A website that includes the chat: serves `pages/` from an origin that is not the relay's. The address of a page
// says what stands for {{relay}} and {{organization}} in it.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const PAGES = new URL("../pages/", import.meta.url);

export class Site {
  #server;

  static async start() {
    const site = new Site();
    site.#server = createServer((request, response) => serve(request.url, response)).listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  url(page, values) {
    return `${this.origin}/${page}.html?${new URLSearchParams(values)}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function serve(address, response) {
  const { pathname, searchParams } = new URL(address, "http://site.example");
  try {
    const page = await readFile(new URL(`.${pathname}`, PAGES), "utf8");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(page.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => searchParams.get(name) ?? ""));
  } catch {
    response.writeHead(404).end();
  }
}
