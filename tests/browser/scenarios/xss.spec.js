// Whatever anybody says, it is text: nothing in it runs, loads or becomes an element, and all of it is kept.
import { expect, test as base } from "../support/test.js";

/** Each calls `hacked()`, asks a server for something, or changes the page, where it is taken for more than a text. */
const VECTORS = [
  "<script>hacked()</script>",
  "<script src=//canary.example/x.js></script>",
  "<ScRiPt >hacked()</sCrIpT >",
  "<scr<script>ipt>hacked()</scr</script>ipt>",
  "</title><script>hacked()</script>",
  "</textarea><script>hacked()</script>",
  "--><script>hacked()</script><!--",
  "]]><script>hacked()</script>",
  "<img src=x onerror=hacked()>",
  "<img src='//canary.example/x.png'>",
  "<IMG \"\"\"><SCRIPT>hacked()</SCRIPT>\">",
  "<img src=x:x onerror\t=\nhacked()>",
  "<svg/onload=hacked()>",
  "<svg><animate onbegin=hacked() attributeName=x dur=1s>",
  "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=hacked()></svg>#x'>",
  "<math><mtext></p><img src onerror=hacked()>",
  "<iframe srcdoc='<script>parent.hacked()</script>'></iframe>",
  "<iframe src=//canary.example></iframe>",
  "<object data=//canary.example/x.swf></object>",
  "<embed src=javascript:hacked()>",
  "<link rel=stylesheet href=//canary.example/x.css>",
  "<style>@import'//canary.example/x.css';*{display:none}</style>",
  "<base href=//canary.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:hacked()'>",
  "<form action=javascript:hacked()><button autofocus onfocus=hacked()>",
  "<details open ontoggle=hacked()>",
  "<video><source onerror=hacked()></video>",
  "<template shadowrootmode=open><img src onerror=hacked()></template>",
  "<noscript><p title='</noscript><img src onerror=hacked()>'>",
  '"><body onload=hacked()>',
  "' onmouseover='hacked()",
  '" autofocus onfocus="hacked()" x="',
  "` onerror=`hacked()",
  "<a href=javascript:hacked()>click</a>",
  "javascript:hacked()",
  "JaVaScRiPt:hacked()",
  " \u0001javascript:hacked()",
  "java\tscript:hacked()",
  "java\nscript:hacked()",
  "javascript&colon;hacked()",
  "&#106;avascript:hacked()",
  "vbscript:hacked()",
  "data:text/html,<script>hacked()</script>",
  "data:text/html;base64,PHNjcmlwdD5oYWNrZWQoKTwvc2NyaXB0Pg==",
  "blob:https://canary.example/x",
  "view-source:javascript:hacked()",
  "//canary.example/x.js",
  "\\\\canary.example\\x.js",
  "https:javascript:hacked()",
  "[click](javascript:hacked())",
  "[click](data:text/html,<script>hacked()</script>)",
  "[a](javascript:hacked() 'b')",
  "![x](//canary.example/x.png)",
  "**<img src onerror=hacked()>**",
  "`<img src onerror=hacked()>`",
  'https://shop.example/"onmouseover=hacked()//',
  "&lt;script&gt;hacked()&lt;/script&gt;",
  "{{constructor.constructor('hacked()')()}}",
  "${hacked()}",
  "<%= hacked() %>",
  "url(javascript:hacked())",
  "expression(hacked())",
  "#x;background:url(//canary.example/x.png)",
  "constructor",
  "__proto__",
  "\u202egnp.exe<script>hacked()</script>",
  "<\u0000script>hacked()</script>",
];

/** The elements that messages may become. */
const ELEMENTS =
  "section, div, span, p, a, b, h2, h3, em, strong, code, pre, ul, ol, li, small, time, button, blockquote, img, audio, video, iframe, dialog, form, textarea, svg, path, i, input, label, select, option, progress, menu, details, summary";

