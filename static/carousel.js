// A row of cards: scrolled by touch and wheel as any row, by arrows for a mouse, by arrow keys; dots say where one is.
import { add } from "./elements.js";
import { addTurns } from "./turns.js";

/** CSS pixels that a scrolled row may be short of its end. */
const NEAR = 2;

/** `carousel` holds the row, and gets the rest. */
export const carousel = (words, carousel) => {
  const row = carousel.firstElementChild;
  const cards = [...row.children];
  const last = cards.length - 1;
  /** Of a step to the next card: negative where one reads from the right. */
  const step = () => cards[1].offsetLeft - cards[0].offsetLeft;
  /** Steps to where the row ends: fewer than cards where several are in view. */
  const steps = () => Math.ceil((row.scrollWidth - row.clientWidth - NEAR) / Math.abs(step()));
  const place = () => {
    const isEnd = Math.abs(row.scrollLeft) + row.clientWidth > row.scrollWidth - NEAR;
    return isEnd ? steps() : Math.round(row.scrollLeft / step());
  };
  let goal; // while the row is on its way
  const go = (to) => {
    goal = Math.min(steps(), Math.max(0, to));
    row.scrollTo({ left: goal * step() });
  };
  // Who turns fast does not wait for the row.
  const turn = (by) => go((goal ?? place()) + by);
  const forget = () => (goal = undefined);
  // The end of an earlier journey may be told when the next one has begun.
  row.onscrollend = () => place() == goal && forget();
  for (const event of ["wheel", "pointerdown", "focusin"]) row.addEventListener(event, forget, { passive: true });

  const [back, forth] = addTurns(carousel, words, turn);
  const dots = add(carousel, "div", "places", { ariaHidden: true });
  for (const [index, card] of cards.entries()) {
    add(dots, "i");
    card.role = "group";
    card.ariaLabel = words.say("place", index + 1).replace("{}", cards.length);
  }

  const draw = () => {
    const at = place();
    const end = steps();
    carousel.classList.toggle("whole", row.scrollWidth - row.clientWidth < NEAR);
    // A button that is disabled loses the focus.
    back.ariaDisabled = at == 0;
    forth.ariaDisabled = at == end;
    const on = at == end ? last : at;
    [...dots.children].forEach((dot, index) => (dot.className = index == on ? "on" : ""));
  };

  row.onscroll = draw;
  carousel.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    turn(step() < 0 ? -by : by);
  };
  new ResizeObserver(draw).observe(row);
};
