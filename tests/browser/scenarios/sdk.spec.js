// The examples of web1on1's SDK hold conversations with a visitor. Each runs as its npm package has it.
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { Example } from "../support/example.js";
import { expect, test as base } from "../support/test.js";

const test = base.extend({
  /** Starts an example, and opens the chat. */
  talkTo: async ({ relay, chat, visit }, use) => {
    const examples = [];
    await use(async (name, options) => {
      const example = await Example.start(name, relay, options);
      examples.push(example);
      await visit("plain");
      await chat.open();
      return example;
    });
    for (const example of examples) example.stop();
  },

  /** The visitor's conversation, as the API shows it. */
  conversation: async ({ relay }, use) => {
    await use(async () => {
      const [conversation] = await relay.rest.get(`/v2/conversations?type=contact&organization=${relay.organization}`);
      return conversation;
    });
  },

  /** What was said in it. */
  messages: async ({ relay, conversation }, use) => {
    await use(async () => relay.rest.get(`/v2/conversations/${(await conversation()).id}/messages?limit=200`));
  },

  /** Waits until the bot has set this variable of the conversation to that. */
  expectMeta: async ({ conversation }, use) => {
    await use((name, value) => expect.poll(async () => (await conversation())?.meta[name]).toEqual(value));
  },

  /** Waits until the bot has given these commands, in whatever order: what it says at the same time has none. */
  expectCommands: async ({ messages }, use) => {
    await use((bot, commands) => {
      const said = async () => (await messages()).filter(({ user }) => user === bot.id).map(({ text }) => text);
      return expect.poll(said).toEqual(expect.arrayContaining(commands));
    });
  },
});

