// A mouse's wheel, turned fast, and how long each frame takes meanwhile.

/** Where both a chat's panel and a page that fills the window are. */
const POINTER = { x: 1_000, y: 400 };
const TURN_PX = 1_500;
/** Turns between two looks at where one is. */
const TURNS = 20;

/**
 * Turns until the element that `find` gives, in the page, is scrolled to its beginning (-1) or end (1); it is one that is
 * laid out from its end. Gives the milliseconds of every frame.
 */
export async function turnWheel(page, find, direction) {
  const scroller = await page.evaluateHandle(find);
  const frames = await page.evaluateHandle(() => {
    const frames = { times: [], last: performance.now() };
    const record = (now) => {
      frames.times.push(now - frames.last);
      frames.last = now;
      frames.request = requestAnimationFrame(record);
    };
    frames.request = requestAnimationFrame(record);
    return frames;
  });
  await page.mouse.move(POINTER.x, POINTER.y);
  const isThere = ({ scrollTop, scrollHeight, clientHeight }, direction) =>
    (direction < 0 ? scrollHeight - clientHeight + scrollTop : -scrollTop) < 1;
  do for (let turn = 0; turn < TURNS; turn += 1) await page.mouse.wheel(0, direction * TURN_PX);
  while (!(await scroller.evaluate(isThere, direction)));
  const times = await frames.evaluate(({ times, request }) => {
    cancelAnimationFrame(request);
    return times.slice(1);
  });
  // A page keeps what somebody holds, and what it keeps is measured.
  await Promise.all([scroller.dispose(), frames.dispose()]);
  return times;
}
