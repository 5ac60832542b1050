// What a visitor can come to see, each with what leads there. They are drawn by `cargo xtask screens`, and looked at by
// axe (`scenarios/accessibility.spec.js`).
import { expect } from "@playwright/test";
import { NOTES, paste } from "../support/files.js";
import { picture, showShop } from "../support/pictures.js";
import { DIALOGUES } from "./dialogues.js";
import { photograph } from "./photo.js";

/** An agent of the organization with a name, who can talk. */
async function agent({ relay }, name = "Ada") {
  const { token } = await relay.rest.post("/v2/users", { organization: relay.organization, name });
  const rest = new relay.rest.constructor(relay.origin, token);
  return async (message) => {
    const [{ id }] = await rest.get("/v2/conversations");
    const messages = [message].flat().map((message) => ({ role: "agent", ...(message.trim ? { text: message } : message) }));
    return rest.post(`/v2/conversations/${id}/messages`, messages);
  };
}

async function begin(scene, language = "en") {
  const { chat, visit, organization } = scene;
  const [question] = DIALOGUES[language];
  await organization.change({ displayName: "Rook Lane Cycles", settings: { replyTime: "Usually answers within a few minutes" } });
  chat.speak(language);
  await visit("plain", { attributes: `data-locale="${language}"` });
  await chat.open();
  await chat.say(question);
  await chat.expectSent(question);
  return agent(scene);
}

export async function conversation(scene, language = "en") {
  const { chat } = scene;
  const answer = await begin(scene, language);
  const [, first, second, replies] = DIALOGUES[language];
  await answer([first, { text: second, actions: replies.map((text) => ({ type: "reply", text })) }]);
  await expect(chat.panel.getByRole("group", { name: chat.words.replies })).toBeVisible();
}

