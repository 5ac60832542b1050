// A form as the card in which a visitor fills it in: labels, the browser's own fields, and in words what is wrong.
import { add } from "./elements.js";

/** What a browser may fill in by itself (HTML, "Autofill"), by the keys of fields, in lower case and without signs. */
const KNOWN = {
  name: "name",
  fullname: "name",
  firstname: "given-name",
  lastname: "family-name",
  telephone: "tel",
  phone: "tel",
  company: "organization",
  organization: "organization",
  address: "street-address",
  city: "address-level2",
  postalcode: "postal-code",
  zip: "postal-code",
};

/** The types that are a browser's own. Another one is a text. */
const NATIVE = ["email", "tel", "number", "date", "checkbox"];

/** Characters of an answer, as the relay counts them. */
const MOST = 2_000;

/** What is wrong with one that the browser takes for wrong. */
const WRONG = { email: "formEmail", number: "formNumber", date: "formDate" };
const TELEPHONE = /^[ +()\-./]*\d[\d +()\-./]*$/;

const rating = (words) => ({
  fields: [
    { key: "rating", type: "rating", label: words.say("rate"), required: true },
    { key: "comment", type: "textarea", label: words.say("rateComment") },
  ],
});

const addControl = (parent, { key, type, options }) => {
  if (type == "textarea") return add(parent, "textarea", "", { rows: 3 });
  if (type == "select" && options.length) {
    const select = add(parent, "select", "");
    for (const option of ["", ...options]) select.add(new Option(option));
    return select;
  }
  const autocomplete = KNOWN[key.toLowerCase().replace(/[^a-z]/g, "")] ?? (type == "email" || type == "tel" ? type : "");
  return add(parent, "input", "", { type: NATIVE.includes(type) ? type : "text", autocomplete, step: "any" });
};

/** A field that the browser has. Gives it, what it holds and what is wrong with it. */
const addNative = (row, field, id, value) => {
  const { key, label, type, required } = field;
  const title = add(row, "label", "", { htmlFor: id, textContent: label || key, dir: "auto" });
  if (required) add(title, "span", "", { textContent: " *", ariaHidden: true });
  const input = Object.assign(addControl(row, field), { id, required, dir: "auto" });
  if ("maxLength" in input) input.maxLength = MOST;
  const isTicked = type == "checkbox";
  if (isTicked) input.checked = value === true;
  else input.value = value ?? "";
  const read = () => (isTicked ? input.checked : input.value.trim());
  const wrong = () => {
    const { badInput, typeMismatch } = input.validity;
    if (badInput || typeMismatch) return WRONG[type];
    if (required && !read()) return "formRequired";
    if (type == "tel" && read() && !TELEPHONE.test(read())) return "formTel";
  };
  return { inputs: [input], read, wrong };
};

/** One to five shapes. */
const addStars = (row, { label, required }, id, value, words) => {
  add(row, "legend", "", { textContent: label });
  const stars = add(row, "div", "stars");
  const inputs = [1, 2, 3, 4, 5].map((count) => {
    const star = add(stars, "label", "star");
    return add(star, "input", "", { type: "radio", name: id, value: count, checked: value == count, ariaLabel: words.say("stars", count) });
  });
  const read = () => inputs.find((input) => input.checked)?.value ?? "";
  return { inputs, read, wrong: () => required && !read() && "formRequired" };
};

let last = 0; // of the numbers that make ids of their own

/**
 * Fills `form`, an element without anything in it. `kind` is `form`, `first` (before the conversation: one without what is required
 * can be skipped), `rating` or `again`, which need no definition. `kept` has what was filled in on an earlier page, by form, and
 * `keep(id, answers)` replaces that; what was answered elsewhere is in the definition. `answer(text, title, payload)` sends it.
 */
export const fill = (form, kind, definition, kept, words, keep, answer) => {
  const { id: own = "rating", name, fields, values } = definition ?? rating(words);
  const known = { ...values, ...kept?.[own] };
  const panel = form.closest(".panel");
  if (name) add(form, "h3", "", { textContent: name, dir: "auto" });

  const parts = fields.map((field) => {
    const { key, label, type } = field;
    const id = `form-${++last}`;
    const row = add(form, type == "rating" ? "fieldset" : "div", type == "checkbox" ? "check" : "");
    const { inputs, read, wrong } = (type == "rating" ? addStars : addNative)(row, field, id, known[key], words);
    const error = add(row, "p", "error", { id: id + "-error", hidden: true, dir: "auto" });
    const check = () => {
      const what = wrong();
      error.hidden = !what;
      error.textContent = what ? words.say(what) : "";
      for (const input of inputs) {
        input.ariaInvalid = !!what;
        input.setAttribute("aria-describedby", what ? error.id : "");
      }
      return !what;
    };
    // Who mends it sees that it is mended.
    row.oninput = () => error.hidden || check();
    // As the relay writes it.
    const line = () => {
      const value = read();
      if (!definition) return type == "rating" ? "★".repeat(value) + "☆".repeat(5 - value) : value;
      return value && `${label || key}: ${value === true ? "✓" : value}`;
    };
    return { key, read, check, inputs, line };
  });

  const read = () => Object.fromEntries(parts.map(({ key, read }) => [key, read()]));

  const send = (payload) => {
    keep(own);
    answer(parts.map(({ line }) => line()).filter(Boolean).join("\n"), name, payload);
    // What had the focus is gone; where it would raise a keyboard, the field is not for it.
    setTimeout(() => form.isConnected || (isFine() && panel.querySelector(".composer textarea") || panel).focus());
  };

  form.oninput = () => keep(own, read());
  form.onsubmit = (event) => {
    event.preventDefault();
    const wrong = parts.filter(({ check }) => !check());
    if (wrong.length) wrong[0].inputs[0].focus();
    else send(kind == "first" ? { formData: read() } : { form: definition?.id, values: read() });
  };

  const buttons = add(form, "div", "submits");
  add(buttons, "button", "submit", { textContent: words.say("send") });
  if (kind != "first") return;
  if (!fields.some(({ required }) => required)) add(buttons, "button", "skip", { type: "button", textContent: words.say("skip"), onclick: () => send({}) });
  // The conversation's field was here, and has given way.
  if (isFree(panel) && isFine()) parts[0]?.inputs[0].focus();
};

/** Nobody is taken out of a field. */
const isFree = (panel) => panel?.getRootNode().activeElement?.matches(".panel, body") ?? !document.activeElement.matches("input, textarea, select");

const isFine = () => matchMedia("(pointer: fine)").matches;
