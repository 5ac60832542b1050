// Every example of the widget's API, as a page's console would run it, with what follows from it for agents.
import { expect, test } from "../support/test.js";

test.describe("the examples", () => {
  test("open, close and isOpened", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    await page.evaluate("web1on1.open();");
    await expect(chat.panel).toBeVisible();
    expect(await page.evaluate("web1on1.isOpened();")).toBe(true);
    await page.evaluate("web1on1.close();");
    await expect(chat.panel).toBeHidden();
    expect(await page.evaluate("web1on1.isOpened();")).toBe(false);
  });

  test("setPredefinedMessage fills the field and sends nothing", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    await page.evaluate("web1on1.setPredefinedMessage('I want to book a test drive');");
    await page.evaluate("web1on1.open();");

    await expect(chat.field).toHaveValue("I want to book a test drive");
    expect(await organization.conversations()).toEqual([]);
    await chat.send.click();
    await expect.poll(() => organization.texts()).toEqual(["I want to book a test drive"]);
  });

  test("showFakeAgentMessage is for this visitor's eyes only", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    await page.evaluate("web1on1.api.showFakeAgentMessage('Welcome to the chat');");
    await page.evaluate("web1on1.api.showFakeAgentMessage('Welcome to the chat', 'Acme Corp');");
    await expect(chat.badge).toHaveText("2");
    await page.evaluate("web1on1.open();");

    await chat.expectTexts(["Welcome to the chat", "Welcome to the chat"]);
    await expect(chat.theirs.nth(1).locator(".name")).toHaveText("Acme Corp");
    expect(await organization.conversations()).toEqual([]);
  });

  test("sendClientMessage speaks for the visitor", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();

    const sent = await page.evaluate("web1on1.api.sendClientMessage('Hello');");

    const [message] = await organization.messages();
    expect(message).toMatchObject({ id: sent.id, seq: 1, text: "Hello", type: "chat", role: "contact" });
    expect(sent).toEqual({ id: message.id, seq: 1 });
    await chat.open();
    await chat.expectTexts(["Hello"]);
  });

  test("commands and fields change the conversation, in order, unseen by the visitor", async ({
    page,
    chat,
    visit,
    organization,
  }) => {
    const fields = [{ key: "brand", label: "Brand", type: "text" }];
    const form = await organization.create("forms", { name: "Trade-in", fields });
    const user = await organization.create("users", { name: "Ada" });
    const bot = await organization.create("users", { name: "Router", role: "bot" });
    const channel = await organization.create("channels", { name: "Sales", users: [user] });
    const ids = {
      "6093490651a8b5629324ae4f": form,
      "62c6077ca980127f404b0301": user,
      "605411853c68d83fd1ac7655": channel,
      "6248f0083ab5d5001e523146": bot,
    };
    const examples = [
      "web1on1.api.sendClientMessage('>cs .location 61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5');",
      "web1on1.api.sendClientMessage('>cs +6093490651a8b5629324ae4f');",
      "web1on1.api.sendClientMessage('>cs .brand Toyota');",
      "web1on1.api.sendClientMessage('>cs /set @category Used Car');",
      "web1on1.api.sendClientMessage('>cs /set isLead yes');",
      "web1on1.api.sendClientMessage('>cs /assign 62c6077ca980127f404b0301');",
      "web1on1.api.sendClientMessage('>cs /notify 605411853c68d83fd1ac7655');",
      "web1on1.api.sendClientMessage('>cs /notify');",
      "web1on1.api.sendClientMessage('>cs @6248f0083ab5d5001e523146 Hello this is for you');",
    ];
    await visit("plain");
    await chat.launcher.waitFor();

    const answers = [];
    for (const example of examples) {
      answers.push(await page.evaluate(example.replace(/[0-9a-f]{24}(?=[' ])/, (id) => ids[id] ?? id)));
    }

    expect(answers.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const conversation = await organization.conversation();
    const location = "61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5";
    expect(conversation).toMatchObject({
      fields: { location, brand: "Toyota" },
      forms: [form],
      results: [{ form, values: { brand: "Toyota" } }],
      category: "Used Car",
      meta: { isLead: "yes" },
      assignee: user,
      notifications: [
        { channel, seq: 7 },
        { channel: null, seq: 8 },
      ],
      mentions: [{ user: bot, text: "Hello this is for you", seq: 9 }],
      channels: [channel],
    });
    const messages = await organization.messages();
    expect(messages.map(({ type }) => type)).toEqual([
      "field",
      "form",
      "field",
      "command",
      "command",
      "command",
      "command",
      "command",
      "mention",
    ]);
    const { profile } = await organization.contact();
    expect(profile).toMatchObject({ location: "61be87aeafdf672d381a9db4", department: "61be87aeafdf672d381a9db5" });
    expect(profile).not.toHaveProperty("brand");
    await chat.open();
    await chat.expectTexts([]);
  });
});

test("commands called at once are stored in the order of the calls", async ({ page, chat, visit, organization }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  await page.evaluate(() =>
    Promise.all(
      ["one", "two", "three", "four"].map((value) => web1on1.api.sendClientMessage(`>cs /set step ${value}`)),
    ),
  );

  expect(await organization.texts()).toEqual(["one", "two", "three", "four"].map((value) => `/set step ${value}`));
  expect((await organization.conversation()).meta).toEqual({ step: "four" });
});

test("what is no command is rejected and nothing is stored", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of [
    "Hello",
    "/dance",
    "/set",
    "/set @colour red",
    "+form",
    "/assign nobody",
    ".",
    "@ Hello",
    "",
  ]) {
    expect(await chat.codeOf(`>cs ${command}`), command).toBe("bad_command");
  }

  expect(await organization.conversations()).toEqual([]);
});

test("a command that the organization has switched off is forbidden", async ({ chat, visit, organization }) => {
  await organization.change({ visitorCommands: ["field", "set"] });
  const user = await organization.create("users", { name: "Ada" });
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of [`/assign ${user}`, "/notify", `@${user} Hello`]) {
    expect(await chat.codeOf(`>cs ${command}`), command).toBe("forbidden_command");
  }
  await chat.call("api.sendClientMessage", ">cs /set isLead yes");

  expect(await organization.texts()).toEqual(["/set isLead yes"]);
});

test("what belongs to another organization does not exist", async ({ chat, visit, relay, organization }) => {
  const { id: other } = await relay.rest.post("/v2/organizations", { name: "Other" });
  const form = await organization.create("forms", { organization: other, name: "Theirs", fields: [] });
  const user = await organization.create("users", { organization: other, name: "Theirs" });
  const channel = await organization.create("channels", { organization: other, name: "Theirs" });
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of [`+${form}`, `/assign ${user}`, `/notify ${channel}`, `@${user} Hello`]) {
    expect(await chat.codeOf(`>cs ${command}`), command).toBe("not_found");
  }

  expect(await organization.texts()).toEqual([]);
});

