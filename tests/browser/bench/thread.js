// What a thread of 10,000 messages costs the page that shows it: `cargo xtask bench thread` sets up what this needs and
// runs it. RELAY_BIN is the relay to start, CHROMIUM the browser (absent: the one that Playwright fetched for itself).
// `--messages N`: 10,000 if not given.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { Relay } from "../support/relay.js";
import { FLAGS } from "./flags.js";
import { median, target } from "./figures.js";
import { Host } from "./host.js";
import { Reader } from "./reader.js";

const APPENDING_MS = 16;
const OPENING_MS = 200;
/** Of the frames while one scrolls, those that take longer than `LATE_MS`, in per cent. */
const LATE_PERCENT = 1;
const LATE_MS = 33;
/** What the collector leaves lying about differs by so many per cent from one time to the next. */
const GROWTH_PERCENT = 3;
const ROUNDS = 20;
/** As many as a page bears that has all of them: what is under the pointer is sought among them in every frame. */
const STILL_ROWS = 500;

const { values } = parseArgs({ options: { messages: { type: "string", default: "10000" } } });
const count = Number(values.messages);
if (!(Number.isInteger(count) && count > 0)) throw new Error(`--messages is not a number: ${values.messages}`);

const relay = await Relay.start();
const page = `<!doctype html><html lang="en"><title>A page with a chat</title><link rel="icon" href="data:,">
  <script async src="${relay.origin}/web1on1.js" data-organization="${relay.organization}" data-mode="inline"></script>`;
const site = await Host.website([["thread.html", page]]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
const reached = [];
try {
  const reader = await Reader.start(browser, `${site.origin}/thread.html`, relay);
  console.log(`\nChromium ${browser.version()}, ${cpus().length} cores; a thread of ${count} messages, all loaded`);
  await reader.fill(count);

  const opening = await reader.open(ROUNDS);
  reached.push(limit("opening, to the first frame with the latest message, ms", opening, OPENING_MS));
  const { script, task } = await reader.append(ROUNDS);
  reached.push(limit("appending, scripting, ms", script, APPENDING_MS));
  console.log(`      appending, all of the main thread's work, ms: ${spread(task)}`);

  const tab = await reader.openStill(STILL_ROWS);
  const still = late(await tab.travel());
  await tab.close();
  console.log(`      scrolling ${STILL_ROWS} rows of that look that nothing changes, on this machine now: ${still.text}`);
  const own = late(await reader.travel());
  reached.push(target(own.share <= LATE_PERCENT, `scrolling to the top and back: ${own.text}, at most ${LATE_PERCENT} %`));
  console.log(`      the main thread's work for a frame, as a multiple of that for those rows: ${(own.work / still.work).toFixed(2)}`);

  const before = await reader.memory();
  for (const direction of [-1, 1, -1, 1]) await reader.scroll(direction);
  const after = await reader.memory();
  for (const [name, bytes] of Object.entries(before)) {
    const growth = (100 * (after[name] - bytes)) / bytes;
    const text = `${name} after scrolling to the top and back twice: ${bytes} → ${after[name]}`;
    reached.push(target(growth <= GROWTH_PERCENT, `${text} (${growth.toFixed(1)} %), no growth`));
  }
} finally {
  await browser.close();
  site.stop();
  await relay.remove();
}
process.exitCode = reached.every(Boolean) ? 0 : 1;

/** The median counts. */
function limit(name, times, most) {
  return target(median(times) <= most, `${name}: ${spread(times)}, at most ${most}`);
}

function late({ frames, work }) {
  const count = frames.filter((time) => time > LATE_MS).length;
  const share = (100 * count) / frames.length;
  const longest = Math.max(...frames).toFixed(0);
  const text = `${count} of ${frames.length} frames over ${LATE_MS} ms (${share.toFixed(2)} %, longest ${longest} ms), ${work.toFixed(1)} ms of work for one`;
  return { share, work, text };
}

function spread(times) {
  const [middle, least, most] = [median(times), Math.min(...times), Math.max(...times)].map((time) => time.toFixed(1));
  return `${middle} (${least}-${most})`;
}