// One mode is enough: what they speak to is the relay.
test.describe("an example of the SDK:", { tag: "@inline" }, () => {
  test.use({ environment: { RELAY_ALLOW_PRIVATE_WEBHOOKS: "true" } });

  test("echo answers an agent's Ping for the visitor to see", async ({ chat, organization, talkTo }) => {
    await talkTo("echo");
    await chat.say("Hello");
    await chat.expectSent("Hello");
    await organization.answer("Ping");
    await chat.expectTexts(["Hello", "Ping", "Pong"]);
  });

  test("ask asks, and asks on, for as long as it gets answers", async ({ chat, talkTo, expectMeta, expectCommands }) => {
    const { bot } = await talkTo("ask");
    const asked = `_asked${bot.id}`;
    await chat.say("color1");
    await expect(chat.theirs).toHaveText([/What's your favorite color\?/]);
    await expectMeta(asked, expect.stringMatching(/^[0-9a-f]{24}$/));
    await chat.say("Red");
    await expectMeta(asked, "answerColor");
    // What it says at the same time may come in any order.
    await expect(chat.row("Oh, you like Red!")).toBeVisible();
    await expect(chat.row("Second favorite color?")).toBeVisible();
    await expectMeta("color", "Red");
    await chat.say("Blue");
    await expect(chat.row("You like the colors Red and Blue")).toBeVisible();
    await expect(chat.row("Other color?")).toBeVisible();
    await expectCommands(bot, ["/leave"]);
  });

  test("ask waits for a promised answer", async ({ chat, talkTo, expectMeta }) => {
    const { bot } = await talkTo("ask");
    await chat.say("color2");
    await expectMeta(`_asked${bot.id}`, expect.any(String));
    await chat.say("Green");
    await chat.expectTexts(["color2", "What's your favorite color?", "Green", "Oh, you like Green!"]);
  });

  test("say says what is to come, in order", async ({ chat, organization, talkTo }) => {
    // Its messages wait for up to 12 s each time.
    test.slow();
    await talkTo("say");
    await chat.say("async");
    const rows = (texts) => expect(chat.theirs).toContainText(texts, { timeout: 30_000 });
    await rows(["Welcome", "Which car", "Choose"]);
    await organization.answer("multi");
    await rows(["Welcome", "Which car", "Choose", "multi", "Start", "Step 1", "Step 2"]);
  });

  test("state counts the visitor's steps, and goes when it is told to", async ({
    chat,
    organization,
    conversation,
    talkTo,
    expectMeta,
    expectCommands,
  }) => {
    const { bot } = await talkTo("state");
    await chat.say("Hello");
    await expect(chat.row("Take a step by saying something")).toBeVisible();
    await expectMeta("step", "1");
    expect((await conversation()).category).toBe("2");
    await chat.say("One");
    await expect(chat.row("Take step 2")).toBeVisible();
    await expectMeta("step", "2");
    await chat.panel.getByRole("button", { name: "take a step" }).click();
    await expect(chat.row("You have taken two steps")).toBeVisible();
    await organization.answer({ type: "command", text: "/assign", meta: { users: [bot.id] } });
    await expect(chat.row("Gotta go!")).toBeVisible();
    await expectCommands(bot, ["/leave", "/notify"]);
  });

  test("context keeps what the visitor has told it", async ({ chat, messages, talkTo, expectMeta, expectCommands }) => {
    const { bot } = await talkTo("context");
    const asked = `_asked${bot.id}`;
    const ask = async (question) => {
      await expect(chat.row(question)).toBeVisible();
      const { id } = (await messages()).find(({ text }) => text === question);
      await expectMeta(asked, id);
    };
    await chat.say("Hello");
    await ask("What's your name?");
    await expect(chat.row("Hooked in1")).toBeVisible();
    await expect(chat.row("Hooked in2")).toBeVisible();
    await chat.say("Ada");
    await ask("What's your favorite food?");
    await expectMeta("name", "Ada");
    await chat.say("Pancakes");
    await ask("So your favorite food is Pancakes?");
    await expectMeta("food", "Pancakes");
    await chat.say("Yes");
    await expect(chat.theirs.last()).toContainText("Ok, here's what you told me about you:");
    await expect(chat.theirs.last().getByRole("listitem")).toHaveText(["Name: Ada", "Favorite Food: Pancakes"]);
    await expectCommands(bot, ["/leave"]);
  });

  test("quickreplies offers what articles say, by form and by field", async ({ chat, relay, organization, talkTo }) => {
    const articles = { "5ee6b79c00800e65f4ea2576": "<p>New</p>\n<p>Used</p>", "5efd0a63d8eec04580373150": "Rook\nWren" };
    const host = await knowledgeBase(relay, articles);
    const [init, brand] = Object.keys(articles);
    const form = await organization.create("forms", {
      name: "Purchase",
      fields: [{ key: "brand" }],
      meta: { init: `article:${init}`, brand: `article:${brand}` },
    });
    await talkTo("quickreplies", { host: host.origin });
    const replies = chat.panel.getByRole("group", { name: "Suggested answers" }).getByRole("button");

    await chat.call("api.sendClientMessage", `>cs +${form}`);
    await expect(replies).toHaveText(["New", "Used"]);
    await replies.first().click();
    await chat.expectSent("New");
    await chat.call("api.sendClientMessage", ">cs .brand Rook");
    await expect(replies).toHaveText(["Rook", "Wren"]);
    host.stop();
  });
});

/** web1on1's articles, which are no part of the relay, at one address with the relay's API. */
async function knowledgeBase(relay, articles) {
  const server = createServer((request, response) => {
    const [, article] = /^\/v2\/articles\/(\w+)/.exec(request.url) ?? [];
    if (article) return response.setHeader("content-type", "application/json").end(JSON.stringify({ content: articles[article] }));
    const { method, headers } = request;
    // A connection each, as none may be found closed. The bot may still ask when the scenario is over and the relay gone.
    const forwarded = httpRequest(relay.origin + request.url, { method, agent: false, headers: { ...headers, connection: "close" } });
    forwarded.on("response", (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
    forwarded.on("error", (error) => response.destroy(error));
    request.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => server.close().closeAllConnections(),
  };
}
