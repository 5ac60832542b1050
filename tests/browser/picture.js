// Takes docs/demo.png, the README's picture: `RELAY_BIN=../../target/debug/relay node picture.js` after `cargo xtask build`.
import { chromium, expect } from "@playwright/test";
import { Chat } from "./support/chat.js";
import { Relay } from "./support/relay.js";
import { Rest } from "./support/rest.js";

const relay = await Relay.start();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: morning(),
  });
  await talk(page);
  await page.screenshot({ path: new URL("../../docs/demo.png", import.meta.url).pathname });
} finally {
  await browser.close();
  await relay.remove();
}

async function talk(page) {
  const { rest, origin, organization } = relay;
  await rest.patch(`/v2/organizations/${organization}`, {
    displayName: "Rook Lane Cycles",
    settings: { replyTime: "Usually answers within a few minutes" },
  });
  const { token } = await rest.post("/v2/users", { organization, name: "Ada" });
  const agent = new Rest(origin, token);
  const chat = new Chat(page, "inline");

  await page.goto(origin);
  await chat.open();
  await chat.say("Hi, is the Wren here to try?");
  await chat.expectSent("Hi, is the Wren here to try?");
  const [{ id }] = await rest.get(`/v2/conversations?organization=${organization}`);
  const answer = (messages) =>
    agent.post(
      `/v2/conversations/${id}/messages`,
      messages.map((message) => ({ role: "agent", ...message })),
    );
  await answer([{ text: "Good morning. Yes, in 54 and 58." }, { text: "How tall are you?" }]);
  await expect(chat.row("How tall are you?")).toBeVisible();
  await chat.say("1.74 m. I ride 20 km to work, so mudguards would be good.");
  await chat.expectSent("1.74 m. I ride 20 km to work, so mudguards would be good.");
  await answer([
    {
      text: "Then the 54, and mudguards are on it already. Which day suits you?",
      actions: ["Friday", "Saturday", "Another day"].map((text) => ({ type: "reply", text })),
    },
  ]);
  await expect(chat.panel.getByRole("group", { name: "Suggested answers" })).toBeVisible();
  await page.mouse.move(400, 520);
  await page.evaluate(() => document.fonts.ready);
}

/** A time zone in which it is between ten and eleven. POSIX counts west of Greenwich as positive. */
function morning() {
  const west = new Date().getUTCHours() - 10;
  return `Etc/GMT${west < 0 ? west : `+${west}`}`;
}