const test = base.extend({
  /** What has run, was asked of a stranger's server or opened; empty when all is well. */
  ran: async ({ page, context }, use) => {
    const ran = [];
    await context.exposeFunction("hacked", () => ran.push("hacked()"));
    await context.route(/canary\.example/, (route) => {
      ran.push(route.request().url());
      return route.fulfill({ body: "" });
    });
    page.on("dialog", (dialog) => {
      ran.push(`a dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    context.on("page", (tab) => ran.push(`a page: ${tab.url()}`));
    await use(ran);
  },
});

test.use({ environment: { RELAY_VISITOR_MESSAGES: "0" } });

test.beforeEach(async ({ visit, chat, ran }) => {
  expect(ran).toEqual([]);
  await visit("plain");
  await chat.open();
  await chat.call("api.sendClientMessage", "Hello");
});

test.describe("pain 19: what one end says runs at the other", () => {
  test("as a visitor's message, and in every transcript", async ({ page, site, chat, organization, relay, ran }) => {
    test.slow();
    for (const part of parts(VECTORS)) {
      await page.evaluate((texts) => Promise.all(texts.map(web1on1.api.sendClientMessage)), part);
      await expectTexts(chat, part);
      await expectOnlyText(page, chat, ran);
    }
    expect(await organization.texts()).toEqual(["Hello", ...VECTORS]);

    const { id } = await organization.conversation();
    const headers = { authorization: `Bearer ${relay.rest.token}` };
    const transcript = async (format) =>
      (await fetch(`${relay.origin}/v2/conversations/${id}/transcript?format=${format}`, { headers })).text();
    const read = async (format) => {
      const blob = await page.evaluateHandle((format) => web1on1.downloadTranscript(format), format);
      return blob.evaluate((blob) => blob.text());
    };
    for (const text of [await transcript("txt"), await read("txt")])
      for (const vector of VECTORS) expect(text.replaceAll("\n    ", "\n")).toContain(vector);
    for (const text of [await transcript("json"), await read("json")])
      expect(JSON.parse(text).map((message) => message.text)).toEqual(["Hello", ...VECTORS]);
    // As a page of any site, without the relay's policy.
    site.show("/transcript", await transcript("html"), { "content-type": "text/html; charset=utf-8" });
    await page.goto(`${site.origin}/transcript`);
    await expectQuiet(page, ran);
    await expect(page.locator("body :not(h1, p, b, time, br)")).toHaveCount(0);
    const shown = squeezed(await page.locator("body").textContent());
    for (const vector of VECTORS) expect(shown).toContain(squeezed(vector));
  });

  test("as an agent's message", async ({ page, chat, organization, ran }) => {
    for (const part of parts(VECTORS)) {
      await organization.answer(part);
      await expectTexts(chat, part);
      await expectOnlyText(page, chat, ran);
    }
  });

  test("as a name", async ({ page, chat, organization, ran }) => {
    const [image] = VECTORS.slice(8);
    const user = await organization.create("users", { role: "agent", name: image });
    const greeting = VECTORS.slice(0, 20).join(" ");
    await organization.change({ displayName: image, settings: { greeting, replyTime: image } });
    await organization.answer({ text: "From a user", user });
    await expect(chat.theirs.locator(".name")).toHaveText(image);
    for (const part of parts(VECTORS)) {
      await chat.call("api.showFakeAgentMessage", part.map((name) => ({ text: "Hi", name })));
      const names = chat.theirs.locator(".name");
      await expect.poll(async () => (await names.allTextContents()).slice(-part.length)).toEqual(part);
      await expectOnlyText(page, chat, ran);
    }
    await chat.call("logout");
    await page.reload();
    await chat.open();
    await expect(chat.panel.getByRole("heading", { name: greeting })).toBeVisible();
    await expect(chat.panel.getByRole("heading", { name: image, exact: true })).toBeVisible();
    await expectOnlyText(page, chat, ran);
  });

  test("as all that a card, a button, a file, a form or a quote is made of", async ({ page, chat, organization, ran }) => {
    test.slow();
    const button = (type, vector) => ({
      type,
      text: vector,
      uri: vector,
      iconUrl: vector,
      fallback: vector,
      size: vector,
      payload: { vector },
      meta: { vector },
    });
    const each = VECTORS.flatMap((vector) => [
      { type: "card", text: vector, meta: { title: vector, quotedMessage: { id: vector, text: vector }, imageAspectRatio: vector } },
      { text: vector, contentType: "image/png", meta: { title: vector } },
      { text: `https://shop.example/${encodeURIComponent(vector)}`, contentType: vector, meta: { title: vector, size: vector } },
      { text: "https://shop.example/x", contentType: "video/mp4", meta: { title: vector } },
    ]);
    const several = parts(VECTORS, 5).flatMap((five) => [
      {
        text: "Buttons and cards",
        actions: five.flatMap((vector) => ["link", "reply", "webview", "postback"].map((type) => button(type, vector))),
        items: five.map((vector) => ({ title: vector, description: vector, mediaUrl: vector, actions: [button("link", vector)] })),
      },
      { type: "results", results: five.map((vector) => ({ name: vector, values: { [vector]: vector, other: [{ [vector]: vector }] } })) },
    ]);
    await page.route("https://shop.example/**", (route) => route.fulfill({ status: 404, body: "" }));
    for (const [at, part] of [...parts(each, 20), ...parts(several, 3)].entries()) {
      await organization.answer([...part, `The end ${at}`]);
      await expect(chat.row(`The end ${at}`)).toBeVisible();
      await expectOnlyText(page, chat, ran);
    }
    const [last] = VECTORS.slice(-1);
    await organization.answer({ text: "A button", actions: [button("postback", last)] });
    await chat.log.getByRole("button", { name: last, exact: true }).last().click();
    const pressed = async () => (await organization.latest()).payload;
    await expect.poll(pressed).toEqual({ vector: last });
  });

  test("as a page in the conversation that a website makes up", async ({ page, chat, ran }) => {
    await page.route("https://shop.example/**", (route) => route.fulfill({ contentType: "text/html", body: "A page" }));
    for (const part of parts(VECTORS, 10)) {
      await chat.call("api.showFakeAgentMessage", [
        ...part.map((vector) => ({ text: "No page", iframe: { url: vector, title: vector } })),
        { text: "A page", iframe: { url: "https://shop.example/page", title: part.at(-1) } },
      ]);
      await expect(chat.log.locator("iframe").last()).toHaveAttribute("title", part.at(-1));
      await expectOnlyText(page, chat, ran);
    }
  });
});