test("an id that nobody has does not exist, before the conversation and in it", async ({ chat, visit, organization }) => {
  const commands = ["+", "/assign ", "/notify ", "@"].map((start) => `>cs ${start}${"0".repeat(24)}${start == "@" ? " Hello" : ""}`);
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of commands) expect(await chat.codeOf(command), command).toBe("not_found");
  expect(await organization.conversations()).toEqual([]);
  await chat.call("api.sendClientMessage", "Hello");
  for (const command of commands) expect(await chat.codeOf(command), command).toBe("not_found");

  expect(await organization.texts()).toEqual(["Hello"]);
});

test("names and values keep their inner spaces, and a location its parts", async ({ chat, visit, organization }) => {
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of [
    "  .note   two  words  ",
    ".location 61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5",
    ".location 61be87aeafdf672d381a9db6",
    ".motto a#b#c",
    "/set @subject  A  blue   bicycle ",
    "/set last words  so  long\u00a0then ",
  ]) {
    await chat.call("api.sendClientMessage", `>cs ${command}`);
  }

  const { profile } = await organization.contact();
  expect(profile).toMatchObject({ note: "two  words", location: "61be87aeafdf672d381a9db6", motto: "a#b#c" });
  expect(await organization.conversation()).toMatchObject({
    subject: "A  blue   bicycle",
    meta: { last: "words  so  long\u00a0then" },
  });
});

test("a value has 2,000 characters at most, whatever their bytes", async ({ chat, visit, organization }) => {
  const most = "\u{1f6b2}".repeat(2_000);
  await visit("plain");
  await chat.launcher.waitFor();

  for (const command of [".note ", "/set note ", "/set @subject "]) {
    expect(await chat.codeOf(`>cs ${command}${most}x`), command).toBe("bad_command");
  }
  expect(await organization.conversations()).toEqual([]);
  await chat.call("api.sendClientMessage", `>cs .note ${most}`);

  expect((await organization.contact()).profile.note).toBe(most);
});

test("commands given offline, before there is a conversation, are applied in order when the network is back", async ({
  page,
  context,
  chat,
  visit,
  organization,
}) => {
  await visit("plain");
  await chat.open();
  await context.setOffline(true);
  const answers = page.evaluate(() =>
    Promise.all(["/set step one", "hello", "/set step two"].map((text) => web1on1.api.sendClientMessage(`>cs ${text}`).catch(({ code }) => code))),
  );
  await chat.say("Are you there?");
  await expect(chat.delivery("Are you there?")).toHaveText("Waiting to be sent");

  await context.setOffline(false);

  expect(await answers).toMatchObject([{ seq: 1 }, "bad_command", { seq: 2 }]);
  await chat.expectSent("Are you there?");
  expect(await organization.texts()).toEqual(["/set step one", "/set step two", "Are you there?"]);
  expect((await organization.conversation()).meta).toEqual({ step: "two" });
  await chat.expectTexts(["Are you there?"]);
});
