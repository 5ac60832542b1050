// The widget's words, times and days in the visitor's language. Each language is a file of its own, `words/nl.json`, of
// which one is loaded: name → text, `{}` in the place of a value, one text for each plural form where a number decides.
// The build puts English in the place of what a language does not have.
import { beside } from "./assets.js";

const LANGUAGES = ["en", "nl", "de", "fr", "es", "it", "pt", "pl", "tr", "ar", "he", "ja", "zh"];
const FROM_RIGHT = ["ar", "he"];

/** The first part of a tag, and what browsers once called Hebrew. */
const languageOf = (tag) => tag.toLowerCase().split(/[-_]/)[0].replace(/^iw$/, "he");

/** As `Intl` takes it: nothing, which is the browser's own, for what is no tag. */
const checked = (tag) => {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {} // a RangeError
};

/** The tag of the language that a site with these settings speaks. */
export const localeOf = ({ locale }) => locale || document.documentElement.lang || navigator.language;

export const createWords = () => {
  let texts = {}, tag, language;
  let clock; // made once: every message has its time

  const format = (at, options) => new Intl.DateTimeFormat(tag, options).format(at);

  const daysAgo = (at) => {
    const midnights = [new Date(), new Date(at)].map((date) => date.setHours(0, 0, 0, 0));
    return Math.round((midnights[0] - midnights[1]) / 86_400_000);
  };

  const words = {
    /** From here on in the language of this BCP 47 tag; in English where that is none of ours. Rejects when it does not come. */
    async load(asked) {
      const known = checked(asked);
      const wanted = languageOf(known ?? "");
      const next = LANGUAGES.includes(wanted) ? wanted : "en";
      if (next != language) {
        const answer = await fetch(beside(`words/${next}.json`));
        if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
        texts = await answer.json();
        language = next;
      }
      tag = known;
      clock = new Intl.DateTimeFormat(tag, { timeStyle: "short" });
    },
    /** The text of this name, with `value` in its place. */
    say(name, value) {
      let text = texts[name] ?? "";
      if (text.other) text = text[new Intl.PluralRules(language).select(value)] ?? text.other;
      const shown = typeof value == "number" ? value.toLocaleString(tag) : value;
      return text.replace("{}", () => shown);
    },
    /** `rtl`, or nothing: then the page decides. */
    direction: () => (FROM_RIGHT.includes(language) ? "rtl" : undefined),
    language: () => language,
    /** A time of one of the next days. */
    moment: (at) => format(at, { weekday: "long", hour: "numeric", minute: "2-digit" }),
    /** The time of day; `at` in milliseconds. */
    time: (at) => clock.format(at),
    /** The day, as far from today as it takes to be clear. */
    day(at) {
      const days = daysAgo(at);
      if (days == 0 || days == 1) return upper(new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(-days, "day"));
      return upper(format(at, { weekday: "long", day: "numeric", month: "long", ...(days > 300 && { year: "numeric" }) }));
    },
    /** A file's, in the unit that says it best. */
    size(bytes) {
      const [unit, value] = bytes < 999_500 ? ["kilobyte", Math.max(1, Math.round(bytes / 1_000))] : ["megabyte", bytes / 1_000_000];
      return value.toLocaleString(tag, { style: "unit", unit, maximumFractionDigits: 1 });
    },
  };

  /** It stands for itself, and not within a sentence. */
  const upper = (text) => text.replace(/^./u, (first) => first.toLocaleUpperCase(tag));

  return words;
};
