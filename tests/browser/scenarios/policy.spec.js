// Pages with a strict Content-Security-Policy: the chat works on them and keeps to it, to the last report.
import { expect, test } from "../support/test.js";

test.describe("pain 2: a strict policy breaks the widget", () => {
  // Nobody can instantiate WebAssembly on this page: `auto` is the frame.
  test("on a page of nonces the chat works by itself, without one violation", { tag: "@frame" }, async ({
    page,
    site,
    visit,
    converse,
    errors,
  }) => {
    await visit("strict", { mode: "auto" });
    await converse();

    expect(errors).toEqual([]);
    await expectReports(page, site, []);
  });

  test("a page that allows WebAssembly has no violation", async ({ page, site, visit, converse, errors }) => {
    await visit("wasm");
    await converse();

    expect(errors).toEqual([]);
    await expectReports(page, site, []);
  });

  test("a page that requires Trusted Types has no violation", async ({ page, site, visit, converse, errors }) => {
    await visit("trusted");
    await converse();

    expect(errors).toEqual([]);
    await expectReports(page, site, []);
  });

  test.describe("on a page that lists hosts and forbids WebAssembly", () => {
    test("`auto` finds out by trying: one violation, and the chat works", { tag: "@frame" }, async ({
      page,
      site,
      visit,
      converse,
    }) => {
      await visit("hosts", { mode: "auto" });
      await converse();

      await expectReports(page, site, ["script-src: wasm-eval"]);
    });

    test("`inline` cannot work, and says so", { tag: "@inline" }, async ({ page, chat, site, visit, errors }) => {
      await visit("hosts");
      await chat.launcher.click();

      await expect(chat.badge).toHaveText("!");
      expect(errors.filter((error) => error.startsWith("web1on1:"))).toEqual([
        expect.stringMatching(/cannot load from .*WebAssembly/),
      ]);
      await expectReports(page, site, ["script-src: wasm-eval"]);
    });
  });
});

/** What the browser has reported about the page, as far as a violation that follows it. */
async function expectReports(page, site, reports) {
  const last = "img-src: https://elsewhere.example/last.png";
  await page.evaluate(() => (new Image().src = "https://elsewhere.example/last.png"));
  await expect.poll(() => site.reports(page.url())).toContain(last);
  expect(site.reports(page.url())).toEqual([...reports, last]);
}
