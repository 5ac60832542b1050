// Forms are rare: what draws them comes when there is one.
import { beside } from "./assets.js";

/**
 * Gives `form(kind, definition, kept)`: an element that is there at once, and filled as soon as that can be. `kept` is what was
 * filled in of all forms, by their ids, when the latest of them was made.
 */
export const createForms = (words) => {
  let kept;
  const keep = (id, answers) => (kept = { ...kept, [id]: answers });
  return (kind, definition, given) => {
    kept = given;
    const form = Object.assign(document.createElement("form"), { className: "form", noValidate: true });
    import(beside("form.js")).then(
      ({ fill }) => fill(form, kind, definition, kept, keep, words),
      () => (form.textContent = words.say("formMissing")),
    );
    return form;
  };
};
