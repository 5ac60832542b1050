// The reference at /docs: found, read, tried, on every screen. It belongs to no mode of the chat.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../support/test.js";

test.describe("the reference", { tag: "@inline" }, () => {
  test("an operation is found, read and tried", async ({ page, relay, errors }) => {
    await page.goto(`${relay.origin}/docs`);
    await page.getByLabel("Token").fill(relay.rest.token);
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("/");
    await page.keyboard.type("make channel");
    const found = page.getByRole("navigation").getByRole("link");
    await expect(found).toHaveText([/Make a channel/]);

    await found.press("Enter");

    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expect(page).toHaveURL(/#createChannel$/);
    const name = page.getByRole("table").getByRole("row", { name: /^name\s*required/ });
    await expect(name).toContainText("1 to 200 characters");
    await page.getByLabel("body").fill(JSON.stringify({ organization: relay.organization, name: "Sales" }));
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByRole("status").filter({ hasText: "201" })).toContainText('"name": "Sales"');
    const [channel] = await relay.rest.get("/v2/channels");
    expect(channel.name).toBe("Sales");
    expect(errors).toEqual([]);
  });

  test("an address leads to its operation, and a parameter is filled in", async ({ page, relay, organization }) => {
    await page.goto(`${relay.origin}/docs#getOrganization`);
    await page.getByLabel("Token").fill(relay.rest.token);
    await page.getByLabel("organization").fill(organization.id);
    await expect(page.getByLabel("The same with curl")).toContainText(`/v2/organizations/${organization.id}`);

    await page.getByRole("button", { name: "Send" }).click();

    await expect(page.getByRole("status").filter({ hasText: "200" })).toContainText('"name": "Demo"');
  });

  test("a refusal is shown with its code", async ({ page, relay }) => {
    await page.goto(`${relay.origin}/docs#listChannels`);
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByRole("status").filter({ hasText: "401" })).toContainText('"code": "unauthorized"');
  });

  for (const colorScheme of ["light", "dark"]) {
    test.describe(`on a ${colorScheme} screen`, () => {
      test.use({ colorScheme });

      test("axe finds nothing", async ({ page, relay }) => {
        for (const hash of ["", "#createConversation"]) {
          await page.goto(`${relay.origin}/docs${hash}`);
          await page.getByRole("heading", { level: 1 }).waitFor();
          expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
          await page.goto("about:blank");
        }
      });
    });
  }

  test("nothing is wider than a small screen", async ({ page, relay }) => {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.goto(`${relay.origin}/docs#createConversation`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
