// JSON as the browser writes it, on every page. Prototype.js 1.6 makes a string of each array by an
// `Array.prototype.toJSON` of its own: that is put aside meanwhile.

export const stringify = (...args) => {
  const { prototype } = Array;
  const theirs = Object.getOwnPropertyDescriptor(prototype, "toJSON");
  if (theirs) delete prototype.toJSON;
  try {
    return JSON.stringify(...args);
  } finally {
    if (theirs) Object.defineProperty(prototype, "toJSON", theirs);
  }
};
