// Pages that change under the chat, and visitors who move on: one chat remains, with what was said in it.
import { expect, test } from "../support/test.js";

test.describe("pain 12: navigation inside a page loses the widget, or doubles it", () => {
  test("a script that is included twice, removed and added again", async ({ page, chat, visit }) => {
    await visit("twice");
    await chat.open();

    await page.evaluate(() => {
      const [old] = document.querySelectorAll("script[src]");
      const again = Object.assign(document.createElement("script"), { src: old.src });
      again.dataset.organization = old.dataset.organization;
      old.remove();
      document.head.append(again);
      return new Promise((resolve) => (again.onload = resolve));
    });

    await expect(chat.host).toHaveCount(1);
    await expect(chat.panel).toBeVisible();
  });

  const CHANGES = {
    "replaces its body": () => document.body.replaceWith(document.createElement("body")),
    "replaces what is in its body": () => {
      history.pushState({}, "", "?view=2");
      document.body.innerHTML = "<main>Another view</main>";
    },
    "shows a copy of itself from its cache": () => document.body.replaceWith(document.body.cloneNode(true)),
    "removes the chat's element": () => document.querySelector("web1on1-chat").remove(),
    "takes the chat's element out and puts it back": () => {
      const host = document.querySelector("web1on1-chat");
      host.remove();
      document.body.prepend(host);
    },
    "clears everything": () => document.documentElement.replaceChildren(document.createElement("body")),
  };
  for (const [what, change] of Object.entries(CHANGES))
    test(`a page that ${what}`, async ({ page, chat, visit, converse, organization, errors }) => {
      await visit("plain");
      await converse();
      await chat.field.fill("half a sent");

      await page.evaluate(change);

      await expect(chat.panel).toBeVisible();
      await expect(chat.host).toHaveCount(1);
      await chat.expectTexts(["Hello", "Good morning."]);
      await expect(chat.field).toHaveValue("half a sent");
      await chat.say("Still here?");
      await chat.expectSent("Still here?");
      await organization.answer("Yes.");
      await chat.expectTexts(["Hello", "Good morning.", "Still here?", "Yes."]);
      expect(errors).toEqual([]);
    });

  for (const place of ["head", "body"])
    test(`a site of Turbo's kind, with the script in the ${place}`, async ({ page, chat, visit, converse, errors }) => {
      await visit(`turbo-${place}`, { view: "1" });
      await converse();

      // More often than a chat that crashes is started again.
      for (const view of ["2", "3", "4", "5", "6"]) {
        await page.evaluate((view) => go(location.href.replace(/view=\d/, `view=${view}`)), view);

        await expect(page.getByRole("heading", { name: `View ${view}`, exact: true })).toBeVisible();
        await expect(chat.panel).toBeVisible();
        await expect(chat.host).toHaveCount(1);
        await chat.expectTexts(["Hello", "Good morning."]);
      }
      await chat.launcher.click();
      await expect(chat.panel).toBeHidden();
      expect(errors).toEqual([]);
    });

  test("a closed chat stays closed, and counts on", async ({ page, chat, visit, converse, organization }) => {
    await visit("turbo-body", { view: "1" });
    await converse();
    await chat.launcher.click();
    await expect(chat.panel).toBeHidden();

    await page.evaluate(() => go(location.href.replace("view=1", "view=2")));
    await expect(chat.host).toHaveCount(1);
    await organization.answer("One more thing.");

    await expect(chat.badge).toHaveText("1");
    await expect(chat.panel).toBeHidden();
  });
});

test.describe("pain 3: the conversation is lost on navigation", () => {
  test("to another page and back", async ({ page, chat, visit, converse, organization }) => {
    await visit("plain");
    await converse();

    await visit("settings");
    await chat.open();
    await chat.expectTexts(["Hello", "Good morning."]);
    await chat.say("From the next page");
    await chat.expectSent("From the next page");
    await page.goBack();

    await chat.open();
    await chat.expectTexts(["Hello", "Good morning.", "From the next page"]);
    await organization.answer("Welcome back.");
    await chat.expectTexts(["Hello", "Good morning.", "From the next page", "Welcome back."]);
  });

  test("two organizations' pages of one site: each keeps its own", async ({ chat, visit, relay, organization }) => {
    const other = await relay.rest.post("/v2/organizations", { name: "Other" });
    await visit("plain");
    await chat.open();
    await chat.say("To the first");
    await chat.expectSent("To the first");

    await visit("plain", { organization: other.id });
    await chat.open();
    await chat.expectTexts([]);
    await chat.say("To the second");
    await chat.expectSent("To the second");
    await visit("plain");
    await chat.open();

    await chat.expectTexts(["To the first"]);
    expect(await organization.texts()).toEqual(["To the first"]);
  });
});
