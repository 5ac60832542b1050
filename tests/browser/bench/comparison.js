// The first visit: a cold cache on a slow phone, ours and the peers in turns.
import { readFile } from "node:fs/promises";
import { CONTENDERS, OURS } from "./contenders.js";
import { median, row, spread, target } from "./figures.js";
import { Host } from "./host.js";
import { PHONE, SLOW, visit } from "./visit.js";

const PACKAGES = ["deep-chat", "@n8n/chat"];

/** The website with a page for each contender. */
export async function website(relay, cdn) {
  const template = await readFile(new URL("page.html", import.meta.url), "utf8");
  const values = { relay: relay.origin, organization: relay.organization, cdn: cdn?.origin };
  const fill = (text, values) => text.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
  return Host.website(
    CONTENDERS.map(({ name, head, body }) => [pageOf(name), fill(fill(template, { head, body }), values)]),
  );
}

export const pageOf = (name) => `${name.replaceAll(/\W+/g, "-")}.html`;

/** Whether ours is the fastest; prints the figures of everyone. */
export async function compare(browser, relay, rounds) {
  const cdn = await Host.cdn(PACKAGES);
  const site = await website(relay, cdn);
  console.log(`measuring first visits: ${CONTENDERS.length} pages, ${rounds} rounds`);
  const visits = new Map(CONTENDERS.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another one: nobody always follows the same neighbour.
    for (const at of CONTENDERS.keys()) {
      const contender = CONTENDERS[(round + at) % CONTENDERS.length];
      const context = await browser.newContext(PHONE); // an empty cache
      const url = `${site.origin}/${pageOf(contender.name)}`;
      visits.get(contender.name).push(await visit(context, url, contender, SLOW));
      await context.close();
    }
  }
  site.stop();
  cdn.stop();
  return report(visits, rounds);
}

function report(visits, rounds) {
  const { cpu, latency, down, up } = SLOW;
  console.log(`\nfirst visit: ${cpu} × slower CPU, ${down / 1e6} / ${up / 1e6} Mbit/s, ${latency} ms, cold cache`);
  console.log(`ms, median (least-most) of ${rounds} rounds; ratio: ours to this one's`);
  row("", "click → composer", "ratio", "page → launcher", "page → composer", "ratio", "KB", "requests");
  const figures = (name, key) => visits.get(name).map((visit) => visit[key]);
  const ratio = (name, key) => median(figures(OURS.name, key)) / median(figures(name, key));
  for (const { name } of CONTENDERS) {
    row(
      name,
      spread(figures(name, "fromClick")),
      ratio(name, "fromClick").toFixed(2),
      spread(figures(name, "launcher")),
      spread(figures(name, "fromNavigation")),
      ratio(name, "fromNavigation").toFixed(2),
      (median(figures(name, "bytes")) / 1000).toFixed(1),
      median(figures(name, "requests")),
    );
  }
  console.log("own launcher: it appears when everything is loaded, so that its wait is in page → composer only\n");
  const peers = CONTENDERS.filter((contender) => contender.head !== OURS.head && contender.early);
  return peers
    .map(({ name }) => {
      const ours = ratio(name, "fromClick");
      return target(ours < 1, `click → composer: ${ours.toFixed(2)} × ${name}, less than 1`);
    })
    .every(Boolean);
}
