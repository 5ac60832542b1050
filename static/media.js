// What only some conversations need of the browser: fetched with the first of it. Each takes the widget's words and the
// elements that the widget has made.
export { carousel } from "./carousel.js";
export { viewer } from "./viewer.js";
export { webview } from "./webview.js";
