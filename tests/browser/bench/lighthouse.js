// Lighthouse's scores of the demo page: without the loader, with it, and with the chat open.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, get } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, target } from "./figures.js";

const PROGRAM = fileURLToPath(new URL("node_modules/lighthouse/cli/index.js", import.meta.url));
const RUNS = 3;
const SCORE = 100;
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const LOADER = /<script [^>]*src="\/web1on1\.js"[^>]*><\/script>/;

/** Whether the page scores 100 each time; prints the scores. */
export async function lighthouse(relay, chromium, flags) {
  console.log("measuring with Lighthouse");
  const edits = { "without the loader": withoutLoader, "with the loader": (page) => page, "with the chat open": opened };
  const pages = await Promise.all(Object.values(edits).map((edit) => mirror(relay, edit)));
  const runs = pages.map(() => []);
  for (let run = 0; run < RUNS; run += 1)
    for (const [at, page] of pages.entries()) runs[at].push(await score(page.origin, chromium, flags));
  for (const page of pages) page.stop();
  console.log(`\nLighthouse of the demo page, its own mobile throttling, median of ${RUNS} runs`);
  return Object.keys(edits)
    .flatMap((kind, at) =>
      CATEGORIES.map((category) => {
        const scores = runs[at].map((run) => run[category]);
        return target(median(scores) >= SCORE, `${kind}, ${category}: ${median(scores)} (${scores.join(", ")}), target ${SCORE}`);
      }),
    )
    .every(Boolean);
}

/** For each category, in per cent. */
async function score(url, chromium, flags) {
  const options = [`--only-categories=${CATEGORIES}`, "--disable-full-page-screenshot", "--no-enable-error-reporting"];
  const output = ["--output=json", "--output-path=stdout", "--quiet"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [PROGRAM, url, ...options, ...output, `--chrome-flags=${["--headless=new", ...flags].map(quoted).join(" ")}`],
    { env: { ...process.env, CHROME_PATH: chromium }, maxBuffer: 64e6 },
  );
  const { runtimeError, categories } = JSON.parse(stdout);
  if (runtimeError) throw new Error(`Lighthouse: ${runtimeError.message}`);
  return Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]));
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
  // The chat's socket. The relay's own origin is always an allowed one.
  server.on("upgrade", (request, socket) => {
    const { host, hostname, port } = new URL(relay.origin);
    const onward = connect(port, hostname);
    const headers = Object.entries({ ...request.headers, host, origin: relay.origin });
    onward.write([`GET ${request.url} HTTP/1.1`, ...headers.map((header) => header.join(": ")), "", ""].join("\r\n"));
    socket.on("error", () => onward.destroy()).pipe(onward);
    onward.on("error", () => socket.destroy()).pipe(socket);
  });
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const opened = (page) => changed(page, ' data-open-after="0"', /(?<=src="\/web1on1\.js")/);

const withoutLoader = (page) => changed(page, "", LOADER);

function changed(page, by, what) {
  const changed = page.replace(what, by);
  if (changed === page) throw new Error("the demo page has no script tag of the loader");
  return changed;
}
