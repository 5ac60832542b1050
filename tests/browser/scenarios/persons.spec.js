// Who the visitor is: known to the website, come by a link, gone.
import { expect, test } from "../support/test.js";
import { identityOf } from "../support/identity.js";

const SECRET = "the secret that the shop's own server signs with";
const ADA = identityOf("ada", SECRET, { name: "Ada Byron", email: "ada@shop.example" });
const BEN = identityOf("ben", SECRET);

test.beforeEach(({ organization }) => organization.change({ identitySecret: SECRET }));

test.describe("pain 3: the conversation is lost on another device", () => {
  test("a person who is known meets the same conversation on every device", async ({
    browser,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await chat.call("identify", { token: ADA });
    await greet(chat, "Hello from the phone");
    expect(await organization.contact()).toMatchObject({
      profile: { name: "Ada Byron", email: "ada@shop.example" },
    });

    const other = await device(browser, chat);
    await other.call("identify", { token: identityOf("ada", SECRET) });
    await other.open();
    await other.expectTexts(["Hello from the phone"]);
    await other.say("and from the desk");

    await chat.expectTexts(["Hello from the phone", "and from the desk"]);
    expect(await organization.conversations()).toHaveLength(1);
    await other.page.context().close();
  });

  test("a reload knows the person without another word", async ({ page, chat, visit, organization }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await chat.call("identify", { token: ADA });
    await greet(chat, "Hello");

    await page.reload();
    await chat.open();
    await chat.say("Again");

    await chat.expectSent("Again");
    await chat.expectTexts(["Hello", "Again"]);
    expect(await organization.conversations()).toHaveLength(1);
  });
});

test.describe("pain 4: on a shared computer, the last visitor's chat is there for the next", () => {
  test("identify as another one takes away all of the first, at once", async ({
    page,
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await chat.call("identify", { token: ADA });
    await greet(chat, "Ada's secret");
    const ada = await organization.conversation();
    await chat.field.fill("Ada's draft");

    await chat.call("identify", { token: BEN });

    await chat.expectTexts([]);
    await expect(chat.field).toHaveValue("");
    expect(await chat.panel.textContent()).not.toContain("Ada");
    expect(await kept(page)).not.toContain("Ada");
    expect(await kept(page)).not.toContain(ADA);
    expect(await kept(page)).not.toContain(ada.id);

    // What is said to Ada from here on is not Ben's to read.
    await relay.rest.post(`/v2/conversations/${ada.id}/messages`, { role: "agent", text: "for Ada alone" });
    await chat.say("Ben's word");
    await chat.expectSent("Ben's word");
    await chat.expectTexts(["Ben's word"]);
    await expect(chat.badge).toHaveText("");
    const bens = (await organization.conversations()).find(({ id }) => id !== ada.id);
    await relay.rest.post(`/v2/conversations/${bens.id}/messages`, { role: "agent", text: "for Ben" });
    await chat.expectTexts(["Ben's word", "for Ben"]);
    expect(await textsOf(relay, ada)).toEqual(["Ada's secret", "for Ada alone"]);
  });

  test("who was anonymous does not become the person: their words stay their own", async ({
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await greet(chat, "from nobody known");
    const nobody = await organization.conversation();

    await chat.call("identify", { token: ADA });
    await chat.expectTexts([]);
    await chat.say("Ada's word");
    await chat.expectSent("Ada's word");

    expect(await textsOf(relay, nobody)).toEqual(["from nobody known"]);
    expect(await organization.conversations()).toHaveLength(2);
  });

  test("after logout nothing is left, and the next visitor begins anew", async ({
    page,
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await chat.call("identify", { token: ADA });
    await greet(chat, "Ada's secret");
    const ada = await organization.conversation();
    await page.keyboard.press("Escape");
    await relay.rest.post(`/v2/conversations/${ada.id}/messages`, { role: "agent", text: "An answer" });
    await expect(chat.badge).toHaveText("1");

    await chat.call("logout");

    await expect(chat.badge).toHaveText("");
    expect(await chat.call("unreadCount")).toBe(0);
    await expect.poll(() => kept(page)).toBe("{}");
    await relay.rest.post(`/v2/conversations/${ada.id}/messages`, { role: "agent", text: "for Ada alone" });
    await page.reload();
    await chat.open();
    await chat.expectTexts([]);
    await chat.say("the next visitor");
    await chat.expectSent("the next visitor");
    await chat.expectTexts(["the next visitor"]);
    expect(await chat.panel.textContent()).not.toContain("Ada");
    expect(await organization.conversations()).toHaveLength(2);
    expect(await textsOf(relay, ada)).toEqual(["Ada's secret", "An answer", "for Ada alone"]);
  });

  test("logout on a page where the chat was never loaded forgets, too", async ({ page, chat, visit, converse }) => {
    await visit("plain", { attributes: 'data-consent="required"' });
    await chat.launcher.waitFor();
    await chat.call("consent", "granted");
    await converse();
    expect(await kept(page)).not.toBe("{}");
    await page.reload();
    await chat.launcher.waitFor();

    await chat.call("logout");

    expect(await kept(page)).toBe("{}");
    await chat.open();
    await chat.expectTexts([]);
  });

  test("what waits to be sent for one visitor is not sent for the next", async ({
    chat,
    visit,
    relay,
    organization,
  }) => {
    await visit("plain");
    await chat.launcher.waitFor();
    await chat.call("identify", { token: ADA });
    await greet(chat, "Hello");
    await relay.kill();
    await chat.say("Ada's secret");
    await expect(chat.delivery("Ada's secret")).toHaveText("Waiting to be sent");

    const identified = chat.call("identify", { token: BEN });
    await chat.expectTexts([]);
    await relay.restart();
    await identified;

    await chat.say("Ben's word");
    await chat.expectSent("Ben's word");
    const logs = await Promise.all((await organization.conversations()).map((each) => textsOf(relay, each)));
    expect(logs.flat().sort()).toEqual(["Ben's word", "Hello"]);
  });
});

test.describe("who is not who they say", () => {
  for (const [what, token] of [
    ["signed by another", identityOf("ada", "another secret, of whoever pretends to be the shop")],
    ["expired", identityOf("ada", SECRET, { exp: Math.floor(Date.now() / 1_000) - 60 })],
    ["good for longer than a day", identityOf("ada", SECRET, { exp: Math.floor(Date.now() / 1_000) + 90_000 })],
    ["without a subject", identityOf(undefined, SECRET)],
    ["no token at all", "ada"],
  ])
    test(`a token that is ${what} is refused with a code`, async ({ page, chat, visit, organization, errors }) => {
      await visit("plain");
      await chat.open();

      expect(await codeOfIdentify(page, token)).toBe("unauthorized");
      expect(await organization.conversations()).toEqual([]);
      expect(errors.filter((error) => error.startsWith("web1on1: "))).toHaveLength(1);
    });

  test("is refused, and a good token after that is not", async ({ page, chat, visit }) => {
    await visit("plain");
    await chat.open();
    expect(await codeOfIdentify(page, "ada")).toBe("unauthorized");

    expect(await codeOfIdentify(page, ADA)).toBe("none");

    await chat.say("Hello");
    await chat.expectSent("Hello");
  });

  test("with requireIdentity nobody comes in without", async ({ page, chat, visit, organization }) => {
    await organization.change({ requireIdentity: true });
    await visit("plain");
    await chat.launcher.waitFor();
    expect(await chat.codeOf("Hello")).toBe("unauthorized");
    await chat.launcher.click();
    await expect(chat.panel).toContainText("The chat is not available");
    expect(await organization.conversations()).toEqual([]);

    await chat.call("identify", { token: ADA });

    await expect(chat.field).toBeVisible();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    expect(await organization.texts()).toEqual(["Hello"]);
  });
});

test.describe("a link that was sent to somebody", () => {
  test("brings them their conversation, and leaves the address", async ({
    page,
    browser,
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await converse(chat, organization);
    const { contact } = await organization.conversation();
    const { id, token } = await relay.rest.post(`/v2/contacts/${contact}/links`, {});

    const other = await device(browser, chat, (address) => `${address}&id=${id}&utm=a%20b&token=${token}#offers`);
    await other.open();

    await other.expectTexts(["Hello", "Good morning."]);
    await expect(other.page).toHaveURL(`${page.url()}&utm=a%20b#offers`);
    await other.say("I am here now");
    await other.expectSent("I am here now");
    expect(await organization.conversations()).toHaveLength(1);
    // Good for more than the page view.
    await other.page.reload();
    await other.open();
    await other.expectTexts(["Hello", "Good morning.", "I am here now"]);
    await other.page.context().close();
  });

  test("brings it to the tabs that are open, too, where another one was", async ({
    context,
    page,
    relay,
    chat,
    visit,
    organization,
  }) => {
    const sent = await link(relay, organization);
    await visit("plain");
    await greet(chat, "a question of somebody's");

    const other = await follow(sent, context, page, chat);

    await other.expectTexts(["Hello", "Good morning."]);
    await chat.expectTexts(["Hello", "Good morning."]);
    await chat.say("from the first");
    await chat.expectSent("from the first");
    await other.expectTexts(["Hello", "Good morning.", "from the first"]);
    expect(await textsOf(relay, { id: sent.conversation })).toEqual(["Hello", "Good morning.", "from the first"]);
  });

  test("is not undone by a tab that has not heard of it yet", async ({
    context,
    page,
    relay,
    chat,
    visit,
    organization,
  }) => {
    const sent = await link(relay, organization);
    await visit("plain");
    await greet(chat, "a question of somebody's");
    const before = await records(page);
    const other = await follow(sent, context, page, chat);
    await other.expectTexts(["Hello", "Good morning."]);
    await chat.expectTexts(["Hello", "Good morning."]);

    // What a browser stores last is not what was written last.
    await page.evaluate((before) => before.forEach(([key, value]) => localStorage.setItem(key, value)), before);

    const kept = () => records(page).then((all) => all.map(([, record]) => JSON.parse(record).conversation));
    await expect.poll(kept).toEqual([sent.conversation]);
    await other.say("from the second");
    await chat.expectTexts(["Hello", "Good morning.", "from the second"]);
    await other.expectTexts(["Hello", "Good morning.", "from the second"]);
  });

  test("that was used before makes nobody anybody, and says so", async ({
    browser,
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    await converse(chat, organization);
    const { contact } = await organization.conversation();
    const { id, token } = await relay.rest.post(`/v2/contacts/${contact}/links`, {});
    const address = (address) => `${address}&id=${id}&token=${token}`;
    const first = await device(browser, chat, address);
    await first.open();
    await first.expectTexts(["Hello", "Good morning."]);

    const second = await device(browser, chat, address);
    await second.open();

    await expect(second.panel).toContainText("This link was used before or has expired");
    await second.expectTexts([]);
    await second.say("Who am I?");
    await second.expectSent("Who am I?");
    expect(await organization.conversations()).toHaveLength(2);
    await first.page.context().close();
    await second.page.context().close();
  });

  test("in a message of an agent is short, brings the conversation once, and then nobody", async ({
    browser,
    relay,
    chat,
    visit,
    organization,
  }) => {
    await visit("plain");
    const uri = `${chat.page.url()}&id={authuser}&token={authtoken}`;
    const { id } = await relay.rest.post("/v2/conversations", {
      organization: organization.id,
      contact: { profile: { name: "John Johnson", email: "john@shop.example" } },
      messages: [
        { role: "agent", text: "Your bike is ready." },
        { role: "agent", text: "Go on here:", actions: [{ type: "link", text: "Chat", uri }] },
      ],
    });
    const [, { actions }] = await relay.rest.get(`/v2/conversations/${id}/messages`);
    expect(actions[0].uri).toMatch(new RegExp(`^${relay.origin}/l/\\w+$`));

    const john = await device(browser, chat, () => actions[0].uri);
    await john.open();
    await expect(john.log).toContainText("Your bike is ready.");
    await expect(john.log).toContainText("Go on here:");
    await john.say("On my way");
    await john.expectSent("On my way");
    const forwarded = await device(browser, chat, () => actions[0].uri);
    await forwarded.open();

    await expect(forwarded.panel).toContainText("This link was used before or has expired");
    await forwarded.expectTexts([]);
    expect(await organization.conversations()).toHaveLength(1);
    await john.page.context().close();
    await forwarded.page.context().close();
  });

  for (const query of ["id=42", "token=abc", "id=42&token=abc", `id=${"a".repeat(24)}`])
    test(`is not what a page calls ?${query}`, async ({ page, chat, visit }) => {
      await visit("plain");
      await page.goto(`${page.url()}&${query}`);

      await greet(chat, "Hello");

      expect(page.url()).toContain(`&${query}`);
    });
});

async function greet(chat, text) {
  await chat.open();
  await chat.say(text);
  await chat.expectSent(text);
}

async function converse(chat, organization) {
  await greet(chat, "Hello");
  await organization.answer("Good morning.");
  await chat.expectTexts(["Hello", "Good morning."]);
}

/** The same page in a browser of its own. */
async function device(browser, chat, address = (same) => same) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address(chat.page.url()));
  const other = chat.in(page);
  await other.launcher.waitFor();
  return other;
}

/** All that the page's origin has in storage, as text. */
function kept(page) {
  return page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
}

/** What the page's origin has in storage, by its keys. */
function records(page) {
  return page.evaluate(() => Object.entries(localStorage));
}

/** A link to a conversation of somebody's. */
async function link(relay, organization) {
  const { id: conversation, contact } = await relay.rest.post("/v2/conversations", {
    organization: organization.id,
    contact: { profile: { name: "John Johnson", email: "john@shop.example" } },
    messages: ["Hello", "Good morning."].map((text) => ({ role: "agent", text })),
  });
  const { id, token } = await relay.rest.post(`/v2/contacts/${contact}/links`, {});
  return { conversation, query: `&id=${id}&token=${token}` };
}

/** The link, opened in another tab of the same browser. */
async function follow({ query }, context, page, chat) {
  const tab = await context.newPage();
  await tab.goto(page.url() + query);
  const other = chat.in(tab);
  await other.open();
  return other;
}

function codeOfIdentify(page, token) {
  return page.evaluate(
    (token) =>
      web1on1.identify({ token }).then(
        () => "none",
        (error) => error.code,
      ),
    token,
  );
}

async function textsOf(relay, { id }) {
  const messages = await relay.rest.get(`/v2/conversations/${id}/messages?after=0&limit=200`);
  return messages.map(({ text }) => text);
}
