// The examples of docs/embedding.md, as a reader would paste them: each block does what is said here of it.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Chat } from "../support/chat.js";
import { NOTES, PICTURE, paste } from "../support/files.js";
import { expect, test } from "../support/test.js";

const PAGE = new URL("../../../docs/embedding.md", import.meta.url);
const DECLARATIONS = new URL("../../../static/web1on1.d.ts", import.meta.url);
const TSC = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

const BLOCKS = [...readFileSync(PAGE, "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, , text]) => text);
const TAG = block("<script async", "</script>");
const NONCED = block("<script nonce=");
const NONCES = block("Content-Security-Policy: script-src 'nonce-");

/** By how a block begins: what it does. What names a mode itself is tagged. */
const EXPECTATIONS = [
  [TAG, (at) => at.show(at.text).then(() => at.talk())],
  [
    "window.web1on1 ??= { q: [] }",
    async (at) => {
      await at.show(`<script>${at.text}</script>${TAG}`);
      await at.chat.open();
      await expect(at.chat.field).toHaveValue("I want to book a test ride");
    },
  ],
  [
    "window.web1on1Settings",
    async (at) => {
      await at.show(`<script>${at.text}</script>${TAG}`);
      await at.chat.open();
      await expect(at.chat.panel).toHaveClass(/\bdark\b/);
    },
  ],
  [
    block("<script", 'data-mode="frame"'),
    async (at) => {
      await at.show(at.text);
      await at.talk(new Chat(at.page, "frame"));
    },
    "@inline",
  ],
  [
    block("<script", "data-shoutout"),
    async (at) => {
      await at.show(at.text);
      await at.chat.host.getByText("Questions about a bike? Ask us.").click();
      await expect(at.chat.field).toBeVisible();
    },
  ],
  [NONCES, (at) => at.keepTo(at.text, NONCED, "frame"), "@inline"],
  [NONCED, (at) => at.keepTo(NONCES, at.text, "frame"), "@inline"],
  [
    "Content-Security-Policy: script-src https://relay.example 'wasm",
    (at) => at.keepTo(at.text, TAG, "inline"),
    "@inline",
  ],
  ["Content-Security-Policy: require-trusted-types-for", (at) => at.keepTo(at.text, TAG, at.mode)],
  [
    '<div id="chat"',
    async (at) => {
      await at.show(at.text);
      await at.chat.say("Hello");
      await at.chat.expectSent("Hello");
    },
  ],
  [
    "<iframe",
    async (at) => {
      await at.show(at.text);
      const panel = at.page.locator("iframe").contentFrame().locator("section.panel.dark");
      await panel.getByRole("textbox").fill("Hello");
      await panel.getByRole("textbox").press("Enter");
      await expect.poll(() => at.organization.texts()).toEqual(["Hello"]);
    },
    "@inline",
  ],
  [
    "web1on1.destroy();",
    async (at) => {
      await at.show(TAG);
      await at.talk();
      await at.run();
      await at.chat.open();
      await expect(at.chat.panel).toHaveClass(/\bdark\b/);
      await at.chat.expectTexts(["Hello"]);
    },
  ],
  [
    block("<script", "data-consent"),
    async (at) => {
      await at.show(at.text);
      await at.talk();
      expect(await at.stored()).toEqual([]);
    },
  ],
  [
    "web1on1.consent('granted')",
    async (at) => {
      await at.show(block("<script", "data-consent"));
      await at.talk();
      await at.run();
      await expect.poll(() => at.stored()).toEqual([`frontdesk:${at.organization.id}`]);
    },
  ],
  [
    block("TOKEN=", "identitySecret"),
    async (at) => {
      await at.paste();
      const organization = await at.relay.rest.get(`/v2/organizations/${at.organization.id}`);
      expect(organization).toMatchObject({ hasIdentitySecret: true, requireIdentity: true });
    },
    "@inline",
  ],
  [
    "import { createHmac }",
    async (at) => {
      await at.show(TAG);
      const token = await at.identity("ada");
      await at.chat.call("identify", { token });
      await at.talk();
      expect(await at.organization.contact()).toMatchObject({ externalId: "ada", profile: { name: "Ada" } });
    },
  ],
  [
    "const { token } =",
    async (at) => {
      await at.signIn("ada");
      expect((await at.organization.contact()).externalId).toBe("ada");
    },
  ],
  [
    "await web1on1.logout();",
    async (at) => {
      await at.signIn("ada");
      await at.run();
      await at.chat.expectTexts([]);
      expect(await at.stored()).toEqual([]);
    },
  ],
  [
    block("TOKEN=", "/links"),
    async (at) => {
      const { contact } = await at.relay.rest.post("/v2/conversations", {
        organization: at.organization.id,
        contact: { profile: { name: "John", telephone: "+31646280994" } },
        messages: [{ role: "agent", text: "Your bike is ready." }],
      });
      const { url } = JSON.parse(await at.paste({ CONTACT: contact }));
      await at.show(TAG, { address: url });
      await at.chat.open();
      await at.chat.expectTexts(["Your bike is ready."]);
      expect(at.page.url()).toBe(`${at.site.origin}/orders`);
    },
  ],
  [
    "const { id, seq } =",
    async (at) => {
      await at.show(TAG);
      await at.run();
      const [{ id }] = await at.organization.messages();
      await expect.poll(() => at.logged).toEqual([`stored ${id} 1`]);
    },
  ],
  [
    "web1on1.api.showFakeAgentMessage(",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await at.chat.expectTexts(["10 % off today"]);
      await expect(at.chat.panel.getByRole("button", { name: "Show me" })).toBeVisible();
    },
  ],
  [
    "const transcript =",
    async (at) => {
      await at.show(TAG);
      await at.talk();
      const [download] = await Promise.all([at.page.waitForEvent("download"), at.run()]);
      expect(download.suggestedFilename()).toBe("chat.txt");
      expect(readFileSync(await download.path(), "utf8")).toMatch(/^\[[\d-]+ [\d:]+\] You: Hello\n$/);
    },
  ],
  [
    "web1on1.on('message:received'",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await at.talk();
      await at.chat.call("close");
      await at.organization.answer("Good morning.");
      await expect(at.page).toHaveTitle("(1) Shop");
      await expect.poll(() => at.logged).toEqual([expect.stringMatching(/: Good morning\.$/)]);
    },
  ],
  [
    "try {",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await expect.poll(() => at.logged).toEqual(["no such command"]);
    },
  ],
  [
    "import type {",
    async (at, info) => {
      await copyFile(DECLARATIONS, info.outputPath("web1on1.d.ts"));
      await writeFile(info.outputPath("site.ts"), at.text);
      const options = ["--strict", "--noEmit", "--skipDefaultLibCheck", "--target", "es2023", "--module", "es2022", "--moduleResolution", "bundler"];
      const compiled = promisify(execFile)(process.execPath, [TSC, ...options, info.outputPath("site.ts")]);
      expect((await compiled.catch((error) => error)).stdout).toBe("");
    },
    "@inline",
  ],
  [
    "web1on1.actions.on('afterSendMessage'",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await at.talk();
      await expect.poll(() => at.logged).toEqual(["said Hello"]);
    },
  ],
  [
    "web1on1.actions.on('beforeSendMessage', (payload)",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await at.chat.open();
      await at.chat.say("It is 4111111111111111.");
      await expect.poll(() => at.organization.texts()).toEqual(["It is (card number)."]);
    },
  ],
  [
    "web1on1.actions.on('beforeSendMessage', async",
    async (at) => {
      await at.show(TAG);
      await at.run();
      expect(await at.chat.codeOf("My password is secret")).toBe("action_cancelled");
      expect(await at.organization.texts()).toEqual([]);
    },
  ],
  [
    "web1on1.actions.replaceAction('MinimizeChat'",
    async (at) => {
      const asked = [];
      at.page.on("dialog", (dialog) => (asked.push(dialog.message()) === 1 ? dialog.dismiss() : dialog.accept()));
      await at.show(TAG);
      await at.run();
      await at.chat.open();
      await at.chat.field.press("Escape");
      await expect.poll(() => asked).toEqual(["Close the chat?"]);
      await expect(at.chat.panel).toBeVisible();
      await at.chat.field.press("Escape");
      await expect(at.chat.panel).toBeHidden();
    },
  ],
  [
    "web1on1.actions.registerAction('AskAbout'",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await expect(at.chat.field).toHaveValue("Is the Wren here to try?");
    },
  ],
  [
    "web1on1.actions.on('beforeAttachFile'",
    async (at) => {
      await at.show(TAG);
      await at.run();
      await at.chat.open();
      await paste(at.chat.field, [NOTES, PICTURE]);
      await expect(at.chat.attached).toHaveCount(1);
      await expect(at.chat.attached).toHaveAccessibleName("garden.png");
    },
  ],
  [
    "const file = new File",
    async (at) => {
      await at.show(TAG);
      await at.run();
      const [{ text, meta }] = await at.organization.messages();
      expect(meta).toEqual({ title: "my-bike.txt", size: 17 });
      expect(await (await fetch(text)).text()).toBe("Wren, 54 cm, blue");
    },
  ],
  [
    "await web1on1.actions.invokeAction('StartEngagement'",
    async (at) => {
      await at.show(TAG);
      await at.run();
      expect((await at.organization.contact()).profile).toMatchObject({ name: "Ada", email: "ada@shop.example" });
    },
  ],
  [
    "const manager =",
    async (at) => {
      await at.show(TAG.replace("data-", 'data-compat="flex" data-'));
      await at.run();
      await at.page.evaluate(() => FlexWebChat.Actions.invokeAction("StartEngagement", {}));
      await expect.poll(() => at.organization.texts()).toEqual(["My awesome message"]);
    },
  ],
  [
    '{"role": "agent"',
    async (at) => {
      await at.showDays("<h1>Days</h1>");
      await expect(at.days().getByRole("heading", { name: "Days" })).toBeVisible();
    },
  ],
  [
    "<button onClick",
    async (at) => {
      await at.showDays(at.text);
      await at.days().getByRole("button").click();
      await expect.poll(() => at.organization.texts()).toContain("You clicked the button");
    },
  ],
  [
    "window.postMessage(",
    async (at) => {
      await at.show(TAG.replace("data-", `data-allow-messages="${at.site.origin}" data-`));
      await at.talk();
      await at.run();
      await expect.poll(async () => (await at.organization.conversation()).session).toEqual({ language: "nl" });
    },
  ],
  [
    "web1on1-chat {",
    async (at) => {
      await at.show(`<style>${at.text}</style>${TAG}`);
      await at.talk();
      await expect(at.chat.panel).toHaveCSS("background-color", "rgb(250, 246, 240)");
      await expect(at.chat.panel).toHaveCSS("color", "rgb(43, 29, 14)");
      await expect(at.chat.panel).toHaveCSS("font-family", "Georgia, serif");
      await expect(at.chat.mine.locator(".bubble")).toHaveCSS("border-start-start-radius", "4px");
      const shown = at.mode === "frame" ? at.chat.frame : at.chat.panel;
      await expect(shown).toHaveCSS("border-radius", "8px");
      expect((await shown.boundingBox()).width).toBe(420);
    },
  ],
  [
    "web1on1-chat::part(",
    async (at) => {
      await at.show(`<style>${at.text}</style>${TAG}`, { mode: "inline" });
      const chat = new Chat(at.page, "inline");
      await at.talk(chat);
      await expect(chat.mine.locator(".bubble")).toHaveCSS("box-shadow", /0px 1px 2px/);
    },
  ],
  ['{"role": "bot"', (at) => at.dispatch(block("// Chatlayer"), at.text)],
  ["// Chatlayer", (at) => at.dispatch(at.text, block('{"role": "bot"'))],
];