export const VIEWS = {
  async opening({ chat, visit, organization }) {
    await organization.change({ displayName: "Rook Lane Cycles", settings: { replyTime: "Usually answers within a few minutes" } });
    await visit("plain");
    await chat.open();
    await expect(chat.panel.getByRole("heading", { name: "Rook Lane Cycles" })).toBeVisible();
  },

  conversation: (scene) => conversation(scene),

  async text(scene) {
    const answer = await begin(scene);
    await answer([
      "It has **disc brakes**, *hub gears* and a belt: see https://shop.example/wren.",
      "Bring:\n- a helmet\n- your own pedals, if you like\n\nOr measure yourself:\n1. bare feet\n2. back to the wall",
      "The frame's number is `WR-5402-118`.\n```\n54  1.66 – 1.78 m\n58  1.76 – 1.88 m\n```",
    ]);
    await expect(scene.chat.theirs).toHaveCount(3);
  },

  async cards(scene) {
    const { chat, page } = scene;
    await showShop(page);
    const answer = await begin(scene);
    const bicycle = (title, description, colour) => ({
      title,
      description,
      mediaUrl: picture(colour, 300, 200).text,
      actions: [{ type: "postback", text: "Book a ride", payload: title }],
    });
    await answer([
      {
        type: "card",
        text: "These are here to try:",
        items: [
          bicycle("Wren", "For the city, with a belt", "cadetblue"),
          bicycle("Heron", "For long ways", "darkkhaki"),
          bicycle("Swift", "Light, and not for luggage", "rosybrown"),
        ],
      },
      { text: "Or look at all of them.", actions: [{ type: "link", text: "All bicycles", uri: "https://shop.example/" }] },
    ]);
    await expect(chat.panel.getByRole("link", { name: "All bicycles" })).toBeVisible();
    await expect.poll(() => chat.log.locator("img").first().evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  },

  async changed(scene) {
    const { chat, relay } = scene;
    const answer = await begin(scene);
    const answered = await answer(["It costs 900.", "Did Bob pay his bill?", "Shall I keep it for you?"]);
    await relay.rest.patch(`/v2/messages/${answered[0].id}`, { text: "It costs 950." });
    await relay.rest.delete(`/v2/messages/${answered[1].id}`);
    await expect(chat.log.getByText(chat.words.gone)).toBeVisible();
    await expect(chat.log.getByText("It costs 950.")).toBeVisible();
  },

  async before({ chat, visit, organization }) {
    const fields = [
      { key: "name", label: "Your name" },
      { key: "email", label: "Email", type: "email" },
    ];
    const preChatForm = await organization.create("forms", { name: "So that we can reach you", fields });
    const hours = { timeZone: "UTC", days: {}, away: "We are out cycling. Leave us a note, and we answer tomorrow." };
    await organization.change({ displayName: "Rook Lane Cycles", settings: { preChatForm, hours } });
    await visit("plain");
    await chat.launcher.click();
    await expect(chat.panel.getByRole("button", { name: "Skip" })).toBeVisible();
    await expect(chat.panel.locator(".away")).toBeVisible();
  },

  async form(scene) {
    const { chat, organization } = scene;
    const answer = await begin(scene);
    const fields = [
      { key: "name", label: "Your name", required: true },
      { key: "day", label: "Day", type: "date" },
      { key: "size", label: "Size", type: "select", options: ["54", "58"] },
      { key: "terms", label: "You may call me", type: "checkbox", required: true },
    ];
    const form = await organization.create("forms", { name: "A test ride", fields });
    await answer({ type: "form", text: `+${form}` });
    await chat.log.locator("form").getByRole("button").click();
    await expect(chat.log.getByLabel("Your name")).toBeFocused();
  },

  async rating(scene) {
    const { chat, organization } = scene;
    const answer = await begin(scene);
    await organization.change({ settings: { rating: true } });
    await answer(["Good morning. Yes, in 54 and 58.", { type: "command", text: "/close" }]);
    await scene.page.reload();
    await chat.open();
    await chat.panel.getByRole("radio", { name: "4 stars" }).check();
    await expect(chat.panel.getByRole("radio", { name: "4 stars" })).toBeChecked();
  },

  async menu(scene) {
    const { chat } = scene;
    await begin(scene);
    await chat.panel.getByRole("button", { name: "More" }).click();
    await chat.panel.getByText("Start over").first().click();
    await expect(chat.panel.getByRole("button", { name: "Cancel" })).toBeVisible();
  },

  async shoutout({ chat, visit }) {
    await visit("plain", { attributes: 'data-shoutout="Questions about a bicycle? Ask us, we usually answer in minutes."' });
    await expect(chat.host.locator("#shoutout").getByText("Questions")).toBeVisible();
  },

  async files({ page, chat, visit }) {
    await page.route(/\/v2\/widget\/files/, (route) =>
      /\.pdf/.test(route.request().postData()) ? route.abort() : route.fallback(),
    );
    await visit("plain");
    await chat.open();
    const paper = { ...NOTES, name: "receipt of the bicycle and the belt, signed.pdf" };
    const photo = await photograph(page);
    await paste(chat.field, [photo, paper]);
    await chat.say("Here is the picture");
    await chat.expectSent("Here is the picture");
    await expect(chat.mine.getByRole("group").getByRole("status")).toHaveText(chat.words.waiting);
    await paste(chat.field, [photo, paper, { ...NOTES, buffer: Buffer.alloc(0) }]);
    await expect(chat.attached.getByRole("status")).toHaveText(["", chat.words.waiting, chat.words.fileEmpty]);
  },

  async emoji({ chat, visit }) {
    await visit("plain");
    await chat.open();
    await chat.emoji.click();
    await expect(chat.panel.getByRole("group", { name: "Food" })).toBeAttached();
    await chat.panel.getByRole("searchbox").fill("heart");
    await expect(chat.panel.getByRole("group", { name: "Smileys" }).getByRole("button").first()).toBeVisible();
  },

  async offline({ chat, visit, relay }) {
    await visit("plain");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");
    await relay.kill();
    await chat.say("Are you there?");
    await expect(chat.banner).toBeVisible();
  },

  async refused({ chat, visit, organization }) {
    await organization.change({ allowedOrigins: ["https://shop.example"] });
    await visit("plain");
    await chat.launcher.click();
    await expect(chat.panel.getByRole("alert")).toBeVisible();
  },
};
