// The widget speaks the visitor's language: of the page, of the script tag, or as the page asks later.
import { readdirSync } from "node:fs";
import { texts } from "../support/chat.js";
import { expect, test } from "../support/test.js";

const LANGUAGES = readdirSync(new URL("../../../static/words", import.meta.url)).map((file) => file.replace(".json", ""));

/** The files of languages that have been asked for, by their names. */
function asked(page) {
  const files = [];
  page.on("request", (request) => {
    const [, language] = request.url().match(/\/words\/(\w+)/) ?? [];
    if (language) files.push(language);
  });
  return files;
}

test("one language is loaded, the page's own, with its dates", async ({ page, chat, mode, visit, organization }) => {
  const files = asked(page);
  chat.speak("nl");
  await visit("plain", { attributes: 'data-locale="nl-BE"' });
  await chat.open();
  await chat.say("Dag");
  await chat.expectSent("Dag");

  await expect(chat.field).toHaveAttribute("placeholder", chat.words.write);
  await expect(chat.log.locator(".day")).toHaveText("Vandaag");
  await organization.answer("Goedemorgen");
  await chat.expectTexts(["Dag", "Goedemorgen"]);
  await chat.close.click();
  await organization.answer(["Bent u er nog?", "Wij wel."]);
  await expect(chat.launcher).toHaveAccessibleName("Chat, 2 ongelezen");
  // The page's launcher speaks it as well as the frame.
  expect(files).toEqual(mode === "frame" ? ["nl", "nl"] : ["nl"]);
});

test("a page may change the language while it is open; what was written stays", async ({ chat, visit }) => {
  await visit("plain");
  await chat.open();
  await chat.say("Hello");
  await chat.expectSent("Hello");
  await chat.field.fill("half a thought");

  await chat.call("setLocale", "ar-EG");

  chat.speak("ar");
  await expect(chat.field).toHaveValue("half a thought");
  await expect(chat.panel).toHaveCSS("direction", "rtl");
  await expect(chat.log.locator(".day")).toHaveText("اليوم");
  await chat.expectTexts(["Hello"]);
  await chat.call("setLocale", "pl");
  chat.speak("pl");
  await expect(chat.field).toBeVisible();
  await expect(chat.panel).toHaveCSS("direction", "ltr");
});

test("a language that it does not speak, and what is none, is English", async ({ chat, visit }) => {
  await visit("plain", { attributes: 'data-locale="not a language"' });
  await chat.open();
  await chat.call("setLocale", "fi");

  await expect(chat.field).toHaveAttribute("placeholder", "Write a message");
  await chat.say("Hei");
  await chat.expectSent("Hei");
  await expect(chat.log.locator(".day")).toHaveText("Tänään");
});

test("a number has the form that its language gives it", async ({ chat, visit }) => {
  chat.speak("pl");
  await visit("plain", { attributes: 'data-locale="pl"' });
  await chat.open();

  for (const [characters, hint] of [[7999, "Pozostał 1 znak"], [7998, "Pozostały 2 znaki"], [7995, "Pozostało 5 znaków"]]) {
    await chat.field.fill("x".repeat(characters));
    await expect(chat.panel.locator(".limit")).toHaveText(hint);
  }
});

test("every language has every text @inline", () => {
  expect(LANGUAGES.sort()).toEqual(["ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "tr", "zh"]);
  for (const language of LANGUAGES) expect(Object.keys(texts(language)), language).toEqual(Object.keys(texts("en")));
});