for (const text of BLOCKS) {
  const found = EXPECTATIONS.filter(([start]) => text.startsWith(start));
  const [[, expectation, tag] = []] = found;
  const name = `${text.split("\n")[0].slice(0, 100)} (${BLOCKS.indexOf(text) + 1})`;
  test(name, { tag: tag ?? [] }, async ({ page, chat, relay, site, organization, mode }, info) => {
    expect(found, "what it does is not said here").toHaveLength(1);
    const reader = new Reader({ page, chat, relay, site, organization, mode }, text);
    await expectation(reader, info);
  });
}

test("nothing is expected of what the page does not say", { tag: "@inline" }, () => {
  for (const [start] of EXPECTATIONS) expect(BLOCKS.filter((text) => text.startsWith(start)), start).toHaveLength(1);
});

/** The block that begins so and has that in it. */
function block(start, part = "") {
  return BLOCKS.find((text) => text.startsWith(start) && text.includes(part));
}

/** Who pastes the blocks into a page of the website. */
class Reader {
  constructor(fixtures, text) {
    Object.assign(this, fixtures);
    this.text = this.#fill(text);
    this.logged = [];
    this.page.on("console", (message) => message.type() === "log" && this.logged.push(message.text()));
  }

  /** Shows a page with this in its body, in the mode of the project unless it names one; ready to be used. */
  async show(html, { address = `${this.site.origin}/page`, headers = {}, mode = this.mode } = {}) {
    const inMode = /data-mode/.test(html) ? html : html.replace(/<script (?=.*src)/, `$&data-mode="${mode}" `);
    const body = `<!doctype html><html lang="en"><title>Shop</title><body>${this.#fill(inMode)}</body></html>`;
    this.site.show(new URL(address).pathname, body, headers);
    await this.page.goto(address);
    if (/web1on1\.js/.test(html)) await this.page.waitForFunction(() => window.web1on1?.ready);
  }

