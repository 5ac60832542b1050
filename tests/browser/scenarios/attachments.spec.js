// A visitor sends files. The pain of others (reference/landscape.md, 18): no paste, no drag and drop, no screenshots.
import { NOTES, PICTURE, drag, drop, fileOf, paste, pick } from "../support/files.js";
import { expect, test } from "../support/test.js";

const UPLOADS = /\/v2\/widget\/files/;

/** The messages as an agent sees them: text, or type and name of a file. */
async function seen(organization) {
  const messages = await organization.messages();
  return messages.map(({ text, contentType, meta }) => (meta.title ? [contentType, meta.title] : text));
}

/** The content of the one file that was sent. */
async function content(organization) {
  const { text } = (await organization.messages()).find(({ meta }) => meta.title);
  return Buffer.from(await (await fetch(text)).arrayBuffer());
}

/** Holds uploads back. Gives the first of them, and what lets them all go on. */
async function hold(page) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(UPLOADS, async (route) => {
    if (route.request().method() == "POST") await released;
    await route.fallback();
  });
  return { first: page.waitForRequest((request) => UPLOADS.test(request.url()) && request.method() == "POST"), release };
}

test("pain 18: a screenshot is pasted, seen before it is sent, and there for the agent", async ({
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await paste(chat.field, [PICTURE]);

  await expect(chat.attached).toHaveAccessibleName("garden.png");
  await expect(chat.attached.locator("canvas")).toBeVisible();
  await chat.say("This is what I see");

  await expect.poll(() => seen(organization)).toEqual(["This is what I see", ["image/png", "garden.png"]]);
  expect(await content(organization)).toEqual(PICTURE.buffer);
  await expect(chat.attached).toHaveCount(0);
  await expect(chat.mine).toHaveCount(2);
  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText("Sent");
  await expect(chat.mine.last().getByRole("img", { name: "garden.png" })).toBeVisible();
});

test("pain 18: files are dropped anywhere on the chat, or picked, and sent without a word", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await expect(chat.send).toBeDisabled();

  await drag(chat.log, [PICTURE, NOTES]);
  await expect(chat.panel).toHaveAttribute("data-drop", "Drop files here");
  await drop(chat.log, [PICTURE, NOTES]);
  await expect(chat.panel).not.toHaveAttribute("data-drop");
  await pick(page, chat, [fileOf("data.bin", 1_000)]);
  await expect(chat.attached).toHaveCount(3);
  await chat.send.click();

  await expect
    .poll(async () => (await seen(organization)).sort())
    .toEqual([
      ["application/octet-stream", "data.bin"],
      ["image/png", "garden.png"],
      ["text/plain; charset=utf-8", "notes.txt"],
    ]);
  await expect(chat.send).toBeDisabled();
  await expect(chat.mine.getByRole("link", { name: "notes.txt" })).toBeVisible();
});

test("a text that is pasted with its picture stays a text", async ({ page, chat, visit }) => {
  await visit("plain");
  await chat.open();

  const isTaken = await chat.field.evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text/plain", "a cell of a table");
    data.items.add(new File(["x"], "cell.png", { type: "image/png" }));
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, composed: true, clipboardData: data });
    return !field.dispatchEvent(event);
  });

  expect(isTaken).toBe(false);
  await expect(chat.attached).toHaveCount(0);
});

test.describe("where files may have one megabyte", () => {
  test.use({ environment: { RELAY_FILE_BYTES: `${2 ** 20}` } });

  test("a larger one is refused before it is sent, an empty one by the relay, and both can be taken away", async ({
    page,
    chat,
    visit,
    organization,
  }) => {
    const uploads = [];
    page.on("request", (request) => UPLOADS.test(request.url()) && uploads.push(request.method()));
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    await pick(page, chat, [fileOf("film.mp4", 2 ** 20 + 1)]);
    await expect(chat.attached.getByRole("status")).toHaveText("Too large. A file may have 1 MB.");
    await expect(chat.attached.getByRole("button", { name: "Try again" })).toBeHidden();
    expect(uploads).toEqual([]);
    await expect(chat.send).toBeDisabled();
    await chat.attached.getByRole("button", { name: "Remove film.mp4" }).click();
    await pick(page, chat, [fileOf("nothing.txt", 0)]);
    await expect(chat.attached.getByRole("status")).toHaveText("This file is empty.");
    await chat.attached.getByRole("button", { name: "Remove nothing.txt" }).click();

    await expect(chat.attached).toHaveCount(0);
    await expect(chat.field).toBeFocused();
    expect(await organization.texts()).toEqual(["Hello"]);
  });
});

test("the network is cut in the middle of sending a picture: it waits in the thread, and is sent once it is back", async ({
  page,
  context,
  chat,
  visit,
  organization,
}) => {
  let release;
  const cut = new Promise((resolve) => (release = resolve));
  await page.route(UPLOADS, async (route) => {
    if (route.request().method() != "POST") return route.fallback();
    await cut;
    await route.abort("internetdisconnected");
  });
  await visit("plain");
  await chat.open();
  const asked = page.waitForRequest(UPLOADS);
  await paste(chat.field, [PICTURE]);
  await asked;
  await chat.field.press("Enter");
  const row = chat.mine.getByRole("group", { name: "garden.png" });
  await expect(row.getByRole("progressbar")).toBeVisible();
  await expect(chat.attached).toHaveCount(0);

  await context.setOffline(true);
  release();
  await expect(row.getByRole("status")).toHaveText("Waiting to be sent");
  await chat.say("I am on a train");
  await page.unroute(UPLOADS);
  await context.setOffline(false);

  await expect.poll(async () => (await seen(organization)).length).toBe(2);
  expect(await seen(organization)).toEqual(expect.arrayContaining([["image/png", "garden.png"], "I am on a train"]));
  expect(await content(organization)).toEqual(PICTURE.buffer);
  await expect(chat.mine.getByRole("group")).toHaveCount(0);
  await expect(chat.mine).toHaveCount(2);
});

