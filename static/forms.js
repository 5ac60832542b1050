// Forms are rare: what draws them comes when there is one.
import { create } from "./elements.js";
import { later } from "./lazy.js";

/**
 * Gives `form(kind, definition, kept)`: an element that is there at once, and filled as soon as that can be. `kept` is what was
 * filled in of all forms, by their ids, when the latest of them was made.
 */
export const createForms = (words, call) => {
  let kept;
  const tell = (method, ...args) => call(method, args).catch(() => {}); // a crash
  const keep = (id, answers) => tell("keepAnswers", (kept = { ...kept, [id]: answers }));
  const answer = (...args) => tell("answer", ...args);
  return (kind, definition, given) => {
    kept = given;
    const form = Object.assign(document.createElement("form"), { className: "form", noValidate: true });
    later().then(
      ({ fill }) => fill(form, kind, definition, kept, words, keep, answer),
      () => (form.textContent = words.say("formMissing")),
    );
    if (kind != "again") return form;
    const change = document.createElement("details");
    change.append(Object.assign(document.createElement("summary"), { textContent: words.say("rateAgain") }), form);
    return change;
  };
};