  /** Runs the block in the page. */
  run() {
    return this.page.evaluate(`(async () => {${this.text}\n})()`);
  }

  async talk(chat = this.chat) {
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
  }

  /** A page with this policy and this script has a chat, and no violation. */
  async keepTo(policy, tag, mode) {
    await this.page.addInitScript(() => {
      window.violations = [];
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
        violations.push(`${effectiveDirective}: ${blockedURI}`),
      );
    });
    const [, value] = /^Content-Security-Policy: (.*)$/m.exec(this.#fill(policy));
    const headers = { "Content-Security-Policy": value };
    await this.show(tag, { headers, mode: tag.includes("nonce") ? "auto" : mode });
    await this.talk(new Chat(this.page, mode));
    expect(await this.page.evaluate(() => violations)).toEqual([]);
  }

  /** Pastes the block into a shell, where the relay was started. Gives what it prints. */
  async paste(environment) {
    const script = this.text
      .replace(/RELAY=\S+/, `RELAY=${this.relay.origin}`)
      .replace(/ORG=\S+/, `ORG=${this.organization.id}`);
    const options = { cwd: this.relay.directory, env: { ...process.env, ...environment } };
    return (await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], options)).stdout;
  }

  /** What the server of the website signs, with the code of the block. */
  async identity(id) {
    const secret = "a secret of the tests, which is long enough";
    await this.organization.change({ identitySecret: secret });
    const code = `data:text/javascript,${encodeURIComponent(block("import { createHmac }"))}`;
    const { identityOf } = await import(code);
    return identityOf({ id, name: "Ada", email: "ada@shop.example" }, secret);
  }

  /** Signs in as the page does, and says a word. */
  async signIn(id) {
    const token = await this.identity(id);
    await this.page.route("**/chat-identity", (route) => route.fulfill({ json: { token } }));
    await this.show(TAG);
    await this.page.evaluate(`(async () => {${block("const { token } =")}\n})()`);
    await this.talk();
  }

  async stored() {
    return this.page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
  }

  /** Has a bot show a page in the conversation, which has this in its body. */
  async showDays(html) {
    const message = JSON.parse(block('{"role": "agent"'));
    await this.page.route(message.iframe.url, (route) => route.fulfill({ contentType: "text/html", body: html }));
    await this.show(TAG);
    await this.talk();
    await this.organization.answer(message);
  }

  /** The page in the conversation. */
  days() {
    return this.chat.panel.locator('iframe[title="Days"]').contentFrame();
  }

  /** A page with this listener hears what a bot says. */
  async dispatch(listener, message) {
    await this.show(`<script>${listener}</script>${TAG}`);
    await this.talk();
    await this.organization.answer(JSON.parse(message));
    await expect.poll(() => this.logged).toEqual(["Chatlayer language received: nl"]);
  }

  #fill(text) {
    return text
      .replaceAll("wss://relay.example", this.relay.origin.replace("http", "ws"))
      .replaceAll("https://relay.example", this.relay.origin)
      .replaceAll("https://shop.example", this.site.origin)
      .replaceAll("5bad2f12e91d2c331be33364", this.organization.id);
  }
}
