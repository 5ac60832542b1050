// The web around the widgets: a website, and a CDN on another origin with the peers' packages. Both answer with
// brotli at its best quality, compressed beforehand; the CDN's files may be kept forever.
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const HERE = new URL("./", import.meta.url);
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };
const FOREVER = { "cache-control": "public, max-age=31536000, immutable", "access-control-allow-origin": "*" };
/** What the peers ask of a back end: no earlier session, and an answer that nobody waits for. */
const WEBHOOK = { type: "application/json", body: Buffer.from(`{"data":[],"output":"","text":""}`) };

export class Host {
  #server;
  #files = new Map();

  static async start() {
    const host = new Host();
    host.#server = createServer((request, response) => host.#answer(request, response)).listen(0, "127.0.0.1");
    await once(host.#server, "listening");
    host.origin = `http://127.0.0.1:${host.#server.address().port}`;
    return host;
  }

  /** Serves these pages, given as a map of names to texts. */
  static async website(pages) {
    const host = await Host.start();
    for (const [name, text] of pages) await host.#add(`/${name}`, ".html", Buffer.from(text), {});
    host.#files.set("/webhook", { ...WEBHOOK, headers: {} });
    return host;
  }

  /** Serves `dist/` of these packages under their names. */
  static async cdn(packages) {
    const host = await Host.start();
    for (const name of packages) {
      const directory = new URL(`node_modules/${name}/dist/`, HERE);
      for (const file of await readdir(directory)) {
        const type = extname(file);
        if (!(type in TYPES)) continue;
        await host.#add(`/${name}/dist/${file}`, type, await readFile(new URL(file, directory)), FOREVER);
      }
    }
    return host;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #add(path, extension, content, headers) {
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    const body = await promisify(brotliCompress)(content, { params });
    const type = `${TYPES[extension]}; charset=utf-8`;
    this.#files.set(path, { type, body, headers: { ...headers, "content-encoding": "br" } });
  }

  #answer(request, response) {
    request.resume();
    const file = this.#files.get(new URL(request.url, "http://host.example").pathname);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { ...file.headers, "content-type": file.type, "content-length": file.body.length });
    response.end(file.body);
  }
}
