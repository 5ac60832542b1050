// The log lives: who is there, who waits, what was read, edited and taken back, in every tab and after coming back.
import { Agent } from "../support/agent.js";
import { expect, test } from "../support/test.js";

test("a visitor sees whether anybody is there before they write", async ({ chat, visit, relay }) => {
  const ada = await Agent.hire(relay, "Ada");
  await visit("plain");
  await chat.open();
  const presence = chat.panel.locator(".who p");

  await expect(presence).toHaveText("Away · Usually answers within minutes");
  await ada.attend();
  await expect(presence).toHaveText("Online · Usually answers within minutes");
  ada.leave();

  await expect(presence).toHaveText("Away · Usually answers within minutes");
});

test("pain 15: who waits knows for how long, who answers, and when it is over", async ({ chat, visit, relay }) => {
  const picture = "https://pictures.example/ada.png";
  await chat.page.route(picture, (route) => route.fulfill({ contentType: "image/svg+xml", body: PORTRAIT }));
  const ada = await Agent.hire(relay, "Ada", { avatar: picture });
  await ada.attend();
  const other = await relay.rest.post("/v2/conversations", {
    organization: relay.organization,
    type: "contact",
    contact: { profile: { email: "bob@shop.example" } },
    messages: [{ text: "Bob called", role: "bot" }],
  });
  await visit("plain");
  await chat.open();
  const presence = chat.panel.locator(".who p");

  await chat.say("Hello");
  await expect(presence).toHaveText("1 person before you");
  await ada.say("Good morning, Bob.", other.id);
  await expect(presence).toHaveText("You are next");
  await ada.command("/join");
  await ada.say("Good morning.");
  await expect(presence).toHaveText("Ada · Online");
  await expect(chat.panel.locator(".header .avatar img")).toHaveAttribute("src", picture);
  await expect(chat.log.locator(".notice")).toHaveText("Ada joined");

  await ada.closeConversation();
  const ended = chat.panel.getByText(chat.words.closed);
  await expect(ended).toBeVisible();
  await expect(presence).toHaveText("Online · Usually answers within minutes");
  await chat.say("One more thing");
  await expect(ended).toHaveCount(0);
  await expect(presence).toHaveText("You are next");
});

test("what is edited or taken back changes where it stands, and is so for who comes back", async ({
  context,
  page,
  chat,
  visit,
  relay,
}) => {
  const ada = await Agent.hire(relay, "Ada");
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  const price = await ada.say("It costs 900.");
  const slip = await ada.say("Did Bob pay his bill?");
  await ada.say("Shall I keep it for you?");
  await chat.expectTexts(["Hello", "It costs 900.", "Did Bob pay his bill?", "Shall I keep it for you?"]);
  const tab = await context.newPage();
  await tab.goto(page.url());
  const other = chat.in(tab);
  await other.open();
  await other.expectTexts(["Hello", "It costs 900.", "Did Bob pay his bill?", "Shall I keep it for you?"]);

  await ada.change(price, "It costs 950.");
  await ada.takeBack(slip);
  const now = ["Hello", "It costs 950.\nedited", chat.words.gone, "Shall I keep it for you?"];
  await chat.expectTexts(now);
  await other.expectTexts(now);

  await tab.close();
  const address = page.url();
  await page.goto("about:blank");
  await ada.change(price, "It costs 990.");
  await page.goto(address);
  await chat.open();
  await chat.expectTexts(["Hello", "It costs 990.\nedited", chat.words.gone, "Shall I keep it for you?"]);
});

test("both sides see what the other has read, and only what was looked at is read", async ({
  context,
  page,
  chat,
  visit,
  relay,
  organization,
}) => {
  const ada = await Agent.hire(relay, "Ada");
  const readSeq = () => organization.conversation().then(({ contactReadSeq }) => contactReadSeq);
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await expect(chat.delivery("Hello")).toHaveText(chat.words.sent);
  await ada.read();
  await expect(chat.delivery("Hello")).toHaveText(chat.words.read);

  await chat.close.click();
  await ada.say("Good morning.");
  await expect(chat.badge).toHaveText("1");
  const tab = await context.newPage();
  await tab.goto(page.url());
  const other = chat.in(tab);
  await expect(other.badge).toHaveText("1");
  expect(await readSeq()).toBeLessThan(2);
  await other.open();

  await expect.poll(readSeq).toBe(2);
  await expect(chat.badge).toBeHidden();
  await expect(other.badge).toBeHidden();
});

test("pain 6: the relay is restarted while the agent types, and nobody waits for ever", async ({
  chat,
  visit,
  relay,
  organization,
}) => {
  const ada = await Agent.hire(relay, "Ada");
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  const typing = chat.panel.locator(".typing");
  await expect(async () => {
    await ada.type();
    await expect(typing).toContainText("Ada is writing", { timeout: 2_000 });
  }).toPass();

  await relay.kill();
  await expect(typing).toHaveCount(0);
  await relay.restart();
  await ada.say("Good morning.");

  await chat.expectTexts(["Hello", "Good morning."]);
  await expect(chat.banner).toHaveCount(0);
  expect(await organization.texts()).toEqual(["Hello", "Good morning."]);
});

const PORTRAIT = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#c96"/></svg>`;
