// The way from a quote to what it quotes.

/** Shows and marks the row that the button names, if it is in the thread. */
export const quoted = (words, button) => {
  const scroller = button.closest(".scroller");
  const row = scroller.querySelector(`[id="${CSS.escape(button.value)}"]`);
  if (!row) return;
  // The row alone is scrolled to, and not the site around the chat.
  const aim = () =>
    scroller.scrollBy(0, row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3);
  aim();
  // What comes into view may be higher or lower than it was taken to be.
  requestAnimationFrame(() => requestAnimationFrame(aim));
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
};
