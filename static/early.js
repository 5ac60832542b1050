// The chat's frame with its field, drawn as soon as there are styles for it: nobody waits for the widget to begin to
// write. What is written and sent meanwhile is the widget's as soon as it is there.

import { add, icon } from "./elements.js";
import { addTools } from "./tools.js";

const ARROW = "M10 16V4M5 9l5-5 5 5";

/** As the widget does: it takes nobody out of a field of the page, and raises no keyboard. */
const mayFocus = () =>
  matchMedia("(pointer: fine)").matches && !document.activeElement?.matches("input, textarea, select, [contenteditable]");

/**
 * Draws into `panel`, an element of class `widget`, with `words` as soon as they are `ready`; `close()` is for who presses Escape. Gives what ends
 * it, once the widget has drawn itself beside it.
 */
export const drawEarly = (panel, { position, theme, embedded, framed, opened }, words, close) => {
  // An attempt to load that failed has left this.
  const kept = (panel.kept ??= { text: "", said: [] });
  const place = embedded || framed ? "embedded" : position;
  const section = add(panel, "section", `panel ${place} ${theme}`, { role: embedded ? "region" : "dialog" });
  const header = add(section, "div", "header");
  add(header, "span", "avatar");
  const who = add(header, "div", "who");
  // As high as it will be.
  for (const line of ["h2", "p"]) add(who, line, "", { textContent: "\u00a0" });
  const conversation = add(section, "div", "conversation");
  const log = add(add(add(conversation, "div", "thread"), "div", "scroller"), "div", "log");
  const form = add(add(conversation, "div", "footer"), "form", "composer");
  const field = add(form, "div", "field");
  const text = add(field, "textarea", "", { rows: 1, dir: "auto", enterKeyHint: "send", value: kept.text });
  const button = add(form, "button", "send");
  button.append(icon(ARROW));
  // They do nothing yet.
  addTools(form, words, { disabled: true });
  let isComposing, atEnd;
  words.ready.then(() => {
    section.dir = words.direction() ?? "";
    section.ariaLabel = words.say("chat");
    text.placeholder = text.ariaLabel = words.say("write");
    button.ariaLabel = words.say("send");
  }, () => {}); // the chat does not come either

  const show = (words) => (add(add(log, "div", "row mine first last waiting"), "div", "bubble", { dir: "auto" }).textContent = words);
  const keep = () => {
    field.dataset.text = kept.text = text.value;
    button.disabled = !text.value.trim();
  };

  const send = () => {
    const words = text.value.trim();
    if (!words) return;
    kept.said.push(words);
    show(words);
    text.value = "";
    keep();
  };

  form.onsubmit = (event) => {
    event.preventDefault();
    send();
    text.focus();
  };
  text.oninput = keep;
  text.onkeydown = (event) => {
    // 229: browsers without `isComposing`.
    if (event.isComposing || event.keyCode == 229) return;
    if (event.key == "Escape" && !embedded) close();
    if (event.key != "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  // The page's own shortcuts are not meant here.
  for (const name of ["keydown", "keypress", "keyup"]) section.addEventListener(name, (event) => event.stopPropagation());
  text.addEventListener("compositionstart", () => (isComposing = true));
  text.addEventListener("compositionend", () => {
    isComposing = false;
    atEnd?.();
  });
  keep();
  kept.said.forEach(show);
  const focus = () => section.isConnected && mayFocus() && text.focus();
  // In a frame, when the page lets one in: to focus here would take the focus from the page.
  if (framed && !document.hasFocus()) addEventListener("focus", focus, { once: true });
  else if (opened && !embedded) focus();

  /** Puts the widget's field, which stands beside it by now, in its own place. */
  const giveWay = () => {
    // A word that an input method is at would be lost.
    if (isComposing) return (atEnd = () => setTimeout(giveWay));
    const real = panel.querySelector("section:nth-of-type(2)");
    const input = real?.querySelector("textarea");
    const isFocused = section.getRootNode().activeElement == text;
    const caret = (input?.value.length ?? 0) + text.selectionStart;
    // It is here already.
    if (real) real.style.animation = "none";
    section.remove();
    if (!input) return;
    if (kept.text) {
      input.value += kept.text;
      input.dispatchEvent(new Event("input"));
      input.setSelectionRange(caret, caret);
    }
    kept.text = "";
    if (isFocused) input.focus();
  };
  return giveWay;
};

/** Says with `say(text)` what was sent in there. */
export const sayEarly = ({ kept }, say) => kept?.said.splice(0).forEach(say);
