// The entries of the menu that turn on what tells of answers (`alerts.js`).
import { add, create } from "./elements.js";

/** `turn(name)` turns one over. Gives `switches()`: an element that is there at once, and filled as soon as that can be. */
export const createSwitches = (words, turn) => () => {
  const list = create("div");
  const note = add(list, "p", "", { role: "status" });
  const entries = {};
  const press = async (pressed) => {
    for (const [name, isOn, isBlocked] of await turn(pressed).catch(() => [])) {
      const entry = { type: "button", role: "switch", textContent: words.say(name), onclick: () => press(name) };
      entries[name] ??= list.insertBefore(create("button", "", entry), note);
      entries[name].ariaChecked = isOn;
      note.textContent = isBlocked ? words.say("notifyBlocked") : "";
    }
  };
  press();
  return list;
};
