// The course of a conversation: what is asked before it, when nobody is there, what is thought of it, and a new beginning.
import { readFile } from "node:fs/promises";
import { expect, test } from "../support/test.js";

const HOURS = new URL("../../../static/hours.js", import.meta.url);

test("a form before the conversation stands in the place of the field, and its answers are the profile's", async ({
  page,
  chat,
  visit,
  organization,
}) => {
  const fields = [
    { key: "name", label: "Your name", required: true },
    { key: "email", label: "Email", type: "email" },
  ];
  const preChatForm = await organization.create("forms", { name: "Who are you?", fields });
  await organization.change({ settings: { preChatForm } });
  await visit("plain");
  await page.evaluate(() => {
    window.started = [];
    web1on1.actions.on("beforeStartEngagement", ({ formData }) => window.started.push(formData));
  });
  await chat.launcher.click();
  const form = chat.panel.locator("form", { has: page.getByRole("heading", { name: "Who are you?" }) });
  await expect(form).toBeVisible();
  await expect(chat.field).toHaveCount(0);
  await expect(form.getByRole("button", { name: "Skip" })).toHaveCount(0);

  await form.getByRole("button", { name: "Send" }).click();
  await expect(form.getByLabel("Your name")).toHaveAccessibleDescription("Please fill this in.");
  await form.getByLabel("Your name").fill("Ada");
  await form.getByLabel("Your name").press("Enter");
  await expect(chat.field).toBeVisible();
  await chat.say("Hello");

  await chat.expectSent("Hello");
  expect(await page.evaluate(() => window.started)).toEqual([{ name: "Ada", email: "" }]);
  expect((await organization.contact()).profile).toEqual({ name: "Ada" });
  await page.reload();
  await chat.open();
  await chat.expectTexts(["Hello"]);
  await expect(form).toHaveCount(0);
});

test("a form that asks for nothing in particular is skipped, once", async ({ page, chat, visit, organization }) => {
  const preChatForm = await organization.create("forms", { name: "About you", fields: [{ key: "name", label: "Name" }] });
  await organization.change({ settings: { preChatForm } });
  await visit("plain");
  await chat.launcher.click();
  await chat.panel.getByRole("button", { name: "Skip" }).click();
  await expect(chat.field).toBeVisible();
  await page.reload();
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  expect(await organization.texts()).toEqual(["Hello"]);
});

test.describe("hours of business", () => {
  const days = { mon: [["09:00", "12:00"], ["13:00", "17:30"]], fri: [["09:00", "17:00"]], sun: [["04:00", "05:00"]] };
  const hours = { timeZone: "Europe/Amsterdam", days, away: "We are out cycling." };
  // Node takes a file of this name for CommonJS.
  const module = readFile(HOURS, "utf8").then((source) => import(`data:text/javascript,${encodeURIComponent(source)}`));
  const iso = (time) => time && new Date(time).toISOString();
  const at = async (time, given = hours) => {
    const { look } = await module;
    const { isOpen, until, back } = look(given, Date.parse(time));
    return [isOpen, iso(until), iso(back)];
  };

  test("are those of the organization's clock, also when it is put forward or back", { tag: "@inline" }, async () => {
    expect(await at("2026-11-23T08:30:20Z"), "in the morning").toEqual([true, "2026-11-23T11:00:00.000Z", undefined]);
    const noon = "2026-11-23T12:00:00.000Z";
    expect(await at("2026-11-23T11:30:20Z"), "at lunch").toEqual([false, noon, noon]);
    const friday = "2026-11-27T08:00:00.000Z";
    expect(await at("2026-11-23T16:30:00Z"), "the minute it closes").toEqual([false, friday, friday]);
    const spring = "2027-03-28T02:00:00.000Z";
    expect(await at("2027-03-26T17:30:20Z"), "over the beginning of summer time").toEqual([false, spring, spring]);
    const autumn = "2026-10-25T03:00:00.000Z";
    expect(await at("2026-10-24T20:00:00Z"), "over its end").toEqual([false, autumn, autumn]);
    expect(await at("2026-11-23T11:30:20Z", { ...hours, days: {} }), "never").toEqual([false, undefined, undefined]);
  });

  test.use({ timezoneId: "Europe/Amsterdam" });

  test("say when somebody is back, and one may write anyway", async ({ page, chat, visit, organization }) => {
    await organization.change({ settings: { hours, replyTime: "Replies in a minute" } });
    await page.clock.setFixedTime("2026-11-23T11:59:00+01:00");
    await visit("plain");
    await chat.open();
    await expect(chat.panel.locator(".who p")).toHaveText("Away · Replies in a minute");

    await page.clock.setFixedTime("2026-11-23T12:00:00+01:00");
    await page.reload();
    await chat.open();
    await expect(chat.panel.locator(".who p")).toHaveText(/^Back at 1:00.PM$/);
    await expect(chat.panel.getByText("We are out cycling.")).toBeVisible();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    await page.clock.setFixedTime("2026-11-23T18:00:00+01:00");
    await page.reload();
    await chat.open();
    await expect(chat.panel.locator(".who p")).toHaveText(/^Back Friday.* 9:00.AM$/);
  });
});

