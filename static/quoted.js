// The way from a quote to what it quotes.

/** Shows and marks the row that the button names, if it is in the thread. */
export const quoted = (words, button) => {
  const scroller = button.closest(".scroller");
  const row = scroller.querySelector(`[id="${CSS.escape(button.value)}"]`);
  if (!row) return;
  // The row alone is scrolled to, and not the site around the chat.
  scroller.scrollBy(0, row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3);
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
};
