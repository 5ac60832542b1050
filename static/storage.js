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
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    removeItem(key) {
      memory.delete(key);
      area?.removeItem(key);
    },
    /** Every key that starts like this, with its value. */
    entries(start) {
      const keys = [...memory.keys(), ...(area ? Object.keys(area) : [])];
      return keys.filter((key) => key.startsWith(start)).map((key) => [key, this.getItem(key)]);
    },
  };
};