test("a conversation that is over is rated, once, and minds can be changed", async ({ page, context, chat, visit, converse, organization }) => {
  await organization.change({ settings: { rating: true } });
  await visit("plain");
  await converse();
  const { id } = await organization.conversation();
  await organization.answer({ type: "command", text: "/close" });
  const group = chat.panel.getByRole("group", { name: "How was this conversation?" });
  await expect(group).toBeVisible();
  await chat.panel.locator("form:not(.composer)").getByRole("button", { name: "Send" }).click();
  await expect(group.getByRole("radio", { name: "1 star" })).toHaveAccessibleDescription("Please fill this in.");

  await context.setOffline(true);
  await group.getByRole("radio", { name: "2 stars" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(group.getByRole("radio", { name: "4 stars" })).toBeChecked();
  await chat.panel.getByLabel("Anything to add?").fill("Quick.");
  await chat.panel.locator("form:not(.composer)").getByRole("button", { name: "Send" }).click();
  await context.setOffline(false);
  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText("Sent");
  await expect(chat.mine.last().locator(".bubble")).toContainText("★★★★☆\nQuick.", { useInnerText: true });
  await expect(group).toBeHidden();
  const [rating] = (await organization.messages()).slice(-1);
  expect(rating).toMatchObject({ type: "results", results: [{ name: "rating", values: { rating: 4, comment: "Quick." } }] });

  await page.reload();
  await chat.open();
  await chat.panel.getByText("Change your rating").click();
  await group.getByRole("radio", { name: "5 stars" }).check();
  await chat.panel.locator("form:not(.composer)").getByRole("button", { name: "Send" }).click();
  await expect(chat.mine.last().locator(".bubble")).toContainText("★★★★★");
  expect((await organization.conversation()).status).toBe("closed");

  await chat.say("One more thing");
  await chat.expectSent("One more thing");
  await expect(chat.panel.getByText("Change your rating")).toHaveCount(0);
  expect((await organization.conversations())[0].id).toBe(id);
});

test("the menu has the transcript and a new beginning, by keyboard as well", async ({ page, chat, visit, converse, organization }) => {
  await visit("plain");
  await converse();
  const more = chat.panel.getByRole("button", { name: "More" });
  await more.press("Enter");
  await expect(more).toHaveAttribute("aria-expanded", "true");
  await expect(chat.panel.getByRole("switch", { name: "Sound" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(chat.panel.getByRole("switch", { name: "Sound" })).toBeFocused();
  await chat.panel.getByRole("switch").last().focus();
  await page.keyboard.press("Tab");
  await expect(chat.panel.getByRole("button", { name: "Download transcript" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  await expect(more).toHaveAttribute("aria-expanded", "false");
  await expect(chat.panel).toBeVisible();

  await more.click();
  const download = page.waitForEvent("download");
  await chat.panel.getByRole("button", { name: "Download transcript" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("chat.txt");
  expect(await readFile(await file.path(), "utf8")).toMatch(/You: Hello\n\[.*: Good morning\.\n/);

  await more.click();
  await chat.panel.getByText("Start over", { exact: true }).first().click();
  await chat.panel.getByRole("button", { name: "Cancel" }).click();
  await chat.expectTexts(["Hello", "Good morning."]);
  await more.click();
  await chat.panel.getByText("Start over", { exact: true }).first().click();
  await chat.panel.getByRole("button", { name: "Start over" }).last().click();
  await chat.expectTexts([]);
  await chat.say("A new start");
  await chat.expectSent("A new start");
  expect(await organization.conversations()).toHaveLength(2);
});
