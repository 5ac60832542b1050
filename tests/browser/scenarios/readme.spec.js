// The commands of the README, as a reader would paste them.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "../support/test.js";

const README = new URL("../../../README.md", import.meta.url);

// On the demo page, which is in `auto` mode.
test("an origin is allowed and a visitor answered with the README's commands", { tag: "@inline" }, async ({
  page,
  chat,
  relay,
  organization,
}) => {
  const [allow, answer] = await shellBlocks();
  await page.goto(relay.origin);
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");

  await paste(`${allow}\n${answer}`, relay);

  await chat.expectTexts(["Hello", "Good morning. How can I help?"]);
  const { allowedOrigins } = await relay.rest.get(`/v2/organizations/${organization.id}`);
  expect(allowedOrigins).toEqual(["https://shop.example"]);
});

async function shellBlocks() {
  const readme = await readFile(README, "utf8");
  return [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
}

/** In the directory where the relay was started, with the addresses that it printed. */
function paste(commands, { directory, origin, organization }) {
  const script = commands.replace(/RELAY=\S+/, `RELAY=${origin}`).replace(/ORG=\S+/, `ORG=${organization}`);
  return promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], { cwd: directory });
}
