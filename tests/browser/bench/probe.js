// Runs in the page before the page's own scripts: has the launcher tapped as soon as it can be, then types into the
// composer in every frame until a character stays. The same for all contenders. It stands alone: it travels as text.
// `launcher` and `composer` are paths of selectors, each looked up in the shadow root of the one before.
export function probe({ launcher, composer, text }) {
  if (window !== window.top) return;
  let tapped;
  addEventListener("pointerdown", (event) => (tapped ??= event.timeStamp), { capture: true, passive: true });

  const within = (outer, selector) => (outer?.shadowRoot ?? outer)?.querySelector(selector);

  const find = (path) => path.reduce(within, document);

  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));

  const hit = (x, y) => {
    let found = document.elementFromPoint(x, y);
    for (let inner = found; inner; ) {
      found = inner;
      inner = found.shadowRoot?.elementFromPoint(x, y);
      if (inner === found) break;
    }
    return found;
  };

  /** The middle of what a finger would reach there, or nothing. */
  const reachable = (element) => {
    if (!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    if (width && height && element.contains(hit(x, y))) return [x, y];
  };

  const holdsText = (field) => (field.value ?? field.textContent).includes(text);

  /** Types as a keyboard does: where the focus is, with the events that come with it. */
  const take = (field) => {
    if (!reachable(field) || field.disabled || field.readOnly) return false;
    field.focus();
    if (field.getRootNode().activeElement !== field) return false;
    document.execCommand("insertText", false, text);
    return holdsText(field);
  };

  const run = async () => {
    let place;
    while (!(place = reachable(find(launcher)))) await frame();
    const launched = performance.now();
    window.tapAt(...place);
    for (;;) {
      await frame();
      const field = tapped && find(composer);
      if (!field || !take(field)) continue;
      const usable = await frame(); // what was typed has been painted by now
      if (reachable(field) && holdsText(field)) return window.finish({ launched, tapped, usable });
    }
  };

  run();
}