test("what the relay cannot take comes back above the field, to be tried again", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  let refusals = 0;
  await page.route(UPLOADS, async (route) => {
    if (route.request().method() != "POST" || refusals++) return route.fallback();
    const error = { code: "bad_request", message: "the form did not arrive whole", field: null, requestId: "1" };
    await route.fulfill({ status: 400, json: { error }, headers: { "access-control-allow-origin": "*" } });
  });
  await visit("plain");
  await chat.open();
  await paste(chat.field, [PICTURE]);

  await expect(chat.attached.getByRole("status")).toHaveText("This file could not be sent.");
  await expect(chat.send).toBeDisabled();
  await chat.attached.getByRole("button", { name: "Try again" }).click();
  await expect(chat.send).toBeEnabled();
  await chat.send.click();

  await expect.poll(() => seen(organization)).toEqual([["image/png", "garden.png"]]);
});

test("a file on its way can be taken back, before and after it was sent", async ({ page, chat, visit, organization }) => {
  const uploads = await hold(page);
  await visit("plain");
  await chat.open();
  await paste(chat.field, [PICTURE]);
  await uploads.first;
  await chat.attached.getByRole("button", { name: "Remove garden.png" }).click();
  await expect(chat.attached).toHaveCount(0);
  await paste(chat.field, [NOTES]);
  await chat.say("Never mind");
  await chat.mine.getByRole("button", { name: "Remove notes.txt" }).click();
  uploads.release();

  await chat.expectTexts(["Never mind"]);
  await chat.expectSent("Never mind");
  await chat.say("Bye");
  await chat.expectSent("Bye");
  expect(await seen(organization)).toEqual(["Never mind", "Bye"]);
});

test("who leaves takes the files along", async ({ page, chat, visit, organization }) => {
  const uploads = await hold(page);
  await visit("plain");
  await chat.open();
  await paste(chat.field, [PICTURE]);
  await chat.field.press("Enter");
  await paste(chat.field, [NOTES]);
  await expect(chat.attached).toHaveCount(1);

  await chat.call("logout");
  uploads.release();

  await expect(chat.attached).toHaveCount(0);
  await expect(chat.mine).toHaveCount(0);
  await chat.say("Somebody else");
  await chat.expectSent("Somebody else");
  expect(await seen(organization)).toEqual(["Somebody else"]);
});

test("a page listens to actions with files, cancels, replaces and sends them itself", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.actions);
  await page.evaluate(() => {
    const { actions } = web1on1;
    window.heard = [];
    for (const name of ["AttachFile", "DetachFile", "SendMediaMessage"])
      actions.on(`after${name}`, ({ file }) => heard.push([name, file instanceof File, file.name, file.size]));
    actions.on("beforeAttachFile", ({ file }, cancel) => /\.exe$/.test(file.name) && cancel());
    actions.replaceAction("SendMediaMessage", (payload, original) =>
      original({ ...payload, messageAttributes: { campaign: "spring" } }),
    );
  });
  await chat.open();

  await paste(chat.field, [fileOf("virus.exe", 10), NOTES, PICTURE]);
  await expect(chat.attached).toHaveCount(2);
  await chat.attached.filter({ hasText: "notes.txt" }).getByRole("button", { name: "Remove notes.txt" }).click();
  await expect(chat.attached).toHaveCount(1);
  await chat.send.click();
  await expect.poll(() => seen(organization)).toEqual([["image/png", "garden.png"]]);
  expect((await organization.messages())[0].meta).toEqual({
    campaign: "spring",
    title: "garden.png",
    size: PICTURE.buffer.length,
  });

  const sent = await page.evaluate(() => {
    const file = new File(["made by the page"], "report.txt", { type: "text/plain" });
    return web1on1.actions.invokeAction("SendMediaMessage", { file });
  });
  const [, report] = await organization.messages();
  expect(sent).toEqual({ id: report.id, seq: report.seq });
  const wrong = await page.evaluate(() =>
    web1on1.actions.invokeAction("AttachFile", { file: "report.txt" }).catch((error) => [error.name, error.message]),
  );
  expect(wrong).toEqual(["TypeError", "web1on1: file must be a File"]);
  expect(await page.evaluate(() => heard)).toEqual([
    ["AttachFile", true, "notes.txt", NOTES.buffer.length],
    ["AttachFile", true, "garden.png", PICTURE.buffer.length],
    ["DetachFile", true, "notes.txt", NOTES.buffer.length],
    ["SendMediaMessage", true, "garden.png", PICTURE.buffer.length],
    ["SendMediaMessage", true, "report.txt", 16],
  ]);
});

test("the file of a message is opened through its action", async ({ page, context, chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await page.evaluate(() => {
    window.heard = [];
    web1on1.actions.on("beforeDownloadMedia", (payload, cancel) => heard.push(payload) > 1 && cancel());
  });
  await pick(page, chat, [NOTES]);
  await chat.send.click();
  const link = chat.mine.getByRole("link", { name: "notes.txt" });

  const opened = context.waitForEvent("page");
  await link.click();
  expect(await (await opened).locator("body").textContent()).toBe(NOTES.buffer.toString());
  await link.click();

  const { text: url } = (await organization.messages())[1];
  await expect.poll(() => page.evaluate(() => heard.map(({ url, name }) => [url, name]))).toEqual([
    [url, "notes.txt"],
    [url, "notes.txt"],
  ]);
  expect(context.pages()).toHaveLength(2);
});
