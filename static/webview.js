// A page of an action's, over the conversation.
import { add, addButton, icon } from "./elements.js";

const CLOSE = "M5 5l10 10M15 5L5 15";
const OUTSIDE = "M8 4.5H4.5v11h11V12M11 4.5h4.5V9M15 5l-6 6";

/** `link` leads there; the widget has written onto it how large the page is and what it may do. */
export const webview = ({ say }, link) => {
  const { size, sandbox, title } = link.dataset;
  const panel = link.closest("section");
  const behind = [...panel.children];
  const cover = add(panel, "div", "cover");
  const sheet = add(cover, "div", `sheet ${size}`, { role: "dialog", ariaModal: true, ariaLabel: title, tabIndex: -1 });
  const bar = add(sheet, "div", "bar");

  const setBehind = (value) => behind.forEach((part) => (part.inert = value));
  const close = () => {
    cover.remove();
    setBehind(false);
    link.focus();
  };

  add(bar, "h2", "", { textContent: title, dir: "auto" });
  const name = say("outside");
  add(bar, "a", "icon-button", { href: link.href, target: "_blank", rel: link.rel, ariaLabel: name, title: name }).append(icon(OUTSIDE));
  addButton(bar, CLOSE, say("closePage"), { onclick: close });
  const frame = add(sheet, "iframe", "", { title, referrerPolicy: "strict-origin-when-cross-origin" });
  // What it may do is settled when it loads.
  frame.setAttribute("sandbox", sandbox);
  frame.src = link.href;
  cover.onclick = ({ target }) => target == cover && close();
  // The panel would close.
  cover.onkeydown = (event) => {
    if (event.key != "Escape") return;
    event.stopPropagation();
    close();
  };
  setBehind(true);
  sheet.focus();
};
