// Medians of rounds, and lines of a table.

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The median and between which values it stands: `812 (790-850)`. */
export function spread(values) {
  const whole = (value) => value.toFixed(0);
  return `${whole(median(values))} (${whole(Math.min(...values))}-${whole(Math.max(...values))})`;
}

/** One line of the comparison's table, or its head. */
export function row(name, ...cells) {
  const WIDTHS = [20, 7, 18, 20, 7, 8, 10];
  console.log(name.padEnd(24) + cells.map((cell, at) => `${cell}`.padStart(WIDTHS[at])).join(""));
}

/** Prints a target; `reached` for whoever counts. */
export function target(reached, text) {
  console.log(`${reached ? "PASS" : "FAIL"}  ${text}`);
  return reached;
}