/** As many as are on the page at once. */
function parts(list, length = 15) {
  return list.flatMap((_, at) => (at % length ? [] : [list.slice(at, at + length)]));
}

/** These are the newest messages. */
async function expectTexts(chat, texts) {
  await expect.poll(async () => (await chat.texts()).slice(-texts.length)).toEqual(texts.map(shown));
}

/** As the thread shows a text: without the marks that format it. */
function shown(vector) {
  return vector.replace(/^(\*\*|__)(.*)\1$/, "$2").replaceAll(/`([^`]+)`/g, "$1");
}

/** Spaces and control characters are the browser's affair. */
function squeezed(text) {
  return text.replaceAll(/[\s\u0000-\u001f\ufffd]+/g, "");
}

async function expectOnlyText(page, chat, ran) {
  await expectQuiet(page, ran);
  const strange = await chat.panel.evaluate((panel, elements) => {
    const isSafe = (address) => /^(https?:\/\/|mailto:|tel:)/.test(address);
    return [...panel.querySelectorAll("*")]
      .filter((element) => {
        // The room that the rows beyond the view take is the widget's own.
        const attributes = [...element.attributes].filter(({ name }) => name !== "style" || !element.matches(".rows"));
        return (
          !element.matches(elements) ||
          attributes.some(({ name }) => name.startsWith("on") || name === "srcdoc" || name === "style") ||
          attributes.some(({ name, value }) => (name === "href" || name === "src") && !isSafe(value))
        );
      })
      .map((element) => element.outerHTML);
  }, ELEMENTS);
  expect(strange).toEqual([]);
}

/** What would have run late has run when a frame is painted after a loaded image. */
async function expectQuiet(page, ran) {
  // A page far from what is seen has not begun to load.
  const isOurs = (frame) => /^http:/.test(frame.url());
  for (const frame of page.frames().filter(isOurs))
    await frame.evaluate(
      () =>
        new Promise((resolve) => {
          const image = Object.assign(new Image(), { onload: () => requestAnimationFrame(resolve) });
          image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
        }),
    );
  expect(ran).toEqual([]);
}
