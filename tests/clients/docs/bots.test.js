// The bots of docs/bots.md, run as the page says.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Desk } from "../support/desk.js";
import { Page } from "../support/page.js";
import { Shell } from "../support/shell.js";
import { test } from "../support/timed.js";

const NODE_PATH = fileURLToPath(new URL("../node_modules", import.meta.url));
/** One that has `requests`; xtask says where it is. */
const { PYTHON } = process.env;

test("docs/bots.md: the bot with web1on1's SDK", async (t) => {
  const { desk, page, environment, run } = await begin(t);
  const PORT = await freePort();
  page.mean("http://127.0.0.1:8080", desk.relay.origin);
  page.mean("127.0.0.1:4000", `127.0.0.1:${PORT}`);
  page.mean("5bad2f12e91d2c331be33364", desk.organization);
  const start = async (more) => {
    const bot = await run("js", "echo.js", process.execPath, { ...environment, NODE_PATH, PORT, ...more });
    for await (const line of createInterface({ input: bot.stdout })) if (line.includes("running on")) return bot;
    throw new Error("the bot did not start");
  };

  const first = await start({});
  const shell = new Shell(desk.relay.directory);
  t.after(() => shell.end());
  const made = JSON.parse(await shell.run(page.filled(block(page, "sh"))));
  page.expect(JSON.parse(block(page, "json")), made);
  first.kill();
  await once(first, "exit");
  await start({ SECRET: made.secret });

  await expectEcho(desk);
});

test("docs/bots.md: the bot in Python", async (t) => {
  const { desk, environment, run } = await begin(t);
  await run("python", "echo.py", PYTHON, environment);
  await expectEcho(desk);
});

/** A customer says two things, and hears each again, once. */
async function expectEcho(desk) {
  const id = await desk.conversation();
  const echoes = [];
  for (const text of ["Hello", "Is anybody there?"]) {
    await desk.contactSays(id, text);
    echoes.push(`You said: ${text}`);
    const heard = async () => (await desk.said(id)).map(({ text }) => text).filter((text) => text.startsWith("You said"));
    while ((await heard()).length < echoes.length);
    assert.deepEqual(await heard(), echoes);
  }
}

/** A relay, and how a block of the page is run as a program beside it. */
async function begin(test) {
  const desk = await Desk.start(test);
  const page = new Page("bots.md");
  const { token } = await desk.user("bot");
  const environment = { RELAY: desk.relay.origin, TOKEN: token };
  const run = async (language, name, program, environment) => {
    const file = join(desk.relay.directory, name);
    await writeFile(file, block(page, language));
    const child = spawn(program, [file], { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "inherit"] });
    test.after(() => child.kill("SIGKILL"));
    return child;
  };
  return { desk, page, environment, run };
}

function block(page, language) {
  const blocks = page.blocks.filter((block) => block.language === language);
  assert.equal(blocks.length, 1, language);
  return blocks[0].text;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return String(port);
}
