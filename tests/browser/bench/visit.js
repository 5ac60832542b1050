// One visit to a page with a chat, on a phone: from the navigation to the tap to a composer that takes text.
import { probe } from "./probe.js";

/** Lighthouse's slow mobile: fast 3G, and a processor of a quarter of this machine's speed. */
export const SLOW = { cpu: 4, latency: 150, down: 1_600_000, up: 750_000 };
export const FULL_SPEED = { cpu: 1 };

/** No hover before the tap: a finger gives no warning. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const TEXT = "a";

/** The longest that a visit may take. */
const PATIENCE = 60_000;

export async function visit(context, url, contender, conditions) {
  const page = await context.newPage();
  const network = await slowDown(await context.newCDPSession(page), conditions);
  await page.exposeFunction("tapAt", (x, y) => page.touchscreen.tap(x, y));
  const { promise: finished, resolve, reject } = withResolvers();
  await page.exposeFunction("finish", resolve);
  await page.addInitScript(probe, { launcher: contender.launcher, composer: contender.composer, text: TEXT });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const timer = setTimeout(() => reject(stuck(contender, errors)), PATIENCE);
  try {
    await page.goto(url, { waitUntil: "commit" });
    const { launched, tapped, usable } = await finished;
    await expectKept(page, contender);
    return { launcher: launched, fromClick: usable - tapped, fromNavigation: usable, ...network };
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}

/** A composer that forgets what was typed, because another one takes its place, was not usable. */
async function expectKept(page, { name, composer }) {
  await page.waitForLoadState("networkidle");
  const text = await page.locator(composer.join(" ")).first().evaluate((field) => field.value ?? field.textContent);
  if (!text.includes(TEXT)) throw new Error(`${name}: what was typed first is gone`);
}

/** Counts what goes over the network until nothing does, the page itself included. */
async function slowDown(session, { cpu, latency = 0, down = 0, up = 0 }) {
  const network = { bytes: 0, requests: 0 };
  session.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith("http")) network.requests += 1;
  });
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (network.bytes += encodedDataLength));
  await session.send("Network.enable");
  await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: down ? down / 8 : -1,
    uploadThroughput: up ? up / 8 : -1,
  });
  return network;
}

function stuck({ name }, errors) {
  return new Error([`${name}: no usable composer after ${PATIENCE / 1000} s`, ...errors].join("\n  "));
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
