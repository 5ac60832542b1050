// `cargo xtask screens`: draws what a visitor sees into docs/screens/, with the fixtures of the scenarios.
import config from "./playwright.config.js";

export default { ...config, testDir: "screens", projects: [{ name: "inline", use: { mode: "inline" } }] };
