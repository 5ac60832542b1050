// Every example of docs/api.md, in the order of the page: commands are run, and answer what the page shows.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { delimiter, dirname, join } from "node:path";
import { Desk } from "../support/desk.js";
import { Page } from "../support/page.js";
import { Shell } from "../support/shell.js";
import { test } from "../support/timed.js";

/** Bytes of the file that the page sends. */
const OFFER = 48_213;

test("docs/api.md: every example does what it says", async (t) => {
  const desk = await Desk.start(t);
  const page = new Page("api.md");
  const program = await Program.start(t);
  page.mean("http://127.0.0.1:8080", desk.relay.origin);
  page.mean("https://bot.example/hook", program.url);
  const { directory } = desk.relay;
  await writeFile(join(directory, "offer.pdf"), "%PDF-1.7\n".padEnd(OFFER, "%"));
  const shell = new Shell(directory, { PATH: [dirname(process.env.RELAY_BIN), process.env.PATH].join(delimiter) });
  t.after(() => shell.end());

  let printed;
  for (const { language, text } of page.blocks) {
    if (language === "sh") {
      printed = await shell.run(page.filled(text));
    } else {
      assert.equal(language, "json", text);
      const shown = JSON.parse(text);
      page.expect(shown, "event" in shown ? await called(shown, page, desk, program) : lastOf(printed));
    }
  }
});

/** The call that the program gets, and the page shows: a customer of the page says something. */
async function called({ event }, page, desk, program) {
  const conversation = page.filled("5bb01c61e91d2c331be33401");
  const { id } = await desk.contactSays(conversation, "Is anybody there?");
  page.mean("5bb01d0d000000000000002a", id);
  for (;;) {
    const call = await program.next();
    if (call.event === event && call.id === id) return call;
  }
}

/** The answer to a block's last command. */
function lastOf(printed) {
  return JSON.parse(printed.trim().split("\n").at(-1));
}

/** What a webhook of the page leads to. */
class Program {
  #calls = [];
  #wake = () => {};

  static async start(test) {
    const program = new Program();
    const server = createServer((request, response) => program.#take(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    test.after(() => server.close().closeAllConnections());
    program.url = `http://127.0.0.1:${server.address().port}/hook`;
    return program;
  }

  async next() {
    while (this.#calls.length === 0) await new Promise((resolve) => (this.#wake = resolve));
    return this.#calls.shift();
  }

  async #take(request, response) {
    if (request.method === "GET") {
      return response.end(new URL(request.url, this.url).searchParams.get("challenge"));
    }
    this.#calls.push(JSON.parse(Buffer.concat(await request.toArray())));
    response.end();
    this.#wake();
  }
}
