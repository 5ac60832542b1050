// Draws docs/screens/: every view in the sizes, languages and themes in which it can look different.
import { fileURLToPath } from "node:url";
import { test } from "../support/test.js";
import { DIALOGUES } from "../views/dialogues.js";
import { VIEWS, conversation } from "../views/views.js";

const DIRECTORY = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const PHONE = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };

/** A time zone in which it is between ten and eleven. POSIX counts west of Greenwich as positive, and to twelve. */
const hours = new Date().getUTCHours() - 10;
const west = hours > 12 ? hours - 24 : hours;
const morning = `Etc/GMT${west < 0 ? west : `+${west}`}`;

test.use({ viewport: { width: 520, height: 820 }, reducedMotion: "reduce", locale: "en-GB", timezoneId: morning });

/** The chat with its launcher; all of a phone's screen. */
async function draw(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  if (name != "../demo") await page.addStyleTag({ content: "h1 { visibility: hidden }" });
  const { width, height } = page.viewportSize();
  const clip = width != 520 ? undefined : { x: width - 432, y: 0, width: 432, height };
  await page.screenshot({ path: `${DIRECTORY}${name}.png`, animations: "disabled", caret: "hide", clip });
}

for (const [name, prepare] of Object.entries(VIEWS)) {
  for (const colorScheme of ["light", "dark"])
    test.describe(colorScheme, () => {
      test.use({ colorScheme });

      test(`${name}-${colorScheme}`, async ({ page, chat, visit, relay, organization }) => {
        await prepare({ page, chat, visit, relay, organization });
        await draw(page, `${name}-${colorScheme}`);
      });
    });

  test.describe("on a phone", () => {
    test.use(PHONE);

    test(`${name}-phone`, async ({ page, chat, visit, relay, organization }) => {
      await prepare({ page, chat, visit, relay, organization });
      await draw(page, `${name}-phone`);
    });
  });
}

for (const language of Object.keys(DIALOGUES))
  test(`language-${language}`, async ({ page, chat, visit, relay, organization }) => {
    await conversation({ page, chat, visit, relay, organization }, language);
    await draw(page, `language-${language}`);
  });

/** The README's picture. */
test.describe("the demo page", () => {
  test.use({ viewport: { width: 1280, height: 800 } });

  test("demo", async ({ page, chat, relay, organization }) => {
    const visit = () => page.goto(relay.origin);
    await conversation({ page, chat, visit, relay, organization });
    await draw(page, "../demo");
  });
});
