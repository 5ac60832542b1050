// What only some conversations need of the browser: fetched together, with the first of it.
export { carousel } from "./carousel.js";
export { toggleEmoji } from "./emoji.js";
export { fill } from "./form.js";
export { follow } from "./hours.js";
export { viewer } from "./viewer.js";
export { webview } from "./webview.js";
