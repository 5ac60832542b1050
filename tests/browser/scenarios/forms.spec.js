// Forms of the organization, filled in within the thread.
import { Agent } from "../support/agent.js";
import { expect, test } from "../support/test.js";

const FIELDS = [
  { key: "name", label: "Your name", type: "text", required: true },
  { key: "email", label: "Email", type: "email", required: true },
  { key: "phone", label: "Telephone", type: "tel" },
  { key: "age", label: "Age", type: "number" },
  { key: "day", label: "Day", type: "date" },
  { key: "colour", label: "Colour", type: "select", options: ["Red", "Blue"] },
  { key: "note", label: "Note", type: "textarea" },
  { key: "terms", label: "I agree to be called", type: "checkbox", required: true },
];

/** The form's card, as the visitor sees it. */
const card = (chat) => chat.log.locator("form");
const field = (chat, label) => card(chat).getByLabel(label, { exact: false });
const submit = (chat) => card(chat).getByRole("button", { name: "Send" });

/** An agent asks for a form of these fields, in a conversation that has begun. */
const ask = async (organization, fields = FIELDS, name = "Call me back") => {
  const form = await organization.create("forms", { name, fields });
  await organization.answer({ type: "form", text: `+${form}` });
  return form;
};

test("a form that an agent sends is filled in, checked in words and sent as one message", async ({
  chat,
  visit,
  converse,
  organization,
}) => {
  await visit("plain");
  await converse();
  const form = await ask(organization);
  await expect(card(chat).getByRole("heading", { name: "Call me back" })).toBeVisible();
  await expect(field(chat, "Email")).toHaveAttribute("autocomplete", "email");
  await expect(field(chat, "Your name")).toHaveAttribute("autocomplete", "name");

  // Nothing, then what is wrong: the first of them has the focus, and each says what is expected.
  await submit(chat).click();
  await expect(field(chat, "Your name")).toBeFocused();
  await expect(field(chat, "Your name")).toHaveAccessibleDescription("Please fill this in.");
  await expect(field(chat, "I agree")).toHaveAttribute("aria-invalid", "true");
  await field(chat, "Your name").fill("Ada");
  await expect(field(chat, "Your name")).not.toHaveAttribute("aria-invalid", "true");
  await field(chat, "Email").fill("ada");
  await field(chat, "Telephone").fill("six");
  await field(chat, "I agree").check();
  await submit(chat).click();
  await expect(field(chat, "Email")).toBeFocused();
  await expect(field(chat, "Email")).toHaveAccessibleDescription(/email address/);
  await expect(field(chat, "Telephone")).toHaveAccessibleDescription("Write a telephone number.");
  expect(await organization.texts()).toHaveLength(3);

  await field(chat, "Email").fill("ada@shop.example");
  await field(chat, "Telephone").fill("+31 6 46280994");
  await field(chat, "Age").fill("36");
  await field(chat, "Day").fill("2026-12-01");
  await field(chat, "Colour").selectOption("Blue");
  await field(chat, "Note").fill("*Two*\nlines <b>here</b>");
  await submit(chat).click();

  const text =
    "Your name: Ada\nEmail: ada@shop.example\nTelephone: +31 6 46280994\nAge: 36\nDay: 2026-12-01\nColour: Blue\n" +
    "Note: *Two*\nlines <b>here</b>\nI agree to be called: ✓";
  await expect(chat.mine.last().locator(".bubble p")).toHaveText(text, { useInnerText: true });
  await expect(chat.mine.last().locator(".bubble h3")).toHaveText("Call me back");
  await expect(card(chat)).toHaveCount(0);
  await expect(chat.field).toBeFocused();
  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText("Sent");
  const [message] = (await organization.messages()).slice(-1);
  const values = {
    name: "Ada",
    email: "ada@shop.example",
    phone: "+31 6 46280994",
    age: "36",
    day: "2026-12-01",
    colour: "Blue",
    note: "*Two*\nlines <b>here</b>",
    terms: true,
  };
  expect(message).toMatchObject({ type: "results", role: "contact", text, results: [{ name: "Call me back", values }] });
  const conversation = await organization.conversation();
  expect(conversation).toMatchObject({ forms: [], results: [{ form, values }] });
  expect(conversation.fields).toMatchObject({ email: "ada@shop.example", terms: "true" });
});

test("what is filled in survives a reload, goes out when the network is back, and another tab agrees", async ({
  page,
  context,
  chat,
  visit,
  converse,
  organization,
}) => {
  await visit("plain");
  await converse();
  await ask(organization, [{ key: "brand", label: "Brand" }, { key: "letter", label: "Newsletter", type: "checkbox" }], "Trade-in");
  await field(chat, "Brand").fill("Toyota");
  await field(chat, "Newsletter").check();

  const tab = await context.newPage();
  await tab.goto(page.url());
  const other = chat.in(tab);
  await other.open();
  await expect(field(other, "Brand")).toHaveValue("Toyota");
  await page.reload();
  await chat.open();
  await expect(field(chat, "Brand")).toHaveValue("Toyota");
  await expect(field(chat, "Newsletter")).toBeChecked();

  await context.setOffline(true);
  await submit(chat).click();
  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText("Waiting to be sent");
  await expect(card(chat)).toHaveCount(0);
  await context.setOffline(false);

  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText("Sent");
  await expect(card(other)).toHaveCount(0);
  await expect(other.mine.last().locator(".bubble p")).toHaveText("Brand: Toyota\nNewsletter: ✓", { useInnerText: true });
  expect((await organization.conversation()).results[0].values).toEqual({ brand: "Toyota", letter: true });
});

test("a page's command asks for a form, which stays as it is while others come, go and write, and can be asked for again", async ({
  chat,
  visit,
  relay,
  converse,
  organization,
}) => {
  const ada = await Agent.hire(relay, "Ada");
  const form = await organization.create("forms", { name: "Trade-in", fields: [{ key: "brand", label: "Brand" }] });
  await visit("plain");
  await converse();
  await chat.call("api.sendClientMessage", `>cs +${form}`);
  await field(chat, "Brand").fill("Opel");
  await ada.command("/join");
  await expect(chat.log.locator(".notice")).toHaveText("Ada joined");
  await ada.attend();
  await expect(chat.panel.locator(".who p")).toContainText("Ada");
  await organization.answer("One moment.");
  await chat.expectTexts(["Hello", "Good morning.", "One moment."]);
  await expect(field(chat, "Brand")).toBeFocused();
  await expect(field(chat, "Brand")).toHaveValue("Opel");

  await field(chat, "Brand").press("Enter");
  await expect(card(chat)).toHaveCount(0);
  await expect(chat.mine.last().locator(".meta .hidden")).toHaveText(/Sent|Read/);
  await organization.answer({ type: "form", meta: { form } });

  await expect(field(chat, "Brand")).toHaveValue("Opel");
  await expect(card(chat)).toHaveCount(1);
});

test.describe("on a small screen", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("every field is large enough not to be zoomed in on, and none is cut off", async ({ chat, visit, converse, organization }) => {
    await visit("plain");
    await converse();
    await ask(organization);
    await submit(chat).click();
    await expect(field(chat, "Your name")).toBeFocused();

    const sizes = await card(chat)
      .locator("input:not([type=checkbox]), select, textarea")
      .evaluateAll((inputs) => inputs.map((input) => parseFloat(getComputedStyle(input).fontSize)));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16);
    const isTooWide = await chat.log.evaluate((log) => log.scrollWidth > log.clientWidth);
    expect(isTooWide).toBe(false);
  });
});
