// What sites ask of a chat's programming interface and elsewhere do not get.
import { expect, test } from "../support/test.js";

test.describe("pain 13: no way for a page to", () => {
  test("send a message for the visitor", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await page.evaluate(() => {
      document.querySelector("#own").onclick = async () => {
        window.sent = await web1on1.api.sendClientMessage("I want to buy the Wren");
      };
    });

    await page.locator("#own").click();

    await expect.poll(() => page.evaluate(() => window.sent?.seq)).toBe(1);
    const [{ id, text }] = await organization.messages();
    expect([id, text]).toEqual([await page.evaluate(() => sent.id), "I want to buy the Wren"]);
    await expect(chat.panel).toBeHidden();
  });

  test("fill in what the visitor may want to say", async ({ chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    await chat.call("setPredefinedMessage", "Is the Wren here to try?");
    await chat.open();

    await expect(chat.field).toHaveValue("Is the Wren here to try?");
    expect(await organization.conversations()).toEqual([]);
    await chat.field.press("Enter");
    await expect.poll(() => organization.texts()).toEqual(["Is the Wren here to try?"]);
  });

  test("know how much is unread, and show it its own way", async ({ page, chat, visit, organization }) => {
    await visit("plain", { attributes: "data-hide-launcher" });
    await page.waitForFunction(() => window.web1on1?.on);
    await page.evaluate(() => {
      const own = document.querySelector("#own");
      web1on1.on("unread", ({ count }) => (own.textContent = `${count} new`));
    });
    await chat.call("open");
    await chat.say("Hello");
    await chat.expectSent("Hello");
    await chat.call("close");

    await organization.answer(["One.", "Two."]);

    await expect(page.locator("#own")).toHaveText("2 new");
    expect(await chat.call("unreadCount")).toBe(2);
    await chat.call("open");
    await expect(page.locator("#own")).toHaveText("0 new");
    expect(await chat.call("unreadCount")).toBe(0);
  });

  test("start a campaign when it sees fit", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    await page.evaluate(() => {
      document.querySelector("#own").onpointerenter = () => {
        web1on1.api.showFakeAgentMessage({ text: "10 % off today", actions: [{ type: "reply", text: "Yes!" }] }, "Ada");
        web1on1.open();
      };
    });
    await page.locator("#own").hover();

    await chat.expectTexts(["10 % off today"]);
    expect(await organization.conversations()).toEqual([]);
    await chat.panel.getByRole("button", { name: "Yes!" }).click();
    await expect.poll(() => organization.texts()).toEqual(["Yes!"]);
  });
});
