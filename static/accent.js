// The one colour that a site chooses, and what follows from it: an ink that can be read on it, and a shade of it that can
// be read as text on a light and on a dark ground. Contrast as in WCAG 2.2; colours in sRGB, each part 0 to 1.

/** Least contrast of text (WCAG 2.2, 1.4.3). */
const TEXT = 4.5;

const BLACK = [0, 0, 0];
const WHITE = [1, 1, 1];

// What accent-coloured text stands on, the harder one of each theme: `--surface` in css/tokens.css.
const LIGHT = [0xf1 / 255, 0xf3 / 255, 0xf6 / 255];
const DARK = [0x26 / 255, 0x2a / 255, 0x34 / 255];

const linear = (part) => (part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92);

const luminance = ([red, green, blue]) => 0.05 + 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

const contrast = (one, other) => {
  const ratio = luminance(one) / luminance(other);
  return Math.max(ratio, 1 / ratio);
};

/** The colour, mixed with as much of `end` as it needs to be read on `ground`. */
const readable = (color, ground, end) => {
  for (let share = 0; ; share++) {
    const bytes = color.map((part, at) => Math.round(255 * (part + ((end[at] - part) * share) / 20)));
    // What is measured is what is written.
    if (share == 20 || contrast(bytes.map((byte) => byte / 255), ground) >= TEXT) return `rgb(${bytes})`;
  }
};

/** What `getComputedStyle` says: `color(srgb 0.1 0.2 0.3)`, perhaps with ` / alpha`; older browsers write `rgb(1, 2, 3)`. */
const parse = (text) => {
  const unit = text.startsWith("rgb") ? 255 : 1;
  const parts = text.match(/-?[\d.]+(e-?\d+)?/g) ?? [];
  return parts.slice(0, 3).map((part) => Math.min(Math.max(part / unit, 0), 1));
};

/** What is written with an accent: custom properties, without their `--accent-`. */
export const shadesOf = (accent) => ({
  ink: contrast(accent, WHITE) < TEXT ? "#000" : "#fff",
  "on-light": readable(accent, LIGHT, BLACK),
  "on-dark": readable(accent, DARK, WHITE),
});

/** Colours `panel` with its accent: with `color` where that is one, which then is its host's, too. */
export const tint = (panel, color) => {
  // The launcher has the same.
  if (color && CSS.supports("color", color)) (panel.getRootNode().host ?? panel).style.setProperty("--accent", color);
  // The panel has no columns: the property holds the accent, in sRGB.
  const accent = parse(getComputedStyle(panel).columnRuleColor);
  if (accent.length < 3) return;
  for (const [name, shade] of Object.entries(shadesOf(accent))) panel.style.setProperty("--accent-" + name, shade);
};
