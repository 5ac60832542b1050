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
    await page.evaluate((texts) => Promise.all(texts.map(web1on1.api.sendClientMessage)), VECTORS);
    await chat.expectTexts(["Hello", ...VECTORS.map(shown)]);
    await expectOnlyText(page, chat, ran);
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
    site.show("/transcript", await transcript("html"));
    await page.goto(`${site.origin}/transcript`);
    await expectQuiet(page, ran);
    await expect(page.locator("body :not(h1, p, b, time, br)")).toHaveCount(0);
    for (const vector of VECTORS) expect(squeezed(await page.locator("body").textContent())).toContain(squeezed(vector));
  });

  test("as an agent's message", async ({ page, chat, organization, ran }) => {
    await organization.answer(VECTORS);

    await chat.expectTexts(["Hello", ...VECTORS.map(shown)]);
    await expectOnlyText(page, chat, ran);
  });

  test("as a name", async ({ page, chat, organization, ran }) => {
    const [image] = VECTORS.slice(8);
    const user = await organization.create("users", { role: "agent", name: image });
    await organization.change({ displayName: image, settings: { greeting: VECTORS.join(" "), replyTime: image, color: VECTORS[62] } });
    await organization.answer({ text: "From a user", user });
    for (const vector of VECTORS) await chat.call("api.showFakeAgentMessage", "Hi", vector);

    await expect(chat.theirs).toHaveCount(VECTORS.length + 1);
    expect(await chat.theirs.locator(".name").allTextContents()).toEqual([image, ...VECTORS]);
    await expectOnlyText(page, chat, ran);
    await page.reload();
    await chat.open();
    await expect(chat.panel.getByRole("heading", { name: image })).toBeVisible();
    await expectOnlyText(page, chat, ran);
  });

  test("as all that a card, a button, a file, a form or a quote is made of", async ({ page, chat, organization, ran }) => {
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
    const fives = VECTORS.flatMap((_, at) => (at % 5 ? [] : [VECTORS.slice(at, at + 5)])).flatMap((five) => [
      {
        text: "Buttons and cards",
        actions: five.flatMap((vector) => ["link", "reply", "webview", "postback"].map((type) => button(type, vector))),
        items: five.map((vector) => ({
          title: vector,
          description: vector,
          mediaUrl: vector,
          actions: [button("link", vector)],
        })),
      },
      { type: "results", results: five.map((vector) => ({ name: vector, values: { [vector]: vector, other: [{ [vector]: vector }] } })) },
    ]);
    const messages = [...each, ...fives];
    await page.route("https://shop.example/**", (route) => route.fulfill({ status: 404, body: "" }));
    // As many as are posted at once.
    for (let at = 0; at < messages.length; at += 50) await organization.answer(messages.slice(at, at + 50));
    await organization.answer("The end.");

    await expect(chat.row("The end.")).toBeVisible();
    await expectOnlyText(page, chat, ran);
    const texts = squeezed(await chat.log.evaluate((log) => log.textContent));
    for (const vector of VECTORS) expect(texts).toContain(squeezed(shown(vector)));
    const [last] = VECTORS.slice(-1);
    await chat.log.getByRole("button", { name: last, exact: true }).last().click();
    const pressed = async () => (await organization.latest()).payload;
    await expect.poll(pressed).toEqual({ vector: last });
    await expectOnlyText(page, chat, ran);
  });

  test("as a page in the conversation that a website makes up", async ({ page, chat, ran }) => {
    await page.route("https://shop.example/**", (route) => route.fulfill({ contentType: "text/html", body: "A page" }));
    await chat.call("api.showFakeAgentMessage", [
      ...VECTORS.map((vector) => ({ text: "A page", iframe: { url: vector, title: vector } })),
      ...VECTORS.map((vector) => ({ text: "A page", iframe: { url: "https://shop.example/page", title: vector } })),
    ]);

    await expect(chat.log.locator("iframe")).toHaveCount(VECTORS.length + 1);
    await expectOnlyText(page, chat, ran);
  });
});

/** As the thread shows a text: without the marks that format it. */
function shown(vector) {
  return vector.replace(/^(\*\*|`)(.*)\1$/, "$2");
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
        const attributes = [...element.attributes];
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
  for (const frame of page.frames().filter((frame) => !frame.url().startsWith("https://shop.example")))
    await frame.evaluate(
      () =>
        new Promise((resolve) => {
          const image = Object.assign(new Image(), { onload: () => requestAnimationFrame(resolve) });
          image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
        }),
    );
  expect(ran).toEqual([]);
}
