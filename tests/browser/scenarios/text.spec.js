// Whatever a message says, it is text: nothing in it runs, loads or becomes an element.
import { expect, test } from "../support/test.js";

const VECTORS = [
  "<script>hacked()</script>",
  "<img src=x onerror=hacked()>",
  "<svg/onload=hacked()>",
  "<iframe srcdoc='<script>parent.hacked()</script>'></iframe>",
  '"><body onload=hacked()>',
  "<a href=javascript:hacked()>click</a>",
  "javascript:hacked()",
  "[click](javascript:hacked())",
  "[click](data:text/html,<script>hacked()</script>)",
  "<style>*{display:none}</style>",
  "<math><mtext></p><img src onerror=hacked()>",
  "&lt;script&gt;hacked()&lt;/script&gt;",
  "{{constructor.constructor('hacked()')()}}",
  'https://shop.example/"onmouseover=hacked()//',
];

test.beforeEach(async ({ page, visit, chat }) => {
  await page.addInitScript(() => {
    window.hacks = 0;
    window.hacked = () => (hacks += 1);
  });
  await visit("plain");
  await chat.open();
});

test("as a visitor's message", async ({ page, chat, organization }) => {
  for (const vector of VECTORS) await chat.call("api.sendClientMessage", vector);

  await expectOnlyText(page, chat);
  expect(await organization.texts()).toEqual(VECTORS);
});

test("as an agent's message", async ({ page, chat, organization }) => {
  await chat.call("api.sendClientMessage", "Hello");
  await organization.answer(VECTORS);

  await expectOnlyText(page, chat, ["Hello"]);
});

test("as a message that the page makes up, and its author", async ({ page, chat }) => {
  for (const vector of VECTORS) await chat.call("api.showFakeAgentMessage", vector, vector);

  await expectOnlyText(page, chat);
  expect(await chat.theirs.locator(".name").allTextContents()).toEqual(VECTORS);
});

test("as the name of an agent, a card, a button, a file and the organization", async ({ page, chat, organization }) => {
  const [image] = VECTORS.slice(1);
  await organization.change({ displayName: image, settings: { greeting: image, replyTime: image } });
  await page.reload();
  await chat.open();
  await expect(chat.panel.getByRole("heading", { name: image }).first()).toBeVisible();
  await chat.call("api.sendClientMessage", "Hello");
  await organization.answer([
    { type: "card", text: image, items: [{ title: image, description: image, mediaUrl: "javascript:hacked()" }] },
    { text: "https://shop.example/a.pdf", contentType: "application/pdf", meta: { title: image } },
    { text: "javascript:hacked()", contentType: "image/png", meta: { title: image } },
    {
      text: "Buttons",
      actions: [
        { type: "link", text: image, uri: "javascript:hacked()" },
        { type: "link", text: "data", uri: "data:text/html,<script>opener.hacked()</script>" },
        { type: "reply", text: image },
      ],
    },
  ]);

  await expect(chat.panel.getByRole("group", { name: "Suggested answers" })).toHaveText(image);
  await expectNothingRan(page, chat);
});

test("bold, code, lists and links are shown as such", async ({ chat, organization }) => {
  await chat.call("api.sendClientMessage", "Hello");
  await organization.answer(
    "Take the **blue** one, `W-1`:\n- see https://shop.example/wren?size=56&colour=blue.\n- ride it",
  );

  const bubble = chat.theirs.locator(".bubble");
  await expect(bubble.locator("strong")).toHaveText("blue");
  await expect(bubble.locator("code")).toHaveText("W-1");
  await expect(bubble.getByRole("listitem")).toHaveCount(2);
  const link = bubble.getByRole("link");
  await expect(link).toHaveAttribute("href", "https://shop.example/wren?size=56&colour=blue");
  await expect(link).toHaveAttribute("target", "_blank");
});

async function expectOnlyText(page, chat, before = []) {
  await chat.expectTexts([...before, ...VECTORS]);
  await expectNothingRan(page, chat);
}

async function expectNothingRan(page, chat) {
  for (const frame of page.frames()) {
    // What would have run late has run when a frame is painted after a loaded image.
    await frame.evaluate(
      () =>
        new Promise((resolve) => {
          const image = Object.assign(new Image(), { onload: () => requestAnimationFrame(resolve) });
          image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
        }),
    );
    expect(await frame.evaluate(() => hacks)).toBe(0);
  }
  await expect(chat.panel.locator("script, iframe, style, math, [onerror], [onload], [onmouseover]")).toHaveCount(0);
  const addresses = await chat.panel
    .locator("[href], [src]")
    .evaluateAll((elements) => elements.map((element) => element.href ?? element.src));
  for (const address of addresses) expect(address).toMatch(/^https:\/\/shop\.example\//);
}
