// What cannot be sent: it says so, stays, and can be sent again or given up.
import { expect, test } from "../support/test.js";

test("a text over 8,000 characters cannot be sent, and the field says by how much it is too long", async ({
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();

  await chat.field.fill("a".repeat(7_990));
  await expect(chat.panel.getByText("10 characters left")).toBeVisible();
  await chat.field.fill("a".repeat(8_012));
  await expect(chat.panel.getByText("Too long by 12 characters")).toBeVisible();
  await expect(chat.send).toBeDisabled();
  await chat.field.press("Enter");
  await expect(chat.field).toHaveValue("a".repeat(8_012));
  await chat.field.fill("a".repeat(8_000));
  await chat.send.click();

  await expect.poll(async () => (await organization.texts()).map((text) => text.length)).toEqual([8_000]);
});

test("nothing but spaces cannot be sent", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.open();
  await expect(chat.send).toBeDisabled();

  await chat.say("  \n ");

  await expect(chat.send).toBeDisabled();
  await chat.expectTexts([]);
  expect(await organization.conversations()).toEqual([]);
});

test.describe("a visitor who writes faster than the relay allows", () => {
  test.use({ environment: { RELAY_VISITOR_MESSAGES: "2" } });

  test("waits, and what was written is sent in order", async ({ chat, visit, organization }) => {
    await visit("plain");
    await chat.open();

    for (const text of ["one", "two", "three", "four"]) await chat.say(text);
    await expect(chat.delivery("four")).toHaveText("Waiting to be sent");

    await expect(chat.delivery("four")).toHaveText("Sent", { timeout: 25_000 });
    expect(await organization.texts()).toEqual(["one", "two", "three", "four"]);
  });
});

test.describe("a message that the relay refuses", () => {
  // A refusal that the field cannot foresee: the relay's answer is put in its place on the way to the page.
  test.beforeEach(async ({ page, visit, chat }) => {
    const refused = new Set();
    await page.routeWebSocket(/\/v2\/widget$/, (socket) => {
      const relay = socket.connectToServer();
      socket.onMessage((frame) => {
        const { send } = JSON.parse(frame);
        if (!send?.text.includes("refused") || refused.has(send.text)) return relay.send(frame);
        refused.add(send.text);
        socket.send(JSON.stringify({ nack: { key: send.key, error: { code: "forbidden", message: "not now" } } }));
      });
    });
    await visit("plain");
    await page.waitForFunction(() => window.web1on1?.on);
    await page.evaluate(() => web1on1.on("message:failed", (failure) => (window.failure = failure)));
    await chat.open();
  });

  test("is shown as failed and can be sent again", async ({ page, chat, organization }) => {
    await chat.say("refused once");
    const row = chat.row("refused once");
    await expect(row).toContainText("Not sent");
    expect(await page.evaluate(() => window.failure)).toMatchObject({ code: "forbidden" });
    expect(await organization.conversations()).toEqual([]);

    await row.getByRole("button", { name: "Try again" }).click();

    await chat.expectSent("refused once");
    expect(await organization.texts()).toEqual(["refused once"]);
  });

  test("does not hold up what follows", async ({ chat, organization }) => {
    await chat.say("refused");
    await chat.say("fine");

    await chat.expectSent("fine");
    await expect(chat.row("refused")).toContainText("Not sent");
    expect(await organization.texts()).toEqual(["fine"]);
  });

  test("is still there, and failed, after a reload", async ({ page, chat }) => {
    await chat.say("refused");
    await expect(chat.row("refused")).toContainText("Not sent");

    await page.reload();
    await chat.open();

    await expect(chat.row("refused").getByRole("button", { name: "Try again" })).toBeVisible();
  });

  test("can be deleted for good", async ({ page, chat, organization }) => {
    await chat.say("refused");
    await chat.row("refused").getByRole("button", { name: "Delete" }).click();
    await expect(chat.row("refused")).toHaveCount(0);

    await page.reload();
    await chat.open();

    await chat.expectTexts([]);
    expect(await organization.conversations()).toEqual([]);
  });

  test("is failed to the page that asked for it, too", async ({ chat }) => {
    expect(await chat.codeOf("refused")).toBe("forbidden");
  });
});
