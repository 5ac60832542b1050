// Lighthouse's performance score of the demo page, with the loader and without it.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, get } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, target } from "./figures.js";

const PROGRAM = fileURLToPath(new URL("node_modules/lighthouse/cli/index.js", import.meta.url));
const RUNS = 3;
const SCORE = 100;
const LOADER = /<script [^>]*src="\/web1on1\.js"[^>]*><\/script>/;

/** Whether the page scores 100 with the loader and without; prints both scores. */
export async function lighthouse(relay, chromium, flags) {
  console.log("measuring with Lighthouse");
  const scores = { with: [], without: [] };
  const pages = { with: await mirror(relay, (page) => page), without: await mirror(relay, withoutLoader) };
  for (let run = 0; run < RUNS; run += 1) {
    for (const [kind, page] of Object.entries(pages)) scores[kind].push(await score(page.origin, chromium, flags));
  }
  for (const page of Object.values(pages)) page.stop();
  console.log(`\nLighthouse performance of the demo page, its own mobile throttling, median of ${RUNS} runs`);
  return Object.entries(scores)
    .map(([kind, scores]) => {
      const text = `${kind} the loader: ${median(scores)} (${scores.join(", ")}), target ${SCORE}`;
      return target(median(scores) >= SCORE, text);
    })
    .every(Boolean);
}

async function score(url, chromium, flags) {
  const options = ["--only-categories=performance", "--disable-full-page-screenshot", "--no-enable-error-reporting"];
  const output = ["--output=json", "--output-path=stdout", "--quiet"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [PROGRAM, url, ...options, ...output, `--chrome-flags=${["--headless=new", ...flags].map(quoted).join(" ")}`],
    { env: { ...process.env, CHROME_PATH: chromium }, maxBuffer: 64e6 },
  );
  const { runtimeError, categories } = JSON.parse(stdout);
  if (runtimeError) throw new Error(`Lighthouse: ${runtimeError.message}`);
  return Math.round(categories.performance.score * 100);
}

/** Lighthouse splits its flags at spaces, except inside a quoted value. */
function quoted(flag) {
  return flag.replace(/=(.*)$/, '="$1"');
}

/** The relay under another origin, its demo page changed by `edit`. */
async function mirror(relay, edit) {
  const server = createServer((request, response) => {
    const isPage = request.url === "/";
    const headers = isPage ? { ...request.headers, "accept-encoding": "identity" } : request.headers;
    get(relay.origin + request.url, { headers }, async (answer) => {
      if (!isPage) return answer.pipe(response.writeHead(answer.statusCode, answer.headers));
      const { "content-length": _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode, kept).end(edit(await text(answer)));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function withoutLoader(page) {
  const changed = page.replace(LOADER, "");
  if (changed === page) throw new Error("the demo page has no script tag of the loader to take out");
  return changed;
}
