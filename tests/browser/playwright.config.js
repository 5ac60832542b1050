// Real pages in Chromium against a real relay. `cargo xtask test browser` sets up both and names them:
// RELAY_BIN is the relay to start, CHROMIUM the browser (absent: the one that Playwright fetched for itself).
import { defineConfig } from "@playwright/test";

if (!process.env.RELAY_BIN) throw new Error("RELAY_BIN is not set: run `cargo xtask test browser`");

export default defineConfig({
  testDir: "scenarios",
  forbidOnly: process.env.CI === "true",
  // A test that passes on its second try has found something.
  retries: 0,
  // A relay that stops asks its widgets to come back after 1 to 5 s, and the wait between attempts grows from there.
  expect: { timeout: 15_000 },
  workers: 2,
  reporter: [["list"]],
  // The same scenarios in every mode. What is about one mode alone is tagged with its name.
  projects: [
    { name: "inline", use: { mode: "inline" }, grepInvert: /@frame/ },
    { name: "frame", use: { mode: "frame" }, grepInvert: /@inline/ },
  ],
  use: {
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      // Root in a container has no sandbox; the rest keeps the browser from talking to anyone but the tests.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
