// The emoji picker: its list, in the visitor's language, is fetched when it is first opened. Gone as soon as the visitor
// turns to something else. `cargo xtask emoji` writes the lists.
import { add } from "./elements.js";

/** The emoji that are offered again: two lines. */
const RECENT = 16;

/** To the right and down. */
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

const lists = {}; // by address: [title, [emoji, name, more words]…] of each group

/** As it is compared: whatever its case and accents. */
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** Opens the picker above `form`, or closes it. `anchor` is the button that does it; `call` calls the widget. */
export const toggleEmoji = async (anchor, form, address, say, call) => {
  const field = form.querySelector("textarea");
  const opened = form.querySelector(".picker");
  if (opened) return opened.dispatchEvent(new Event("close"));
  const root = form.getRootNode();
  const ending = new AbortController();
  const box = add(form, "div", "picker", { role: "dialog", ariaLabel: say("emoji") });
  const search = add(box, "input", "", { type: "search", placeholder: say("search"), ariaLabel: say("search") });
  const list = add(box, "div", "groups");
  const nothing = add(box, "p", "nothing", { role: "status" });
  anchor.ariaExpanded = true;

  const close = () => {
    ending.abort();
    box.remove();
    anchor.ariaExpanded = false;
  };
  const leave = () => {
    close();
    field.focus();
  };
  const pick = async (sign) => {
    field.setRangeText(sign, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
    leave();
    const choices = await chosen();
    choices.emoji = [sign, ...(choices.emoji ?? []).filter((other) => other != sign)].slice(0, RECENT);
    call("choices", [choices]).catch(() => {}); // a crash
  };
  const chosen = async () => (await call("choices", []).catch(() => {})) ?? {};

  const draw = ([title, ...emoji]) => {
    const group = add(list, "div", "", { role: "group", ariaLabel: title });
    add(group, "h3", "", { textContent: title });
    for (const [sign, name, more] of emoji) {
      const words = plain(name + " " + more);
      add(group, "button", "", { type: "button", tabIndex: -1, textContent: sign, ariaLabel: name, title: name, words, onclick: () => pick(sign) });
    }
  };
  const shown = () => [...list.querySelectorAll("button")].filter((button) => button.offsetParent);

  /** The one beside `from`, in the direction of an arrow as it is seen. */
  const beside = (from, key) => {
    const [right, down] = ARROWS[key];
    const { x, y } = from.getBoundingClientRect();
    let best, least = Infinity;
    for (const button of shown()) {
      const place = button.getBoundingClientRect();
      const far = Math.abs(place.y - y) * 1_000 + Math.abs(place.x - x); // the nearest line, and in it the nearest
      if ((place.x - x) * right + (place.y - y) * down < 1 || far >= least) continue;
      best = button;
      least = far;
    }
    return best;
  };

  const steer = (event) => {
    const { key, target, isComposing } = event;
    if (isComposing) return;
    if (key == "Escape") leave();
    else if (target == search && key == "Enter") shown()[0]?.click();
    else if (target == search && key == "ArrowDown") shown()[0]?.focus();
    else if (target != search && ARROWS[key]) (beside(target, key) ?? (key == "ArrowUp" ? search : target)).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  box.addEventListener("keydown", steer);
  box.addEventListener("close", leave);
  // A press leaves the focus where it is.
  box.addEventListener("mousedown", (event) => event.target == search || event.preventDefault());
  const isHere = () => anchor == root.activeElement || box.contains(root.activeElement);
  box.addEventListener("focusout", () => setTimeout(() => isHere() || close()));
  const press = ({ target }) => box.contains(target) || anchor.contains(target) || close();
  root.addEventListener("pointerdown", press, ending);

  search.oninput = () => {
    const asked = plain(search.value).trim().split(/\s+/);
    for (const button of list.querySelectorAll("button")) button.hidden = !asked.every((word) => button.words.includes(word));
    for (const group of list.children) group.hidden = !group.querySelector("button:not([hidden])");
    settle();
  };

  /** Of all emoji, the first is reached by Tab; arrows lead on. */
  const settle = () => {
    const [first, ...others] = shown();
    nothing.textContent = first ? "" : say("nothingFound");
    for (const button of others) button.tabIndex = -1;
    if (first) first.tabIndex = 0;
  };

  try {
    lists[address] ??= await (await fetch(address)).json();
  } catch {
    return close(); // without a network there is none to open
  }
  const groups = lists[address];
  const known = new Map(groups.flatMap(([, ...emoji]) => emoji.map((one) => [one[0], one])));
  const { emoji: recent } = await chosen();
  if (recent) draw([say("recent"), ...recent.map((sign) => known.get(sign) ?? [sign, sign, ""])]);
  groups.forEach(draw);
  settle();
  if (matchMedia("(pointer: fine)").matches) search.focus();
};
