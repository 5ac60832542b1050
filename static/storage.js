// Where the site keeps what the widget remembers. A browser may forbid storage or have no room: then, and with
// storage `none`, it is remembered as long as the page.

/** `kind` is `local`, `session` or `none`. */
export const openStorage = (kind) => {
  const memory = new Map();
  let area;
  try {
    area = window[kind + "Storage"];
    area.getItem("");
  } catch {
    area = undefined;
  }
  return {
    area,
    getItem(key) {
      if (memory.has(key)) return memory.get(key);
      return area ? area.getItem(key) : null;
    },
    setItem(key, value) {
      try {
        area.setItem(key, value);
        if (area.getItem(key) == value) return memory.delete(key);
      } catch {} // full or forbidden
      memory.set(key, value);
    },
    removeItem(key) {
      memory.delete(key);
      area?.removeItem(key);
    },
    /** The key with its value, where it has one. */
    entries(key) {
      const value = this.getItem(key);
      return value == null ? [] : [[key, value]];
    },
  };
};
