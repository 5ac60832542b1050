// Keeps one's place in the thread. The scroller is laid out from its end, so that nothing moves when something grows above;
// for what grows below, browsers do different things, or nothing. They are told to do nothing (`overflow-anchor`).

/** CSS pixels from the end that still count as being there: `state.rs` has the same. */
const NEAR = 48;
/** CSS pixels between the upper edge and what one is taken to. */
const GAP = 8;

/** For a thread's `scroller`, its only child `content`, and the `rows` in there that are on the page. */
export const createPlace = (scroller, content, rows) => {
  let anchor, seen, scrolled; // the first row in view, and where its end was seen
  let goal, height;

  const edge = () => scroller.getBoundingClientRect().top;

  const endOf = (row) => row.getBoundingClientRect().bottom;

  const note = () => {
    const top = edge();
    anchor = [...rows.children].find((row) => endOf(row) > top);
    seen = anchor && endOf(anchor) - top;
    scrolled = scroller.scrollTop;
  };

  /** What one reads is where it was, but for what one has scrolled. */
  const hold = () => {
    if (!anchor?.isConnected) return;
    // Where there is less to scroll than before, the browser has gone back itself.
    const from = Math.max(scrolled, scroller.clientHeight - scroller.scrollHeight);
    const moved = endOf(anchor) - edge() - seen + scroller.scrollTop - from;
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved;
  };

  /** After every change of size, and before it is drawn. Who was at the end still is. */
  const settle = () => {
    if (!scroller.clientHeight) return; // not shown: later
    if (goal) {
      const row = [...rows.children].find(({ id }) => id == goal);
      const sight = row ?? (goal == "new" && rows.querySelector(".new"));
      const gap = row ? scroller.clientHeight / 3 : GAP; // with what was said before it
      scroller.scrollTop = sight ? scroller.scrollTop + sight.getBoundingClientRect().top - edge() - gap : 0;
      goal = undefined;
      if (row) row.tabIndex = -1;
      row?.focus({ preventScroll: true });
    } else if (scroller.scrollTop > -NEAR) scroller.scrollTop = 0;
    else hold();
    note();
  };

  const again = () => requestAnimationFrame(() => scroller.dispatchEvent(new Event("scroll")));

  const watch = new ResizeObserver(() => {
    settle();
    // Where more is in view than before, more is to be on the page.
    if (height == (height = scroller.clientHeight)) return;
    again();
  });
  watch.observe(scroller);
  watch.observe(content);
  // The browser tells this first, and then what has grown meanwhile.
  scroller.addEventListener("scroll", () => {
    if (scroller.scrollTop <= -NEAR) hold();
    note();
  });

  return {
    /** Goes to the line above what is `new`, to the row of this id, which gets the focus, or to the `end`. */
    go(where) {
      goal = where;
      settle();
    },
    /** Tells what is in view once more, in the next frame. */
    again,
    height: (row) => row.getBoundingClientRect().height,
    /** Heights of what is not on the page. */
    pad(above, below) {
      rows.style.paddingBlock = `${above}px ${below}px`;
    },
    /** What is about to go has the focus no longer. */
    leave: (element) => element.matches(":focus-within") && scroller.focus({ preventScroll: true }),
  };
};
