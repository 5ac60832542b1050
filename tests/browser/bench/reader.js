// Somebody who reads a long conversation on a page: opens it, gets a message, scrolls. What it costs is measured in the page
// and by the browser's own counters.
import { mixed } from "./mixed.js";
import { turnWheel } from "./wheel.js";

/** Messages that one request may carry. */
const BATCH = 100;

export class Reader {
  #page;
  #session;
  #rest;
  #path;

  /** Opens the page and begins a conversation. */
  static async start(browser, url, { rest, organization }) {
    const reader = await Reader.#open(await browser.newContext({ viewport: { width: 1280, height: 800 } }), url);
    reader.#rest = rest;
    await reader.#page.evaluate(() => web1on1.api.sendClientMessage("Hello"));
    const [{ id }] = await rest.get(`/v2/conversations?organization=${organization}`);
    reader.#path = `/v2/conversations/${id}/messages`;
    return reader;
  }

  static async #open(context, url) {
    const reader = new Reader();
    reader.#page = await context.newPage();
    reader.#session = await context.newCDPSession(reader.#page);
    await reader.#session.send("Performance.enable", { timeDomain: "threadTicks" }); // what others do meanwhile does not count
    await reader.#page.goto(url);
    await reader.#page.evaluate(async () => {
      while (!globalThis.web1on1?.ready) await new Promise(requestAnimationFrame);
      await web1on1.ready;
      web1on1.open();
    });
    return reader;
  }

  /** In another tab, a thread of so many rows of the same look, all on the page, that nothing changes: what this machine makes of scrolling alone. */
  async openStill(count) {
    const still = await Reader.#open(this.#page.context(), this.#page.url());
    await still.#page.evaluate(async (count) => {
      const { shadowRoot } = document.querySelector("web1on1-chat");
      while (!shadowRoot.querySelector(".row")) await new Promise(requestAnimationFrame);
      const scroller = shadowRoot.querySelector(".scroller");
      const copy = scroller.cloneNode(true);
      const rows = copy.querySelector(".rows");
      rows.style.padding = 0;
      const some = [...rows.children];
      while (rows.children.length < count) rows.append(...some.map((row) => row.cloneNode(true)));
      scroller.replaceWith(copy);
    }, count);
    return still;
  }

  /** Only a tab in front is scrolled. */
  close() {
    return this.#page.close();
  }

  /** Has the conversation grow to so many messages, and the widget load all of them. */
  async fill(count) {
    const messages = Array.from({ length: count - 1 }, (_, at) => mixed(at));
    while (messages.length) await this.#rest.post(this.#path, messages.splice(0, BATCH));
    // A transcript is of the whole conversation, as far as it has come.
    await this.#page.evaluate(async (count) => {
      const loaded = () => web1on1.downloadTranscript("json").then((file) => file.text()).then(JSON.parse);
      while ((await loaded()).length < count);
    }, count);
  }

  /** Milliseconds from the call to the end of the first frame that shows the latest message. */
  async open(rounds) {
    const times = [];
    for (let round = 0; round < rounds; round += 1)
      times.push(
        await this.#page.evaluate(async () => {
          const frame = () => new Promise(requestAnimationFrame);
          const rows = () => document.querySelector("web1on1-chat").shadowRoot.querySelectorAll(".row");
          const isShown = (row) => {
            const { top, height } = row.getBoundingClientRect();
            return height > 0 && top > 0 && top < innerHeight;
          };
          web1on1.close();
          while (web1on1.isOpened()) await frame();
          await frame();
          const start = performance.now();
          web1on1.open();
          do await frame();
          while (!isShown([...rows()].at(-1)));
          // The frame is drawn after this task.
          await new Promise((resolve) => setTimeout(resolve));
          return performance.now() - start;
        }),
      );
    return times;
  }

  /** Milliseconds of scripting, and of all tasks, from a message on the wire to the frame that shows it. */
  async append(rounds) {
    const [script, task] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const arrival = await this.#page.evaluateHandle(() => ({
        drawn: new Promise((resolve) => {
          const off = web1on1.on("message:received", () => {
            off();
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
          });
        }),
      }));
      const before = await this.#counters();
      await this.#rest.post(this.#path, { ...mixed(round), role: "agent" });
      await arrival.evaluate(({ drawn }) => drawn);
      const after = await this.#counters();
      script.push(1_000 * (after.ScriptDuration - before.ScriptDuration));
      task.push(1_000 * (after.TaskDuration - before.TaskDuration));
    }
    return { script, task };
  }

  /** Scrolls to the top (-1) or the end (1). Gives the length of every frame meanwhile. */
  scroll(direction) {
    return turnWheel(this.#page, () => document.querySelector("web1on1-chat").shadowRoot.querySelector(".scroller"), direction);
  }

  /** Scrolls to the top and back. Gives the length of every frame, and the milliseconds that the main thread has worked for one. */
  async travel() {
    const { TaskDuration: start } = await this.#counters();
    const frames = [...(await this.scroll(-1)), ...(await this.scroll(1))];
    const { TaskDuration: end } = await this.#counters();
    return { frames, work: (1_000 * (end - start)) / frames.length };
  }

  /** What is left after the collector has been. */
  async memory() {
    await this.#session.send("HeapProfiler.collectGarbage");
    const { JSHeapUsedSize, Nodes, JSEventListeners } = await this.#counters();
    return { "bytes of JavaScript's heap": JSHeapUsedSize, "nodes": Nodes, "listeners": JSEventListeners };
  }

  async #counters() {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}
