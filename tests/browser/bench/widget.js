// What a visitor waits for: `cargo xtask bench widget` sets up what this needs and runs it. RELAY_BIN is the relay to
// start, CHROMIUM the browser (absent: the one that Playwright fetched for itself). `--rounds N`: 7 if not given.
import { parseArgs } from "node:util";
import { cpus } from "node:os";
import { chromium } from "@playwright/test";
import { Relay } from "../support/relay.js";
import { compare } from "./comparison.js";
import { FLAGS } from "./flags.js";
import { lighthouse } from "./lighthouse.js";
import { revisit } from "./revisit.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const rounds = Number(values.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`--rounds is not a number: ${values.rounds}`);

const executablePath = process.env.CHROMIUM ?? chromium.executablePath();
const relay = await Relay.start();
const browser = await chromium.launch({ executablePath, args: FLAGS });
const reached = [];
try {
  console.log(`\nChromium ${browser.version()}, ${cpus().length} cores`);
  reached.push(await compare(browser, relay, rounds));
  reached.push(await revisit(browser, relay, rounds));
  await browser.close();
  reached.push(await lighthouse(relay, executablePath, FLAGS));
} finally {
  await browser.close();
  await relay.remove();
}
process.exitCode = reached.every(Boolean) ? 0 : 1;
