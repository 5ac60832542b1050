// The buttons beside a composer's field: of the one that is there at once, and of the widget's own.
import { addButton, create } from "./elements.js";

const CLIP = "M13.5 6.5 7.6 12.4a1.5 1.5 0 0 0 2.1 2.1l6-6a3.2 3.2 0 0 0-4.5-4.5L5 10.2a4.9 4.9 0 0 0 6.9 6.9l4.6-4.6";
const SMILE = "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7 11.5a3.5 3.5 0 0 0 6 0M7.7 8v.1M12.3 8v.1";

const TOOLS = { attach: CLIP, emoji: SMILE };

/** At the composer's leading edge: gives the buttons for files and for emoji. */
export const addTools = (form, words, properties) => {
  const tools = create("div", "tools");
  form.prepend(tools);
  const named = Object.entries(TOOLS).map(([name, d]) => [name, addButton(tools, d, "", properties)]);
  const say = () => named.forEach(([name, button]) => (button.ariaLabel = button.title = words.say(name)));
  words.ready.then(say, () => {}); // the chat does not come either
  return named.map(([, button]) => button);
};
