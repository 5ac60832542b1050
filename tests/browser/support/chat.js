// The chat on a page, as a visitor meets it, in either mode. Playwright's locators look into open shadow roots.
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";

/** The widget's texts in a language, by their names. */
export const texts = (language) =>
  JSON.parse(readFileSync(new URL(`../../../static/words/${language}.json`, import.meta.url), "utf8"));

export class Chat {
  #mode;

  /** `mode` is where the panel is: on the page itself (`inline`), or in an iframe of the relay's origin (`frame`). */
  constructor(page, mode) {
    this.#mode = mode;
    this.page = page;
    this.host = page.locator("web1on1-chat");
    this.launcher = this.host.locator("#launcher");
    this.badge = this.host.locator("#badge");
    this.frame = this.host.locator('iframe[src*="/frame/"]');
    this.panel = (mode === "frame" ? this.frame.contentFrame() : this.host).locator("section.panel");
    this.log = this.panel.getByRole("log");
    this.banner = this.panel.locator(".banner");
    this.bubbles = this.log.locator(".bubble");
    /** The files above the field. */
    this.attached = this.panel.locator(".tray").getByRole("group");
    this.mine = this.log.locator(".row.mine");
    this.theirs = this.log.locator(".row.theirs");
    this.speak("en");
  }

  /** The chat is expected in this language from here on. */
  speak(language) {
    this.words = { ...texts("en"), ...texts(language) };
    this.field = this.panel.getByRole("textbox", { name: this.words.write });
    this.send = this.panel.getByRole("button", { name: this.words.send, exact: true });
    this.attach = this.panel.getByRole("button", { name: this.words.attach });
    this.emoji = this.panel.getByRole("button", { name: this.words.emoji, exact: true });
    this.close = this.panel.getByRole("button", { name: this.words.close });
  }

  /** The chat of the same mode in another tab. */
  in(tab) {
    return new Chat(tab, this.#mode);
  }

  async open() {
    await this.launcher.click();
    await expect(this.field).toBeVisible();
  }

  async say(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The row of a message that says exactly this. */
  row(text) {
    return this.log.locator(".row").filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** Waits until the relay has confirmed the newest message of this text; it may be read by then. */
  async expectSent(text) {
    await expect(this.delivery(text)).toHaveText(new RegExp(`^(${this.words.sent}|${this.words.read})$`));
  }

  /** What a screen reader hears about a message's delivery. */
  delivery(text) {
    return this.row(text).locator(".meta .hidden");
  }

  /** What the bubbles say, without the speakers' names that only screen readers hear. */
  texts() {
    return this.bubbles.evaluateAll((bubbles) =>
      bubbles.map((bubble) =>
        [...bubble.children]
          .filter((child) => !child.matches(".hidden"))
          .map((child) => child.textContent)
          .join("\n"),
      ),
    );
  }

  async expectTexts(texts) {
    await expect.poll(() => this.texts()).toEqual(texts);
  }

  /** A call of the page, by name: `call("api.sendClientMessage", "Hello")`. */
  call(name, ...args) {
    return this.page.evaluate(
      async ([name, args]) => {
        const target = name.startsWith("api.") ? web1on1.api : web1on1;
        return target[name.replace("api.", "")](...args);
      },
      [name, args],
    );
  }

  /** The code that the page gets when it sends this. */
  codeOf(text) {
    return this.page.evaluate(
      (text) =>
        web1on1.api.sendClientMessage(text).then(
          () => "stored",
          (error) => error.code,
        ),
      text,
    );
  }
}
